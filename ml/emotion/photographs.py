"""Reading the expression in photographs: what `python -m ml.emotion read` prints."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml.artifacts import ArtifactError
from ml.emotion import weights
from ml.emotion.labels import EMOTIONS, valence_arousal
from ml.emotion.pictures import PictureError, decode
from ml.emotion.predictor import Predictor


def read_photographs(
    images: Sequence[Path], *, detector_model: Path | None = None, home: Path = weights.HOME
) -> Iterator[dict[str, Any]]:
    """Read photographs one after another; a bad one does not stop the rest.

    Parameters
    ----------
    images : JPEG, PNG or WebP files.
    detector_model : the YuNet file; OpenCV's Haar cascade without it.
    home : folder of the network's weights.

    Yields
    ------
    One dict for each image, in order: `file`; `status` "read" or "refused"; `reason` None, or
    why it was refused ("unreadable", or one of `ml.faces`); `box` (x, y, width, height) of the
    face in pixels of the upright picture as decoded, or None; `probabilities` {emotion: 0..1},
    `label`, `confidence` 0..1, `valence`, `arousal` -1..1, all None when refused; `ms`, the
    whole path from file to result in milliseconds, everything being loaded and warm.

    Raises
    ------
    ml.artifacts.ArtifactError
        When the weights are missing or damaged, or `detector_model` is not the expected file.
    """
    from ml.faces.finding import detector
    from ml.faces.locating import locate
    from ml.faces.yunet import ModelFileError

    try:
        using = detector(detector_model)
    except ModelFileError as error:
        raise ArtifactError(str(error)) from error
    predictor = Predictor(home)
    predictor.warm_up()
    locate(np.zeros((480, 640, 3), np.uint8), using=using)
    for path in images:
        started = time.perf_counter()
        line: dict[str, Any] = {
            "file": str(path),
            "status": "refused",
            "reason": None,
            "box": None,
            "probabilities": None,
            "label": None,
            "confidence": None,
            "valence": None,
            "arousal": None,
        }
        try:
            image = np.asarray(decode(path.read_bytes()))
        except (OSError, PictureError):
            line["reason"] = "unreadable"
        else:
            found = locate(image, using=using)
            line["reason"] = found.reason
            line["box"] = list(found.face.box) if found.face else None
            if found.crop is not None:
                line |= {"status": "read", **_reading(predictor, found.crop)}
        yield {**line, "ms": round((time.perf_counter() - started) * 1000, 1)}


def _reading(predictor: Predictor, crop: np.ndarray) -> dict[str, Any]:
    row = predictor.probabilities(crop[None])[0].astype(np.float64)
    best = int(row.argmax())
    valence, arousal = valence_arousal(row)
    return {
        "probabilities": {name: float(row[i]) for i, name in enumerate(EMOTIONS)},
        "label": EMOTIONS[best],
        "confidence": float(row[best]),
        "valence": float(valence),
        "arousal": float(arousal),
    }
