"""The face of these tests is scikit-image's astronaut (public domain); no photograph is stored."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from ml.faces import Detector, HaarDetector, YuNetDetector

# Where the face is in the 512x512 picture: x, y, width, height, drawn by hand.
ASTRONAUT_FACE = (172, 68, 104, 132)


def yunet_path() -> Path:
    path = os.environ.get("MOODMUSIC_FACE_DETECTOR_MODEL", "")
    if not path or not Path(path).is_file():
        pytest.skip("MOODMUSIC_FACE_DETECTOR_MODEL names no YuNet model file")
    return Path(path)


def photo_folder() -> Path:
    folder = Path(os.environ.get("MOODMUSIC_DATA", "")) / "faces" / "photos"
    if not os.environ.get("MOODMUSIC_DATA") or not folder.is_dir():
        pytest.skip("MOODMUSIC_DATA names no folder with faces/photos")
    return folder


@pytest.fixture(scope="session")
def haar() -> HaarDetector:
    return HaarDetector()


@pytest.fixture(scope="session")
def yunet() -> YuNetDetector:
    return YuNetDetector(yunet_path())


@pytest.fixture(scope="session", params=["haar", "yunet"])
def using(request: pytest.FixtureRequest) -> Detector:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    return np.ascontiguousarray(skimage.data.astronaut())


@pytest.fixture(scope="session")
def portrait(astronaut: np.ndarray) -> np.ndarray:
    """Head and shoulders, 640x480, the face in the middle and about 200 px high."""
    return cv2.resize(astronaut[0:300, 24:424], (640, 480), interpolation=cv2.INTER_CUBIC)


def iou(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> float:
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(wide, 0) * max(high, 0)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def turned(image: np.ndarray, degrees: float) -> tuple[np.ndarray, np.ndarray]:
    """The image turned about its middle, counter-clockwise, and the (2, 3) map that did it."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), degrees, 1.0)
    return cv2.warpAffine(image, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), turn
