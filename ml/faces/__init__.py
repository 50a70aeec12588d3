"""Faces: found in an image, judged, and aligned for the emotion network.

    from ml.faces import align, detector, find, locate

An image is a uint8 array, (h, w, 3) in RGB order or (h, w) grey. Importing this package does not
load OpenCV; the first call that needs it does.
"""

from ml.faces.alignment import CROP_PX, align
from ml.faces.covering import Covering
from ml.faces.face import Face
from ml.faces.fetch import FetchOutcome, fetch_yunet
from ml.faces.finding import Detector, comparable, detector, find
from ml.faces.haar import HaarDetector
from ml.faces.locating import Located, locate, locate_in_mean
from ml.faces.quality import Quality, judge
from ml.faces.yunet import ModelFileError, YuNetDetector

__all__ = [
    "CROP_PX",
    "Covering",
    "Detector",
    "Face",
    "FetchOutcome",
    "HaarDetector",
    "Located",
    "ModelFileError",
    "Quality",
    "YuNetDetector",
    "align",
    "comparable",
    "detector",
    "fetch_yunet",
    "find",
    "judge",
    "locate",
    "locate_in_mean",
]
