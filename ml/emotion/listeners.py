"""Simulated listeners: whom their corrections help, and what they cost.

The faces, and what the network says of them, are real; the listeners are not. Nobody has published
one person's corrections of many of their own faces. Every face here is of another person, so a
real listener's faces are more alike than these, and `ml.emotion.personal` has it easier.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ml.emotion import data, weights
from ml.emotion.inference import forward_of, mirrored_logits, served_probabilities
from ml.emotion.labels import EMOTIONS
from ml.emotion.personal import Corrections, personal

#: Corrections after which a habit is looked at, and how often for each pair of emotions.
STEPS = (0, 1, 2, 3, 5)
TRIALS = 50
#: Listeners without a habit, and faces that each of them shows.
LISTENERS, READINGS = 100, 60
SEED = 20261121


def measure(*, fer2013: Path, ferplus: Path, usage: str, home: Path) -> dict[str, Any]:
    """Figures of `habit` and `ordinary` with the network in `home` on one usage of FER2013.

    Raises
    ------
    ml.emotion.data.DataError
        When a file is not what it should be.
    ml.artifacts.ArtifactError
        When the weights are missing or damaged.
    """
    faces, votes = data.paired(data.read_fer2013(fer2013), data.read_ferplus(ferplus), usage)
    labels = votes.seven_labels()
    rows = labels >= 0
    model, manifest = weights.load(home)
    logits = mirrored_logits(forward_of(model), faces.pixels[rows])["ferplus"]
    served = served_probabilities(logits, manifest.temperature["ferplus"])
    return {
        "usage": usage,
        "n": len(served),
        "habit": habit(served),
        "ordinary": ordinary(served, labels[rows]),
        "seed": SEED,
        "weights_sha256": manifest.weights_sha256,
    }


def habit(served: np.ndarray) -> dict[str, dict[str, float]]:
    """Listeners whose face means something else: every face read A they correct to B.

    Parameters
    ----------
    served : (n, 7), the network's word on n faces.

    Returns
    -------
    For each number of corrections: `followed`, the share of further faces which the network reads
    A that are now read B; `strayed`, the share of those it reads neither A nor B whose label
    changed. Both are means over all pairs of emotions with enough faces read A.
    """
    rng = np.random.default_rng(SEED)
    labels = served.argmax(axis=1)
    found: dict[str, dict[str, float]] = {}
    for step in STEPS:
        followed, strayed = [], []
        for read in range(len(EMOTIONS)):
            alike = np.flatnonzero(labels == read)
            if len(alike) <= max(STEPS):
                continue
            for said in set(range(len(EMOTIONS))) - {read}:
                others = np.flatnonzero((labels != read) & (labels != said))
                for _ in range(TRIALS):
                    *corrected, further = rng.choice(alike, step + 1, replace=False)
                    other = rng.choice(others)
                    known = Corrections(served[corrected], np.full(step, said))
                    followed.append(_label(served[further], known) == said)
                    strayed.append(_label(served[other], known) != labels[other])
        found[str(step)] = {
            "followed": float(np.mean(followed)),
            "strayed": float(np.mean(strayed)),
        }
    return found


def ordinary(served: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Listeners without a habit, who correct each wrong reading and confirm none.

    That is the hardest case: every correction is true, yet together they make the network look
    worse than it is.

    Returns
    -------
    The share of readings that agree with `labels` (n,): `network` alone, and `moved`.
    """
    rng = np.random.default_rng(SEED)
    alone, moved = [], []
    for _ in range(LISTENERS):
        wrong: list[int] = []
        for face in rng.choice(len(served), READINGS, replace=False):
            label = _label(served[face], Corrections(served[wrong], labels[wrong]))
            alone.append(served[face].argmax() == labels[face])
            moved.append(label == labels[face])
            if label != labels[face]:
                wrong.append(face)
    return {"network": float(np.mean(alone)), "moved": float(np.mean(moved))}


def _label(network: np.ndarray, known: Corrections) -> int:
    return int(personal(network, known).probabilities.argmax())
