"""What a found face is: the value that detectors give and alignment and quality take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
DetectorName = Literal["yunet", "haar"]


@dataclass(frozen=True)
class Face:
    """One face in an image.

    All coordinates are pixels of the image handed to `find`: x to the right, y down, (0, 0) the
    centre of the top left pixel. "Right" and "left" are the person's own: in an unmirrored
    picture the right eye has the smaller x.

    Attributes
    ----------
    box : tuple of int
        (x, y, width, height). A face cut by the border keeps its whole box, so x and y may be
        negative and the box may reach past the image; use `clipped` before slicing.
    confidence : float
        0..1. YuNet's own score; for Haar a squashed count of agreeing windows, which orders
        faces of one image but is no probability.
    eyes : tuple of Point or None
        Centres of the right and the left eye, None where the detector saw none.
    landmarks : tuple of Point
        YuNet: right eye, left eye, nose tip, right mouth corner, left mouth corner.
        Haar: empty.
    detector : {"yunet", "haar"}
        Who found it.
    """

    box: tuple[int, int, int, int]
    confidence: float
    eyes: tuple[Point, Point] | None
    landmarks: tuple[Point, ...]
    detector: DetectorName

    @property
    def area(self) -> int:
        """Area of the whole box in square pixels."""
        return self.box[2] * self.box[3]

    @property
    def centre(self) -> Point:
        """Centre of the whole box."""
        x, y, width, height = self.box
        return x + width / 2, y + height / 2

    def clipped(self, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
        """The part of the box inside an image of this shape (h, w, ...), width and height >= 0."""
        x, y, width, height = self.box
        left, top = min(max(x, 0), shape[1]), min(max(y, 0), shape[0])
        right, bottom = min(max(x + width, 0), shape[1]), min(max(y + height, 0), shape[0])
        return left, top, right - left, bottom - top
