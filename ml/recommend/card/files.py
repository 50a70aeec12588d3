"""What has been measured of the recommender, and what it is compared with.

Standard library only: web processes use it for the page at `/about/recommender/`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ml.artifacts import read_json

HOME = Path(__file__).parent
RESULTS_NAME = "results.json"
RIVALS_NAME = "rivals.json"


@dataclass(frozen=True)
class Book:
    """The files as read; a part is empty where its file is missing or damaged.

    Attributes
    ----------
    results : name of a proof to `command`, `date`, `seconds` and `figures`, the proof's own JSON.
    rivals : figures to beat: `proof`, `name`, `source`, `protocol`, and `figures`, whose keys are
        those of the proof.
    """

    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    rivals: list[dict[str, Any]] = field(default_factory=list)

    def rivals_of(self, proof: str) -> list[dict[str, Any]]:
        return [rival for rival in self.rivals if rival["proof"] == proof]


def gather(home: Path | None = None) -> Book:
    """The book of the results in `home`; the figures to beat are always the committed ones."""
    return Book(
        results=read_json((home or HOME) / RESULTS_NAME, {}),
        rivals=read_json(Path(__file__).parent / RIVALS_NAME, []),
    )
