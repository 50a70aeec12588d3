"""Implicit ALS on interaction values, with what is tuned about it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ml.recommend import als
from ml.recommend.measures import Scorer

#: What a value counts, before `alpha`; a negative one what its size does, negatively.
READINGS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "log": np.log1p,
    "one": np.ones_like,
}
#: The reading of values that are confidences already.
GIVEN = "given"


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
        known.data = self.read(known.data)
        return known

    def read(self, values: np.ndarray) -> np.ndarray:
        """Values as confidences of the same signs, float32."""
        sizes = np.abs(values)
        counted = sizes if self.reading == GIVEN else READINGS[self.reading](sizes)
        return (self.alpha * np.sign(values) * counted).astype(np.float32)

    def train(
        self, matrix: Any, seed: int = als.SEED, *, threads: int | None = None
    ) -> als.Factors:
        """Factors of a matrix of values, by `threads` (None: as many as there are cores)."""
        return als.train(
            self.confidences(matrix),
            als.Recipe(self.factors, self.regularisation),
            threads=threads or os.cpu_count() or 1,
            seed=seed,
        )


def scorer(trained: als.Factors) -> Scorer:
    """Preferences, about 0..1."""
    return lambda users: trained.user[users] @ trained.item.T
