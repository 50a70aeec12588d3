"""YuNet: a 230 kB network that finds faces and five points in each (through OpenCV).

W. Wu, H. Peng, S. Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence
Research 20, 2023. The model file is opencv_zoo's face_detection_yunet_2023mar.onnx (MIT).
"""

from __future__ import annotations

import hashlib
import math
import threading
from pathlib import Path

import numpy as np

from ml.faces.face import Face, Point
from ml.faces.images import Image, scaled, to_bgr

YUNET_SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
YUNET_BYTES = 232_589

# Every face is looked at again in a picture of itself at one fixed size, for two reasons. The
# points it gives are steadier: at first sight the same face's eye distance varies by 10 % with
# its size. And a score between MAYBE and SURE must be confirmed by at least MAYBE: star fields,
# gravel and print score up to .82 at first sight and up to .58 at the second, true faces keep
# .6 and more. A score of SURE stands alone.
SURE = 0.85
MAYBE = 0.6
SECOND_LOOK_PX = 256
SECOND_LOOK_MARGIN = 0.3  # of the face's side, on each side
# The network reads a tilted eye line as less tilted than it is (25 degrees as 1 to 15), so a
# face is looked at again, turned back by what was read, until the rest is small.
_MOST_LEVELLINGS = 4
_LEVEL_RAD = math.radians(1.5)
# Long side of the frame looked at first: half of 640 costs a third of the time and finds no fewer
# faces, because the second look then measures their points on the frame's own pixels.
_FIRST_SIDE_PX = 320
_WORTH_SHRINKING = 0.75  # a first look at no less than this share of the frame would save little
_MOST_SECOND_LOOKS = 8  # largest first, so that a crowd costs no more than 50 ms

_OVERLAP = 0.3  # boxes sharing more than this (IoU) are one face
# With a side of 32 px or less, one step of the network's coarsest grid, OpenCV 4.14 sometimes
# answers from memory it never wrote: boxes of any size with a score of 1.
_SMALLEST_INPUT_PX = 64


class ModelFileError(Exception):
    """The model file is there and cannot be used.

    Attributes
    ----------
    path : Path
        The file.
    cause : str
        What is wrong with it.
    cure : str
        What to do about it.
    """

    def __init__(self, path: Path, cause: str, cure: str) -> None:
        super().__init__(f"{path}: {cause}. {cure}.")
        self.path = path
        self.cause = cause
        self.cure = cure


def verified(model_path: Path) -> bytes:
    """Content of the model file, if it is the one this code was measured with.

    Raises
    ------
    ModelFileError
        When it cannot be read, is a Git LFS pointer, is cut short, or has another hash.
    """
    cure = "Delete it and fetch it again (python -m ml.faces fetch PATH)"
    try:
        if model_path.stat().st_size > 8 * YUNET_BYTES:
            raise ModelFileError(model_path, "is far too large for this model", cure)
        content = model_path.read_bytes()
    except OSError as error:
        cause = f"cannot be read ({error.strerror or type(error).__name__})"
        raise ModelFileError(model_path, cause, "Check the path and its permissions") from error
    if content.startswith(b"version https://git-lfs"):
        raise ModelFileError(model_path, "is a Git LFS pointer, not the model itself", cure)
    if hashlib.sha256(content).hexdigest() != YUNET_SHA256:
        cause = f"is not the expected model ({len(content)} bytes, expected {YUNET_BYTES})"
        if len(content) == YUNET_BYTES:
            cause = "is not the expected model (its sha256 differs)"
        raise ModelFileError(model_path, cause, cure)
    return content


