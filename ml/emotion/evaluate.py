"""Figures of the committed network on labelled crops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ml.emotion import data, weights
from ml.emotion.inference import forward_of, mirrored_logits, served_probabilities
from ml.emotion.metrics import (
    confusion,
    expected_calibration_error,
    macro,
    per_class,
    report,
    selective_accuracy,
    softmax,
)

#: Share of faces on which a reading is meant to be sure.
SURE_SHARE = 0.7


def evaluate(
    *, fer2013: Path, ferplus: Path | None, usage: str, home: Path, seen: Path | None = None
) -> dict[str, Any]:
    """Figures on one usage of FER2013.

    `accuracy`, `macro_f1`, `per_class` and `confusion` compare the FER2013 head with the FER2013
    labels; `ferplus7_accuracy`, `ece` and `selective_accuracy_70` compare the served head with the
    FER+ plurality, on rows where that is one of the seven emotions. `accuracy_dedup` leaves out
    rows that are pixel copies of Training rows (of `seen`, or of the same file).

    Returns
    -------
    A dict of figures; those that need FER+ labels or Training rows are None without them.

    Raises
    ------
    ml.emotion.data.DataError
        When a file is not what it should be.
    ml.artifacts.ArtifactError
        When the weights are missing or damaged.
    """
    faces = data.read_fer2013(fer2013)
    chosen = faces.where(faces.usage == usage)
    if len(chosen.labels) == 0:
        raise data.DataError(f"{fer2013}: no rows of usage {usage}")
    model, manifest = weights.load(home)
    logits = mirrored_logits(forward_of(model), chosen.pixels)
    theirs = softmax(logits["fer2013"], manifest.temperature["fer2013"])

    figures = report(chosen.labels, theirs)
    figures["usage"] = usage
    figures["weights_sha256"] = manifest.weights_sha256
    figures |= dict.fromkeys(
        ("accuracy_dedup", "ferplus7_accuracy", "ferplus7_n", "ece", "selective_accuracy_70",
         "served_per_class", "sure_share")
    )  # fmt: skip
    known = faces if seen is None else data.read_fer2013(seen)
    training = known.pixels[known.usage == "Training"]
    if len(training):
        fresh = ~data.pixel_copies(chosen.pixels, training)
        right = theirs.argmax(axis=1) == chosen.labels
        figures["accuracy_dedup"] = float(right[fresh].mean())
        figures["dedup_n"] = int(fresh.sum())
    if ferplus is not None:
        _, votes = data.paired(faces, data.read_ferplus(ferplus), usage)
        labels = votes.seven_labels()
        rows = labels >= 0
        served = served_probabilities(logits["ferplus"][rows], manifest.temperature["ferplus"])
        table = confusion(labels[rows], served.argmax(axis=1))
        figures |= {
            "ferplus7_accuracy": float(np.diag(table).sum() / table.sum()),
            "ferplus7_n": int(rows.sum()),
            "ece": expected_calibration_error(served, labels[rows]),
            "selective_accuracy_70": selective_accuracy(served, labels[rows], SURE_SHARE),
            "served_per_class": per_class(table),
            "sure_share": float((served.max(axis=1) >= manifest.unsure_below).mean()),
        }
    return figures


def evaluate_faces(*, npz: Path, home: Path) -> dict[str, Any]:
    """Figures of the served head on aligned faces of another domain.

    Parameters
    ----------
    npz : arrays `pixels` (n, h, w) uint8 and `label` (n,) with FER2013 ids; rows with other ids
        (7 is contempt) are left out.

    Raises
    ------
    ml.emotion.data.DataError
        When the file lacks an array or holds another shape.
    """
    import cv2

    try:
        with np.load(npz, allow_pickle=False) as stored:
            pixels, labels = stored["pixels"], stored["label"].astype(np.int64)
    except (KeyError, ValueError, OSError) as error:
        raise data.DataError(f"{npz}: {error}") from error
    if pixels.ndim != 3 or pixels.dtype != np.uint8 or len(pixels) != len(labels):
        raise data.DataError(f"{npz}: pixels must be (n, h, w) uint8 with a label each")
    rows = (labels >= 0) & (labels <= 6)
    side = data.SIDE
    crops = np.stack(
        [cv2.resize(p, (side, side), interpolation=cv2.INTER_AREA) for p in pixels[rows]]
    )
    model, manifest = weights.load(home)
    logits = mirrored_logits(forward_of(model), crops)
    served = served_probabilities(logits["ferplus"], manifest.temperature["ferplus"])
    figures = report(labels[rows], served)
    present = {name: f for i, (name, f) in enumerate(figures["per_class"].items())
               if (labels[rows] == i).any()}  # fmt: skip
    figures["macro_recall"] = macro(present, "recall")
    figures["weights_sha256"] = manifest.weights_sha256
    return figures
