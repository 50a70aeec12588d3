"""Alignment: from a face in a photograph to the 48x48 grey picture the emotion network knows.

The network learned on FER2013, whose pictures are crops by OpenCV's Haar face box. YuNet run
over 6,000 enlarged FER2013 training pictures (96 % found) puts the median eyes at pixel (14.5,
18.0) and (32.5, 18.0) of 48, 18.1 px apart, and the eyes' middle 18.1 px above the mouth's. Run
over photographs, the Haar box itself (alt2) shows the same: eyes .375 of its width apart, .388
down. So the numbers below serve for both detectors, and a box without eyes is framed as it is.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ml.faces.face import Face, Point
from ml.faces.images import Image, checked, to_grey

CROP_PX = 48

# FER2013 framing, as shares of the crop's side from its top left corner.
EYE_DISTANCE = 0.377
EYES_MIDDLE_X = 0.5
EYES_MIDDLE_Y = 0.386
# Turning the head brings the eyes closer together in the picture, not nearer: an eye distance
# below this share of the eyes-to-mouth distance is taken as a turned head, and the crop is
# scaled by the latter. This cuts the spread of the scale over FER2013 from .22 to .16 (sd, log).
TURNED_BELOW = 0.85

# The same in pixels of the crop, counted from the centre of its first pixel.
RIGHT_EYE_IN_CROP = (
    (EYES_MIDDLE_X - EYE_DISTANCE / 2) * CROP_PX - 0.5,
    EYES_MIDDLE_Y * CROP_PX - 0.5,
)
LEFT_EYE_IN_CROP = (
    (EYES_MIDDLE_X + EYE_DISTANCE / 2) * CROP_PX - 0.5,
    EYES_MIDDLE_Y * CROP_PX - 0.5,
)


def framing(face: Face) -> tuple[Point, float, float]:
    """The square of the image that becomes the crop.

    Returns
    -------
    centre : tuple of float
        Its centre, in image pixels.
    side : float
        Its side in image pixels, > 0.
    roll : float
        How far the eye line is turned, in radians, clockwise positive.
    """
    if face.eyes is None:
        x, y = face.centre
        return (x - 0.5, y - 0.5), float(max(face.box[2:])), 0.0
    (right_x, right_y), (left_x, left_y) = face.eyes
    roll = math.atan2(left_y - right_y, left_x - right_x)
    middle_x, middle_y = (right_x + left_x) / 2, (right_y + left_y) / 2
    apart = math.hypot(left_x - right_x, left_y - right_y)
    if len(face.landmarks) == 5:
        mouth_x = (face.landmarks[3][0] + face.landmarks[4][0]) / 2
        mouth_y = (face.landmarks[3][1] + face.landmarks[4][1]) / 2
        apart = max(apart, TURNED_BELOW * math.hypot(mouth_x - middle_x, mouth_y - middle_y))
    side = max(apart / EYE_DISTANCE, 1.0)
    # From the eyes' middle to the square's centre, along the turned axes.
    right, down = (0.5 - EYES_MIDDLE_X) * side, (0.5 - EYES_MIDDLE_Y) * side
    cos, sin = math.cos(roll), math.sin(roll)
    return (middle_x + cos * right - sin * down, middle_y + sin * right + cos * down), side, roll


def crop_map(face: Face, size_px: int = CROP_PX) -> np.ndarray:
    """(2, 3) affine map from image pixels to pixels of a crop of `size_px`."""
    (x, y), side, roll = framing(face)
    scale = size_px / side
    cos, sin = math.cos(roll) * scale, math.sin(roll) * scale
    middle = size_px / 2 - 0.5
    return np.array(
        [[cos, sin, middle - cos * x - sin * y], [-sin, cos, middle + sin * x - cos * y]]
    )


def shares_of(face: Face) -> np.ndarray:
    """(2, 3) affine map from shares of the crop, 0..1 from its top left corner, to image pixels."""
    back = np.linalg.inv(np.vstack([crop_map(face, 1), [0, 0, 1]]))
    back[:, 2] -= back[:, :2].sum(axis=1) / 2  # pixels count from the centre of the first
    return np.asarray(back[:2])


def align(image: Any, face: Face) -> Image:
    """The face as the emotion network wants it.

    Parameters
    ----------
    image : numpy.ndarray
        (h, w, 3) RGB or (h, w) grey, uint8: the image the face was found in.
    face : Face
        From `find`.

    Returns
    -------
    numpy.ndarray
        (48, 48) uint8 grey, eyes level and where FER2013 has them; border pixels are repeated
        where the crop reaches past the image. No contrast is changed.

    Raises
    ------
    ValueError
        When the image breaks the convention.
    """
    import cv2

    image = checked(image)
    # The turned face is taken at its own size, then shrunk by averaging: sampling 48 points of
    # a large face directly would alias.
    times = max(math.ceil(framing(face)[1] / CROP_PX), 1)
    size = CROP_PX * times
    turned = cv2.warpAffine(
        image,
        crop_map(face, size),
        (size, size),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    grey = to_grey(turned)
    if times == 1:
        return grey
    return cv2.resize(grey, (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA)
