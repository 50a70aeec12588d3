"""OpenCV's Haar cascades: the detector that needs no model file of ours.

P. Viola, M. Jones, "Rapid Object Detection using a Boosted Cascade of Simple Features", CVPR
2001; cascades by R. Lienhart, inside OpenCV 4's wheel. Weaker than YuNet on turned, tilted and
small faces, so several looks follow one another until one finds something. What `alt2` finds is
shown in close-up to three cascades; each finds its own things in coins, cells and print, and all
three together find them seldom.

Measured on 208 photographs: 93 % found, against YuNet's 99 %. Of pictures without people none of
the 121 it was tuned on gives a face, but 2 to 3 of a hundred fresh ones do; YuNet finds none.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ml.faces.face import Face, Point
from ml.faces.images import Image, scaled, to_grey

_FACE_CASCADE = "haarcascade_frontalface_alt2.xml"
# For the close-up, with what one find of each counts: `default` is readier by half than the others.
_JUDGES = (
    (_FACE_CASCADE, 1),
    ("haarcascade_frontalface_alt.xml", 1),
    ("haarcascade_frontalface_default.xml", 2),
)
_EYE_CASCADES = ("haarcascade_eye.xml", "haarcascade_eye_tree_eyeglasses.xml")

# A face that fills the picture is only found with room around it.
_MARGIN = 0.25  # of the long side, added on each side
_SCALE_STEP = 1.1
_NEIGHBOURS = 2
_EYE_NEIGHBOURS = 3
_CLOSE_PX = 128  # side of a candidate in its close-up
_CLOSE_MARGIN = 0.35  # of that side, around it
_CLOSE_STEP = 1.05  # finer than in the search: the count of finds is what tells
_EYE_STRIP_PX = 160  # width to which a face is scaled before its eyes are sought
_EYE_STRIP_SHARE = 0.65  # upper part of the box that can hold eyes


@dataclass(frozen=True)
class _Look:
    """One way of searching, and what a find must show besides to be believed."""

    side_px: int  # long side of the picture searched
    smallest_px: int  # smallest face in it
    black_margin: bool = False  # else the border pixels are repeated
    turned_deg: float = 0.0
    votes: int = 2  # finds that make a candidate
    agreement: int = 10  # least finds of any judge in the close-up
    both_eye_cascades: bool = False
    eye_pair: bool = False  # a right and a left one where a face has them


# Order: cheap and common first. Each later look asks for more, or it would find faces in print.
# With less than 10, 6 to 8 of 321 pictures without people give a face, and no more photographs do.
_LOOKS = (
    _Look(side_px=256, smallest_px=40, votes=3, agreement=2),
    _Look(side_px=256, smallest_px=40, black_margin=True, both_eye_cascades=True),
    _Look(side_px=256, smallest_px=40, turned_deg=15),
    _Look(side_px=256, smallest_px=40, turned_deg=-15),
    _Look(256, 40, black_margin=True, turned_deg=15, agreement=8, both_eye_cascades=True),
    _Look(256, 40, black_margin=True, turned_deg=-15, agreement=8, both_eye_cascades=True),
    _Look(side_px=256, smallest_px=40, turned_deg=30, both_eye_cascades=True),
    _Look(side_px=256, smallest_px=40, turned_deg=-30, both_eye_cascades=True),
)
_SMALL_FACES = _Look(side_px=448, smallest_px=28)
_SMALL_FACES_FROM_PX = 400  # in a smaller picture the other looks are fine enough


class HaarDetector:
    """Finds upright and slightly tilted frontal faces with Haar cascades.

    Raises
    ------
    RuntimeError
        When the installed OpenCV carries no cascades (5.0 dropped them).

    Notes
    -----
    Safe to share between threads: one detection runs at a time.
    """

    name = "haar"

    def __init__(self) -> None:
        import cv2

        if not hasattr(cv2, "CascadeClassifier"):
            raise RuntimeError(
                f"OpenCV {cv2.__version__} has no Haar cascades; install "
                "opencv-python-headless 4.14, or fetch the YuNet model "
                "(python -m ml.faces fetch PATH)"
            )
        folder = Path(cv2.__file__).parent / "data"
        self._judges = [(_cascade(folder / name), each) for name, each in _JUDGES]
        self._faces = self._judges[0][0]
        self._eyes = [_cascade(folder / name) for name in _EYE_CASCADES]
        self._lock = threading.Lock()

    def detect(self, image: Image, *, strict: bool = False) -> list[Face]:
        """Faces in an image, in no particular order, in its pixels.

        `strict` asks for a pair of eyes in every face.
        """
        grey = to_grey(image)
        looks: tuple[_Look, ...] = _LOOKS
        if strict:
            looks = tuple(replace(look, eye_pair=True) for look in looks)
        elif max(grey.shape) >= _SMALL_FACES_FROM_PX:
            looks = (*looks, _SMALL_FACES)
        with self._lock:
            for look in looks:
                faces = self._look(grey, look)
                if faces:
                    return faces
        return []

    def _look(self, grey: Image, look: _Look) -> list[Face]:
        picture, back = _prepared(grey, look)
        smallest = (look.smallest_px, look.smallest_px)
        boxes, votes = self._faces.detectMultiScale2(picture, _SCALE_STEP, _NEIGHBOURS, 0, smallest)
        faces = []
        for (x, y, width, height), count in zip(boxes, votes, strict=True):
            box = int(x), int(y), int(width), int(height)
            if count < look.votes or not self._agree(picture, box, look.agreement):
                continue
            found = self._eyes_in(picture, box)
            if look.both_eye_cascades and not all(found):
                continue
            pair = _eye_pair([eye for one_cascade in found for eye in one_cascade])
            if pair is not None or not look.eye_pair:
                faces.append(_face(box, int(count), pair, back))
        return faces

    def _agree(self, picture: Image, box: tuple[int, int, int, int], least: int) -> bool:
        """Whether every judge finds a face in the middle of the candidate's close-up."""
        import cv2

        x, y, width, _ = box
        scale, side = _CLOSE_PX / width, round(_CLOSE_PX * (1 + 2 * _CLOSE_MARGIN))
        left, top = x - _CLOSE_MARGIN * width, y - _CLOSE_MARGIN * width
        view = cv2.warpAffine(
            picture,
            np.array([[scale, 0, -left * scale], [0, scale, -top * scale]]),
            (side, side),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        smallest = round(_CLOSE_PX * 0.55)
        for judge, each in self._judges:
            boxes, votes = judge.detectMultiScale2(view, _CLOSE_STEP, 1, 0, (smallest, smallest))
            finds = [
                int(count)
                for (a, b, wide, _), count in zip(boxes, votes, strict=True)
                if max(abs(a + wide / 2 - side / 2), abs(b + wide / 2 - side / 2)) < _CLOSE_PX / 4
                and wide < _CLOSE_PX * 1.55
            ]
            if max(finds, default=0) * each < least:
                return False
        return True

    def _eyes_in(self, picture: Image, box: tuple[int, int, int, int]) -> list[list[Any]]:
        """What each eye cascade found, as `_strip_eye`."""
        x, y, width, height = box
        scale = _EYE_STRIP_PX / width
        strip = scaled(picture[y : y + int(height * _EYE_STRIP_SHARE), x : x + width], scale)
        found = []
        for cascade in self._eyes:
            eyes = cascade.detectMultiScale(strip, _SCALE_STEP, _EYE_NEIGHBOURS, 0, (20, 20))
            found.append([_strip_eye(eye, box) for eye in eyes])
        return found


def _cascade(path: Path) -> Any:
    import cv2

    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise RuntimeError(f"OpenCV's cascade {path.name} cannot be read; reinstall OpenCV 4.14")
    return cascade


def _prepared(grey: Image, look: _Look) -> tuple[Image, np.ndarray]:
    """The picture to search, and the (2, 3) map from its pixels back to those of `grey`."""
    import cv2

    scale = look.side_px / max(grey.shape)
    picture = scaled(grey, scale)
    margin = round(max(picture.shape) * _MARGIN)
    kind = cv2.BORDER_CONSTANT if look.black_margin else cv2.BORDER_REPLICATE
    picture = cv2.copyMakeBorder(picture, margin, margin, margin, margin, kind)
    back = np.array([[1 / scale, 0, -margin / scale], [0, 1 / scale, -margin / scale]])
    if look.turned_deg:
        height, width = picture.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), look.turned_deg, 1.0)
        picture = cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
        undo = np.vstack([cv2.invertAffineTransform(turn), [0, 0, 1]])
        back = back @ undo
    return picture, back


