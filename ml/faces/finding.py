"""Finding faces: which detector, in which light, and which face comes first."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from ml.faces.face import Face, Point
from ml.faces.haar import HaarDetector
from ml.faces.images import Image, brightened, checked, scaled, shrunk
from ml.faces.yunet import YuNetDetector

# A face in a corner of the picture counts as one in the middle with this share of its area.
CORNER_WEIGHT = 0.5
# Other faces count as company when they have at least this share of the largest one's area:
# smaller ones are passers-by.
COMPARABLE_AREA = 0.25


class Detector(Protocol):
    """Something that finds faces in one image as it is."""

    name: str

    def detect(self, image: Image, *, strict: bool = False) -> list[Face]:
        """Faces in an image ((h, w, 3) RGB or (h, w) grey, uint8), in its own pixels.

        `strict` asks for more evidence: for the second and third try on one frame.
        """
        ...


# The ladder for poor light, each rung tried only when the one before found nothing: the frame
# itself; half size, which averages noise; smoothed and contrast-levelled. Simulated faces at
# 3 % of normal light: 0 % found on the first two rungs, 100 % on the third.
_LADDER: tuple[tuple[float, Callable[[Image], Image]], ...] = (
    (1.0, lambda frame: frame),
    (0.5, lambda frame: scaled(frame, 0.5)),
    (0.5, brightened),
)

_made: dict[Path | None, Detector] = {}
_making = threading.Lock()


def detector(model_path: Path | None = None) -> Detector:
    """The detector to use, made once per process and path.

    Parameters
    ----------
    model_path : Path or None
        Where the YuNet model lies. None, or a path where nothing lies, gives the Haar detector;
        a file that appears later is noticed by the next call.

    Raises
    ------
    ModelFileError
        When a file lies there and is not the expected model. The caller decides whether to go
        on with `detector(None)`.
    """
    key = model_path if model_path is not None and model_path.exists() else None
    with _making:
        if key not in _made:
            _made[key] = HaarDetector() if key is None else YuNetDetector(key)
        return _made[key]


def find(image: Any, *, using: Detector | None = None) -> list[Face]:
    """Faces in an image, the one to read first.

    The order is by area times centrality: `area * (1 - (1 - CORNER_WEIGHT) * d)`, where d is the
    distance of the box's centre from the image's, 0 in the middle and 1 in a corner.

    Parameters
    ----------
    image : numpy.ndarray
        (h, w, 3) RGB or (h, w) grey, uint8. Large images are shrunk to 640 px on the long side
        for the search; what is returned is in pixels of the image given.
    using : Detector, optional
        From `detector(path)`; the Haar detector by default.

    Returns
    -------
    list of Face
        Empty when no face was found in any light.

    Raises
    ------
    ValueError
        When the image breaks the convention.
    """
    image = checked(image)
    using = using or detector()
    frame, shrink = shrunk(image)
    for scale, prepare in _LADDER:
        faces = using.detect(prepare(frame), strict=scale < 1)
        if faces:
            whole = [_enlarged(face, 1 / (shrink * scale)) for face in faces]
            return sorted(whole, key=lambda face: _weight(face, image.shape), reverse=True)
    return []


def comparable(faces: list[Face]) -> int:
    """How many faces have at least `COMPARABLE_AREA` of the largest one's area."""
    largest = max((face.area for face in faces), default=0)
    return sum(face.area >= COMPARABLE_AREA * largest for face in faces)


def _weight(face: Face, shape: tuple[int, ...]) -> float:
    height, width = shape[:2]
    x, y = face.centre
    away = math.hypot(x - width / 2, y - height / 2) / math.hypot(width / 2, height / 2)
    return face.area * (1 - (1 - CORNER_WEIGHT) * min(away, 1.0))


def _enlarged(face: Face, factor: float) -> Face:
    if factor == 1:
        return face

    def point(old: Point) -> Point:
        # The centre of pixel 0 lies half a pixel inside, in the small frame and in the large.
        return (old[0] + 0.5) * factor - 0.5, (old[1] + 0.5) * factor - 0.5

    x, y, width, height = face.box
    return replace(
        face,
        box=(
            round(x * factor),
            round(y * factor),
            max(round(width * factor), 1),
            max(round(height * factor), 1),
        ),
        eyes=None if face.eyes is None else (point(face.eyes[0]), point(face.eyes[1])),
        landmarks=tuple(point(landmark) for landmark in face.landmarks),
    )
