"""Figures of the committed network on labelled crops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ml.emotion import data, degrade, weights
from ml.emotion.inference import forward_of, mirrored_logits, served_probabilities
from ml.emotion.labels import EMOTIONS
from ml.emotion.metrics import (
    confusion,
    expected_calibration_error,
    macro,
    per_class,
    reliability,
    report,
    selective_accuracy,
    softmax,
)
from ml.emotion.speed import size

#: Share of faces on which a reading is meant to be sure.
SURE_SHARE = 0.7
#: `source` of a file of faces of another domain.
SOURCES = ("press photos", "film stills")


def evaluate(
    *,
    fer2013: Path,
    ferplus: Path | None,
    usage: str,
    home: Path,
    seen: Path | None = None,
    degraded: bool = False,
) -> dict[str, Any]:
    """Figures on one usage of FER2013.

    `accuracy`, `macro_f1`, `per_class` and `confusion` compare the FER2013 head with the FER2013
    labels; `ferplus7_accuracy`, `ece`, `selective_accuracy_70`, `reliability`, `served_*` and
    `degradations` (only where `degraded`, see `ml.emotion.degrade.costs`) compare the served head
    with the FER+ plurality, on rows where that is one of the seven emotions. `accuracy_dedup`
    leaves out rows that are pixel copies of Training rows (of `seen`, or of the same file).

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
    forward = forward_of(model)
    logits = mirrored_logits(forward, chosen.pixels)

    known = faces if seen is None else data.read_fer2013(seen)
    training = known.pixels[known.usage == "Training"]
    copies = data.pixel_copies(chosen.pixels, training) if len(training) else None
    theirs = softmax(logits["fer2013"], manifest.temperature["fer2013"])
    figures = fer2013_figures(chosen.labels, theirs, copies)
    figures["usage"] = usage
    figures["weights_sha256"] = manifest.weights_sha256
    if ferplus is None:
        return figures | dict.fromkeys(
            ("ferplus7_accuracy", "ferplus7_n", "ece", "selective_accuracy_70", "reliability",
             "served_per_class", "served_confusion", "sure_share")
        )  # fmt: skip
    _, votes = data.paired(faces, data.read_ferplus(ferplus), usage)
    labels = votes.seven_labels()
    rows = labels >= 0
    temperature = manifest.temperature["ferplus"]
    served = served_probabilities(logits["ferplus"][rows], temperature)
    figures |= ferplus_figures(labels[rows], served)
    figures["sure_share"] = float((served.max(axis=1) >= manifest.unsure_below).mean())
    if degraded:
        figures |= degrade.costs(_reader(forward), chosen.pixels[rows], labels[rows])
    return figures


def fer2013_figures(
    labels: np.ndarray, probabilities: np.ndarray, copies: np.ndarray | None
) -> dict[str, Any]:
    """Figures against the FER2013 labels.

    Parameters
    ----------
    labels : (n,) label ids.
    probabilities : (n, 7).
    copies : (n,) bool, rows that are pixel copies of Training rows; None where that is unknown,
        and then `accuracy_dedup` is None too.
    """
    figures = report(labels, probabilities)
    figures |= {"accuracy_dedup": None, "dedup_n": None}
    if copies is not None:
        right = probabilities.argmax(axis=1) == labels
        figures["accuracy_dedup"] = float(right[~copies].mean())
        figures["dedup_n"] = int((~copies).sum())
    return figures


def ferplus_figures(labels: np.ndarray, served: np.ndarray) -> dict[str, Any]:
    """Figures of served probabilities (n, 7) against the FER+ plurality (n,), all of 0..6."""
    table = confusion(labels, served.argmax(axis=1))
    return {
        "ferplus7_accuracy": float(np.diag(table).sum() / table.sum()),
        "ferplus7_n": len(labels),
        "ece": expected_calibration_error(served, labels),
        "selective_accuracy_70": selective_accuracy(served, labels, SURE_SHARE),
        "reliability": reliability(served, labels),
        "served_per_class": per_class(table),
        "served_confusion": table.tolist(),
    }


