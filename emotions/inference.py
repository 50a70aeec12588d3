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
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings
from PIL import Image

from ml.emotion import weights
from ml.emotion.labels import EMOTIONS, valence_arousal

if TYPE_CHECKING:
    from ml.emotion.predictor import Predictor
    from ml.faces.finding import Detector
    from ml.faces.locating import Located

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
    burst : how the face changed over the usable frames (`ml.emotion.burst.story`); None for one.
    unsure : whether that probability is too low to stand by: below `unsure_below`.
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
    burst: dict[str, Any] | None = None
    unsure_below: float = 0.0
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
    averaged by their quality, which steadies the reading. Where none does, because it is too dark,
    their mean is tried, in which the noise is less. Else the commonest reason speaks for all.

    Parameters
    ----------
    frames : JPEGs as `emotions.uploads.frames_read` writes them.

    Raises
    ------
    ml.artifacts.ArtifactError
        When the weights are missing or damaged.
    """
    from ml.emotion.burst import combined, story

    seen = [_located(frame) for frame in frames]
    if not any(found and found.crop is not None for found in seen):
        seen.append(_merged(frames, seen))
    faces_seen = max((found.n_faces for found in seen if found), default=0)
    places, crops, qualities = [], [], []
    for place, found in enumerate(seen):
        if found and found.crop is not None and found.quality is not None:
            places.append(place)
            crops.append(found.crop)
            qualities.append(found.quality.weight)
    if not crops:
        reasons = Counter(found.reason if found else "unreadable" for found in seen[: len(frames)])
        reason = reasons.most_common(1)[0][0] if reasons else "unreadable"
        return Outcome(reason=str(reason), faces_seen=faces_seen)
    predictor = _predictor()
    rows = predictor.probabilities(np.stack(crops))
    mean = combined(rows, qualities)
    valence, arousal = valence_arousal(mean)
    best = int(mean.argmax())
    return Outcome(
        faces_seen=faces_seen,
        burst=story(rows, places),
        probabilities={name: float(mean[i]) for i, name in enumerate(EMOTIONS)},
        valence=float(valence),
        arousal=float(arousal),
        label=EMOTIONS[best],
        confidence=float(mean[best]),
        unsure=bool(mean[best] < predictor.unsure_below),
        unsure_below=predictor.unsure_below,
        model_version=predictor.version,
    )


def _located(frame: bytes) -> Located | None:
    """What one frame shows; None where it is no picture."""
    from ml.faces.locating import locate

    image = _pixels(frame)
    return None if image is None else locate(image, using=_detector())


def _pixels(frame: bytes) -> np.ndarray | None:
    try:
        with Image.open(io.BytesIO(frame), formats=["JPEG"]) as picture:
            return np.asarray(picture.convert("RGB"))
    except (OSError, SyntaxError, ValueError):
        return None


def _merged(frames: list[bytes], seen: list[Located | None]) -> Located | None:
    """What the mean of frames shows that were too dark one by one; None for fewer than two."""
    from ml.faces.locating import locate_in_mean

    dim = [_pixels(frame) for frame, found in zip(frames, seen, strict=True)
           if found and found.reason in ("too_dark", "no_face")]  # fmt: skip
    pictures = [picture for picture in dim if picture is not None]
    alike = [picture for picture in pictures if picture.shape == pictures[0].shape]
    if len(alike) < 2:
        return None
    return locate_in_mean(alike, using=_detector())


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
            from ml.emotion.device import Device
            from ml.emotion.predictor import Predictor

            device = Device(gpu=settings.GPU != "off", memory_mb=settings.GPU_MEMORY_MB or None)
            _predictors.clear()
            _predictors[home] = Predictor(home, device=device)
        return _predictors[home]
