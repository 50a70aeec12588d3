"""Fit the baselines and keep their figures beside the weights they are compared with."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ml.artifacts import write_json
from ml.emotion import data, weights
from ml.emotion.baselines.deep import PLAIN_CNN, RESNET50V2, SAME_SHAPE
from ml.emotion.baselines.shallow import EIGENFACES, LBP
from ml.emotion.baselines.task import Baseline, Found, Say, Task
from ml.emotion.evaluate import fer2013_figures, ferplus_figures
from ml.emotion.recipe import Recipe

USAGE = "PublicTest"
FILE_NAME = "baselines.json"
BASELINES: dict[str, Baseline] = {
    "eigenfaces_svm": EIGENFACES,
    "lbp_svm": LBP,
    "plain_cnn": PLAIN_CNN,
    "resnet50v2": RESNET50V2,
    "same_shape": SAME_SHAPE,
}


def run(
    *,
    fer2013: Path,
    ferplus: Path,
    home: Path,
    only: Sequence[str] = (),
    minutes: float | None = None,
    say: Say = lambda line: None,
) -> dict[str, Any]:
    """Fit baselines on Training and test them on PublicTest, one after another.

    Each is written to `baselines.json` in `home` when it is done; the others there stay.

    Parameters
    ----------
    home : folder with the manifest of the network whose recipe and budget the deep ones share.
    only : names from BASELINES; all of them when empty, but "same_shape" only with `minutes`: it
        would be the network itself again.
    minutes : most minutes of training for each deep one.

    Returns
    -------
    All entries of the file, by name.

    Raises
    ------
    ml.emotion.data.DataError
        When a data file is not what it should be.
    ml.artifacts.ArtifactError
        When `home` has no manifest.
    """
    manifest = weights.manifest(home)
    chosen = manifest.training["recipe"]
    recipe = Recipe(**{**chosen, "phases": tuple(map(tuple, chosen["phases"]))})
    faces, votes = data.read_fer2013(fer2013), data.read_ferplus(ferplus)
    training, training_votes = data.paired(faces, votes, "Training")
    tested, tested_votes = data.paired(faces, votes, USAGE)
    task = Task(training, training_votes, tested, tested_votes, recipe, manifest.network, minutes)
    path = home / FILE_NAME
    entries: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
    for name in only or [n for n in BASELINES if minutes is not None or n != "same_shape"]:
        say(name)
        started = time.monotonic()
        found = BASELINES[name].fit(task, say)
        limit = "" if minutes is None else f" --minutes {minutes:g}"
        entries[name] = _figures(found, task) | {
            "words": BASELINES[name].words,
            "usage": USAGE,
            "seconds": round(time.monotonic() - started),
            "date": datetime.now(UTC).date().isoformat(),
            "command": f"python -m ml.emotion baselines --data {fer2013.name} "
            f"--ferplus {ferplus.name} --only {name}{limit}",
            "weights_sha256": found.sha256(),
        }
        if "budget_share" in found.facts:
            entries[name]["budget_of"] = manifest.version
        write_json(path, entries)
        say(f"{name}: accuracy {entries[name]['accuracy']:.4f}")
    return entries


def _figures(found: Found, task: Task) -> dict[str, Any]:
    copies = data.pixel_copies(task.tested.pixels, task.training.pixels)
    theirs = fer2013_figures(task.tested.labels, found.fer2013, copies)
    seven = task.tested_votes.seven_labels()
    served = ferplus_figures(seven[seven >= 0], found.served[seven >= 0])
    if not found.calibrated:
        served |= dict.fromkeys(("ece", "selective_accuracy_70"))
    return {
        **{key: theirs[key] for key in ("n", "accuracy", "accuracy_dedup", "macro_f1")},
        "f1": {name: entry["f1"] for name, entry in theirs["per_class"].items()},
        **{key: served[key] for key in ("ferplus7_accuracy", "ece", "selective_accuracy_70")},
        **found.facts,
    }