def evaluate_faces(*, npz: Path, home: Path, degraded: bool = True) -> dict[str, Any]:
    """Figures of the served head on aligned faces of another domain.

    Parameters
    ----------
    npz : arrays `pixels` (n, h, h) uint8 and `label` (n,) with FER2013 ids; rows with other ids
        (7 is contempt) are left out and counted. With an array `source` (n,) of 0 and 1, press
        photos and film stills also get figures of their own.
    degraded : also measure `degradations`, see `ml.emotion.degrade.costs`.

    Returns
    -------
    A dict of figures. `macro_recall` is the plain mean over the classes that have a face, however
    few: `classes_n` says how many.

    Raises
    ------
    ml.emotion.data.DataError
        When the file lacks an array or holds another shape.
    """
    pixels, labels, source = _read_faces(npz)
    rows = (labels >= 0) & (labels < len(EMOTIONS))
    pixels, truth = pixels[rows], labels[rows]
    model, manifest = weights.load(home)
    forward = forward_of(model)
    logits = mirrored_logits(forward, degrade.fit_to_network(pixels))
    served = served_probabilities(logits["ferplus"], manifest.temperature["ferplus"])

    figures = report(truth, served)
    figures["macro_recall"] = _macro_recall(truth, served)
    figures["classes_n"] = {name: int((truth == i).sum()) for i, name in enumerate(EMOTIONS)}
    figures["left_out"] = int((~rows).sum())
    figures["ece"] = expected_calibration_error(served, truth)
    figures["selective_accuracy_70"] = selective_accuracy(served, truth, SURE_SHARE)
    figures["sure_share"] = float((served.max(axis=1) >= manifest.unsure_below).mean())
    if source is not None:
        figures["by_source"] = {
            name: {
                "n": int(part.sum()),
                "accuracy": float((served[part].argmax(axis=1) == truth[part]).mean()),
                "macro_recall": _macro_recall(truth[part], served[part]),
            }
            for index, name in enumerate(SOURCES)
            if (part := source[rows] == index).any()
        }
    if degraded:
        figures |= degrade.costs(_reader(forward), pixels, truth)
    figures["weights_sha256"] = manifest.weights_sha256
    return figures


def measure(*, fer2013: Path, ferplus: Path, faces: Path, home: Path) -> dict[str, Any]:
    """Everything the model card says of the network in `home`, degradations included.

    Returns
    -------
    `evaluate` on PublicTest, with `faces` (`evaluate_faces`), `network` (`parameters`, `mmac` of
    one 48 px crop), `date` and `commands`, which name the files without their folders.
    """
    model, _ = weights.load(home)
    figures = evaluate(
        fer2013=fer2013, ferplus=ferplus, usage="PublicTest", home=home, degraded=True
    )
    return figures | {
        "faces": evaluate_faces(npz=faces, home=home),
        "network": size(model),
        "date": datetime.now(UTC).date().isoformat(),
        "commands": {
            "evaluate": f"python -m ml.emotion evaluate --data {fer2013.name} "
            f"--ferplus {ferplus.name} --usage PublicTest --degradations --json",
            "faces": f"python -m ml.emotion evaluate-faces --npz {faces.name} --json",
        },
    }


def _reader(forward: Any) -> Callable[[np.ndarray], np.ndarray]:
    """From crops to the label ids that the served head finds likeliest."""

    def read(crops: np.ndarray) -> np.ndarray:
        logits = mirrored_logits(forward, crops)["ferplus"]
        return np.asarray(logits[:, : len(EMOTIONS)].argmax(axis=1))

    return read


def _macro_recall(labels: np.ndarray, served: np.ndarray) -> float:
    classes = per_class(confusion(labels, served.argmax(axis=1)))
    present = {name: classes[name] for i, name in enumerate(EMOTIONS) if (labels == i).any()}
    return macro(present, "recall")


def _read_faces(npz: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    try:
        with np.load(npz, allow_pickle=False) as stored:
            pixels, labels = stored["pixels"], stored["label"].astype(np.int64)
            source = stored["source"] if "source" in stored.files else None
    except (KeyError, ValueError, OSError) as error:
        raise data.DataError(f"{npz}: {error}") from error
    square = pixels.ndim == 3 and pixels.shape[1] == pixels.shape[2]
    if not square or pixels.dtype != np.uint8 or len(pixels) != len(labels):
        raise data.DataError(f"{npz}: pixels must be (n, h, h) uint8 with a label each")
    return pixels, labels, source
