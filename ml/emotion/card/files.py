"""What is known of the committed network, gathered from the JSON files beside it.

Standard library only: web processes use it for the page at `/about/model/`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ml.artifacts import read_json

HOME = Path(__file__).parents[1] / "weights"
EVALUATION_NAME = "evaluation.json"
BASELINES_NAME = "baselines.json"
#: Belong to the project, not to one folder of weights.
TRIALS = Path(__file__).parents[1] / "trials.json"
CLAIMS = Path(__file__).parents[1] / "claims.json"


@dataclass(frozen=True)
class Card:
    """The files as read; every part is empty where its file is missing or not of these weights.

    Attributes
    ----------
    manifest : `ml.emotion.weights`.
    evaluation : `ml.emotion.evaluate.measure`.
    baselines : `ml.emotion.baselines.run`, name to figures.
    trials : hyper-parameters tried: `what`, `epochs`, `parameters`, `mmac`, `ms`,
        `public_accuracy`, `public_ferplus7`, `minutes`, `date`.
    claims : what others published: `name`, `figure`, `set`, `protocol`, `stands`.
    """

    manifest: dict[str, Any] = field(default_factory=dict)
    evaluation: dict[str, Any] = field(default_factory=dict)
    baselines: dict[str, dict[str, Any]] = field(default_factory=dict)
    trials: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)

    @property
    def history(self) -> list[dict[str, Any]]:
        """The epochs of the training run: `epoch`, `side`, `loss`, `public_accuracy`,
        `public_ferplus7`, `seconds`.
        """
        entries: list[dict[str, Any]] = self.manifest.get("training", {}).get("history", [])
        return entries


def gather(home: Path = HOME) -> Card:
    """The card of the weights in `home`.

    An evaluation of other weights than those is left out: its numbers are not theirs.
    """
    manifest = read_json(home / "manifest.json", {})
    evaluation = read_json(home / EVALUATION_NAME, {})
    sha = manifest.get("weights_sha256")
    if not sha or evaluation.get("weights_sha256") != sha:
        evaluation = {}
    return Card(
        manifest=manifest,
        evaluation=evaluation,
        baselines=read_json(home / BASELINES_NAME, {}),
        trials=read_json(TRIALS, []),
        claims=read_json(CLAIMS, []),
    )


def margin(share: float, n: int) -> float:
    """Half the width of a share's 95 % interval on `n` faces (normal approximation)."""
    return 1.96 * math.sqrt(share * (1 - share) / n)