def _strip_eye(eye: Any, box: tuple[int, int, int, int]) -> tuple[float, float, float, Point]:
    """(x, y, width) in face widths from the box's corner, and the centre in the picture."""
    x, y, width, height = (float(value) / _EYE_STRIP_PX for value in eye)
    middle = x + width / 2, y + height / 2
    centre = box[0] + middle[0] * box[2], box[1] + middle[1] * box[2]
    return middle[0], middle[1], width, centre


def _eye_pair(eyes: list[tuple[float, float, float, Point]]) -> tuple[Point, Point] | None:
    """The two finds most like a pair of eyes, by the usual places in a Haar box."""
    best, best_cost = None, math.inf
    for right in (eye for eye in eyes if eye[0] < 0.5):
        for left in (eye for eye in eyes if eye[0] >= 0.5):
            apart, drop = left[0] - right[0], abs(left[1] - right[1])
            if not 0.25 < apart < 0.62 or drop > 0.45 * apart:
                continue
            height = (left[1] + right[1]) / 2
            cost = abs(apart - 0.38) + 2 * drop + abs(height - 0.39) + abs(left[2] - right[2])
            if cost < best_cost:
                best, best_cost = (right[3], left[3]), cost
    return best


def _face(
    box: tuple[int, int, int, int], count: int, pair: tuple[Point, Point] | None, back: np.ndarray
) -> Face:
    x, y, width, height = box
    centre = back @ (x + width / 2, y + height / 2, 1)
    side = max(round(width * math.hypot(back[0, 0], back[0, 1])), 1)
    eyes: tuple[Point, Point] | None = None
    if pair is not None:
        right, left = (back @ (*point, 1) for point in pair)
        eyes = (float(right[0]), float(right[1])), (float(left[0]), float(left[1]))
    return Face(
        box=(round(centre[0] - side / 2), round(centre[1] - side / 2), side, side),
        confidence=count / (count + 5),
        eyes=eyes,
        landmarks=(),
        detector="haar",
    )
