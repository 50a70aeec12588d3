"""From frames to an outcome: the only module here that reaches TensorFlow and OpenCV.

They are imported inside the functions that workers call, so that a web process may import this
module for its types. A process keeps one network, loaded when first needed and never before a
fork.
"""

from __future__ import annotations

import io
import logging
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings
from PIL import Image

from ml.emotion import weights
from ml.emotion.labels import EMOTIONS, valence_arousal

if TYPE_CHECKING:
    from ml.emotion.predictor import Predictor
    from ml.faces.finding import Detector

logger = logging.getLogger(__name__)

_loading = threading.Lock()
_predictors: dict[Path, Predictor] = {}
_warned: set[str] = set()


@dataclass(frozen=True)
class Outcome:
    """What reading frames gave: a reading, or the `reason` why there is none.

    Attributes
    ----------
    reason : a code of `emotions.reasons.ADVICE`; "" when there is a reading. The rest but
        `faces_seen` means nothing with a reason.
    faces_seen : faces of comparable size, at most over the frames.
    probabilities : {emotion: 0..1} in FER2013 order, summing to 1; the mean over usable frames.
    valence, arousal : -1..1.
    label, confidence : the likeliest emotion and its probability.
    unsure : whether that probability is too low to stand by.
    model_version : `ml.emotion.predictor.Predictor.version`.
    """

    reason: str = ""
    faces_seen: int = 0
    probabilities: dict[str, float] = field(default_factory=dict)
    valence: float = 0.0
    arousal: float = 0.0
    label: str = ""
    confidence: float = 0.0
    unsure: bool = False
    model_version: str = ""


def warm_up() -> None:
    """Load and run everything once, so that the first listener does not wait for it.

    Raises
    ------
    ml.artifacts.ArtifactError
        When the weights are missing or damaged.
    """
    from ml.faces.locating import locate

    _predictor().warm_up()
    locate(np.zeros((480, 640, 3), np.uint8), using=_detector())


def read_frames(frames: list[bytes]) -> Outcome:
    """Read one face in 1-8 frames of it.

    Every frame is judged for itself; the probabilities of those that show a usable face are
    averaged, which steadies the reading. Without any, the commonest reason speaks for all.

    Parameters
    ----------
    frames : JPEGs as `emotions.uploads.frames_read` writes them.

    Raises
    ------
    ml.artifacts.ArtifactError
        When the weights are missing or damaged.
    """
    crops, reasons, faces_seen = _crops(frames)
    if not crops:
        reason = Counter(reasons).most_common(1)[0][0] if reasons else "unreadable"
        return Outcome(reason=reason, faces_seen=faces_seen)
    predictor = _predictor()
    mean = predictor.probabilities(np.stack(crops)).mean(axis=0, dtype=np.float64)
    mean /= mean.sum()
    valence, arousal = valence_arousal(mean)
    best = int(mean.argmax())
    return Outcome(
        faces_seen=faces_seen,
        probabilities={name: float(mean[i]) for i, name in enumerate(EMOTIONS)},
        valence=float(valence),
        arousal=float(arousal),
        label=EMOTIONS[best],
        confidence=float(mean[best]),
        unsure=bool(mean[best] < predictor.unsure_below),
        model_version=predictor.version,
    )


def _crops(frames: list[bytes]) -> tuple[list[np.ndarray], list[str], int]:
    """Aligned crops of the usable frames, reasons of the others, and the most faces seen."""
    from ml.faces.locating import locate

    crops: list[np.ndarray] = []
    reasons: list[str] = []
    faces_seen = 0
    for frame in frames:
        try:
            with Image.open(io.BytesIO(frame), formats=["JPEG"]) as picture:
                image = np.asarray(picture.convert("RGB"))
        except (OSError, SyntaxError, ValueError):
            reasons.append("unreadable")
            continue
        found = locate(image, using=_detector())
        faces_seen = max(faces_seen, found.n_faces)
        if found.crop is not None:
            crops.append(found.crop)
        elif found.reason is not None:
            reasons.append(found.reason)
    return crops, reasons, faces_seen


def _detector() -> Detector:
    """YuNet where its file is there and good, else OpenCV's Haar cascade."""
    from ml.faces.finding import detector
    from ml.faces.yunet import ModelFileError

    try:
        return detector(settings.FACE_DETECTOR_MODEL)
    except ModelFileError as error:
        if str(error) not in _warned:
            _warned.add(str(error))
            logger.warning("%s Until then faces are found by the Haar cascade.", error)
        return detector(None)


def _predictor() -> Predictor:
    """This process's network."""
    home = settings.EMOTION_WEIGHTS or weights.HOME
    with _loading:
        if home not in _predictors:
            from ml.emotion.predictor import Predictor

            _predictors.clear()
            _predictors[home] = Predictor(home)
        return _predictors[home]
