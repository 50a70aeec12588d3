"""Implicit ALS on interaction values, with what is tuned about it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ml.recommend import als
from ml.recommend.measures import Scorer

#: What a value counts, before `alpha`.
READINGS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "log": np.log1p,
    "one": np.ones_like,
}


@dataclass(frozen=True)
class Setting:
    """One choice of hyper-parameters: confidences are `alpha` times what `reading` makes of a
    value.
    """

    reading: str = "log"
    alpha: float = 1.0
    factors: int = 64
    regularisation: float = 20.0

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)

    def confidences(self, matrix: Any) -> Any:
        """A matrix of values as one of confidences."""
        known = matrix.copy().astype(np.float32)
        known.data = (self.alpha * READINGS[self.reading](known.data)).astype(np.float32)
        return known

    def train(self, matrix: Any, seed: int = als.SEED) -> als.Factors:
        """Factors of a matrix of values."""
        return als.train(
            self.confidences(matrix),
            als.Recipe(self.factors, self.regularisation),
            threads=os.cpu_count() or 1,
            seed=seed,
        )


def scorer(trained: als.Factors) -> Scorer:
    """Preferences, about 0..1."""
    return lambda users: trained.user[users] @ trained.item.T