class YuNetDetector:
    """Finds faces with YuNet.

    Parameters
    ----------
    model_path : Path
        face_detection_yunet_2023mar.onnx; its hash is checked.

    Raises
    ------
    ModelFileError
        When the file cannot be used.

    Notes
    -----
    Safe to share between threads: one detection runs at a time.
    """

    name = "yunet"

    def __init__(self, model_path: Path) -> None:
        import cv2

        content = np.frombuffer(verified(model_path), dtype=np.uint8)
        no_config = np.empty(0, dtype=np.uint8)
        try:
            # From memory: what was hashed is what is loaded.
            self._network = cv2.FaceDetectorYN.create(
                "onnx", content, no_config, (320, 320), MAYBE, _OVERLAP
            )
        except (cv2.error, AttributeError) as error:
            cause = f"cannot be loaded by OpenCV {cv2.__version__}"
            raise ModelFileError(model_path, cause, "Install OpenCV 4.8 or newer") from error
        self._lock = threading.Lock()

    def detect(self, image: Image, *, strict: bool = False) -> list[Face]:
        """Faces in an image, in no particular order, in its pixels.

        `strict` trusts no score at first sight.
        """
        faces = []
        rows = sorted(self._candidates(image), key=lambda row: float(row[2] * row[3]), reverse=True)
        for number, row in enumerate(rows):
            sure = row[14] >= SURE and not strict
            if sure and number >= _MOST_SECOND_LOOKS:
                faces.append(_face(row, row[4:14]))
                continue
            points = self._second_look(image, row)
            if points is not None:
                faces.append(_face(row, points))
            elif sure:
                faces.append(_face(row, row[4:14]))
        return faces

    def _candidates(self, image: Image) -> np.ndarray:
        """`_rows`, from a smaller frame where that shows a sure face."""
        scale = _FIRST_SIDE_PX / max(image.shape[:2])
        if scale <= _WORTH_SHRINKING:
            rows = self._rows(scaled(image, scale))
            if len(rows) and rows[:, 14].max() >= SURE:
                # The centre of pixel 0 lies half a pixel inside, in the small frame and the large.
                rows[:, 4:14] = (rows[:, 4:14] + 0.5) / scale - 0.5
                rows[:, :4] /= scale
                return rows
        return self._rows(image)

    def _rows(self, image: Image) -> np.ndarray:
        """(n, 15): box x, y, w, h; five points x, y; score."""
        import cv2

        height, width = image.shape[:2]
        bgr = to_bgr(image)
        right, below = max(_SMALLEST_INPUT_PX - width, 0), max(_SMALLEST_INPUT_PX - height, 0)
        if right or below:
            bgr = cv2.copyMakeBorder(bgr, 0, below, 0, right, cv2.BORDER_REPLICATE)
        with self._lock:
            self._network.setInputSize((bgr.shape[1], bgr.shape[0]))
            _, rows = self._network.detect(bgr)
        if rows is None:
            return np.empty((0, 15), np.float32)
        plausible = np.isfinite(rows).all(axis=1) & (rows[:, 2:4] >= 1).all(axis=1)
        believed: np.ndarray = rows[plausible]
        return believed

    def _second_look(self, image: Image, row: np.ndarray) -> np.ndarray | None:
        """The five points (10 numbers) as enlarged, levelled pictures of this candidate show them.

        None when the first of them shows no face in its place.
        """
        points, roll = None, _roll(row[4:14].reshape(5, 2))
        for _ in range(_MOST_LEVELLINGS):
            to_view = _view_map(row, roll)
            seen = self._points_in_view(image, row, to_view)
            if seen is None:
                break
            undo = np.linalg.inv(np.vstack([to_view, [0, 0, 1]]))
            points = (np.hstack([seen, np.ones((5, 1))]) @ undo.T)[:, :2]
            rest = _roll(seen)
            if abs(rest) < _LEVEL_RAD:
                break
            roll += rest
        return None if points is None else points.ravel()

    def _points_in_view(
        self, image: Image, row: np.ndarray, to_view: np.ndarray
    ) -> np.ndarray | None:
        """(5, 2) points of the face in the middle of the view, in its pixels."""
        import cv2

        view = cv2.warpAffine(
            image,
            to_view,
            (SECOND_LOOK_PX, SECOND_LOOK_PX),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        expected = SECOND_LOOK_PX / (1 + 2 * SECOND_LOOK_MARGIN)
        best: np.ndarray | None = None
        for again in self._rows(view):
            off_x = abs(again[0] + again[2] / 2 - SECOND_LOOK_PX / 2)
            off_y = abs(again[1] + again[3] / 2 - SECOND_LOOK_PX / 2)
            same_size = 0.5 < max(again[2], again[3]) / expected < 2
            in_place = same_size and max(off_x, off_y) < expected / 4
            if in_place and (best is None or again[14] > best[14]):
                best = again
        return None if best is None else best[4:14].reshape(5, 2)


def _view_map(row: np.ndarray, roll: float) -> np.ndarray:
    """(2, 3) map that puts a candidate's box in the middle of the view, turned back by `roll`."""
    x, y, width, height = (float(value) for value in row[:4])
    scale = SECOND_LOOK_PX / (max(width, height, 1.0) * (1 + 2 * SECOND_LOOK_MARGIN))
    cos, sin = math.cos(roll) * scale, math.sin(roll) * scale
    turn = np.array([[cos, sin], [-sin, cos]])
    shift = SECOND_LOOK_PX / 2 - turn @ (x + width / 2, y + height / 2)
    return np.column_stack([turn, shift])


def _roll(points: np.ndarray) -> float:
    """How far the eye line is turned, in radians, clockwise positive."""
    right, left = points[0], points[1]
    return math.atan2(float(left[1] - right[1]), float(left[0] - right[0]))


def _face(row: np.ndarray, coordinates: np.ndarray) -> Face:
    x, y, width, height = (round(float(value)) for value in row[:4])
    points: tuple[Point, ...] = tuple((float(a), float(b)) for a, b in coordinates.reshape(5, 2))
    return Face(
        box=(x, y, max(width, 1), max(height, 1)),
        confidence=float(min(max(row[14], 0.0), 1.0)),
        eyes=(points[0], points[1]),
        landmarks=points,
        detector="yunet",
    )
