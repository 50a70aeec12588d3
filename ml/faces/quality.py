"""Whether a face is shown well enough to be read, and if not, why."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ml.faces.alignment import align, framing
from ml.faces.covering import Covering, covered, covering_of
from ml.faces.face import Face
from ml.faces.images import checked

QualityReason = Literal["too_small", "too_dark", "blurred", "covered"]

# Chosen on 208 photographs (press pictures and film stills): see the distribution beside each.
MIN_FACE_SIDE_PX = 40.0  # side of the square that is cropped; 1.5 % of the photographs have less
MIN_BRIGHTNESS = 20.0  # mean grey level 0..255; the darkest photograph has 34
# Variance of the Laplacian of the 48x48 crop over the crop's own variance: no unit, and neither
# light nor contrast changes it. 0.5 % of the photographs have less, their median is .38; a face of
# 200 px blurred with sigma 8 has .02 to .05.
MIN_SHARPNESS = 0.06
# What a frame has that counts fully in a burst: two image pixels for each of the crop; a third of
# the way to mid-grey; the photographs' median sharpness.
GOOD_SIDE_PX = 96.0
GOOD_BRIGHTNESS = 45.0
GOOD_SHARPNESS = 0.38
# What a frame that can be read at all counts at least, so that none silences the others.
LEAST_WEIGHT = 0.1


@dataclass(frozen=True)
class Quality:
    """What was measured on a face.

    Attributes
    ----------
    side : float
        Side of the cropped square in image pixels.
    brightness : float
        Mean grey level of the crop, 0..255.
    contrast : float
        Standard deviation of the crop's grey levels, 0..127.5.
    sharpness : float
        Variance of the Laplacian over the variance of the crop, >= 0.
    covering : Covering
        How probably the eyes and the mouth are covered.
    reason : str or None
        Why the face cannot be read: "too_small", "too_dark", "blurred" or "covered"; None when
        it can.
    """

    side: float
    brightness: float
    contrast: float
    sharpness: float
    covering: Covering
    reason: QualityReason | None

    @property
    def weight(self) -> float:
        """What this frame counts among others of the same face, LEAST_WEIGHT to 1: the product of
        size, light and sharpness, each a share of what is good enough.
        """
        return max(
            LEAST_WEIGHT,
            min(self.side / GOOD_SIDE_PX, 1.0)
            * min(self.brightness / GOOD_BRIGHTNESS, 1.0)
            * min(self.sharpness / GOOD_SHARPNESS, 1.0),
        )


def judge(image: Any, face: Face, *, frames: int = 1) -> Quality:
    """Measure a face and say what, if anything, forbids reading it.

    Everything but the side is measured on the aligned 48x48 crop, which is what will be read;
    so the numbers do not depend on how large the photograph is.

    Parameters
    ----------
    image : numpy.ndarray
        (h, w, 3) RGB or (h, w) grey, uint8: the image the face was found in.
    face : Face
        From `find`.
    frames : int
        How many frames the image is the mean of. Their noise is less by its square root, and so
        is the light that is needed.

    Raises
    ------
    ValueError
        When the image breaks the convention.
    """
    import cv2

    aligned = align(checked(image), face)
    covering = covering_of(aligned)
    crop = aligned.astype(np.float32)
    side = framing(face)[1]
    brightness, contrast = float(crop.mean()), float(crop.std())
    edges = float(cv2.Laplacian(crop, cv2.CV_32F).var())
    sharpness = edges / max(contrast**2, 1.0)
    reason: QualityReason | None = None
    if side < MIN_FACE_SIDE_PX:
        reason = "too_small"
    elif brightness < MIN_BRIGHTNESS / math.sqrt(frames):
        reason = "too_dark"
    elif sharpness < MIN_SHARPNESS:
        reason = "blurred"
    elif covered(covering):
        reason = "covered"
    return Quality(side, brightness, contrast, sharpness, covering, reason)
