"""Lists of newcomers: what other listeners taught, asked about their few plays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.recommend import neighbours
from ml.recommend.als import Factors
from ml.recommend.factors import Setting
from ml.recommend.fold import fold_in
from ml.recommend.hybrid import units
from ml.recommend.matrices import listeners_of
from ml.recommend.measures import measure
from ml.recommend.proof.newcomers import Newcomers

FACTORS, WALK, POPULARITY = "factors", "walk", "popularity"


@dataclass(frozen=True)
class Community:
    """What the others teach by themselves, whatever the setting of the factors."""

    matrix: Any
    walk: Any
    popularity: np.ndarray

    @classmethod
    def of(cls, matrix: Any, beta: float) -> Community:
        walk = neighbours.walk(matrix, alpha=1.0, beta=beta)
        return cls(matrix, walk, np.log1p(listeners_of(matrix)))

    def learn(self, setting: Setting) -> Learnt:
        trained = setting.train(self.matrix)
        wide = trained.item.astype(np.float64)
        return Learnt(self, setting, trained, wide.T @ wide)


@dataclass(frozen=True)
class Learnt:
    """Factors of the items beside it."""

    community: Community
    setting: Setting
    factors: Factors
    gram: np.ndarray

    def asked(self, newcomers: Newcomers, plays: int) -> Asked:
        """What all this says to newcomers who are known by so many plays."""
        known, users = newcomers.known(plays), newcomers.users
        confidences = self.setting.confidences(known)[users]
        items = self.factors.item
        folded = np.stack([
            fold_in(mine.data, items[mine.indices], self.gram, self.setting.regularisation)
            for mine in confidences
        ])  # fmt: skip
        walked = neighbours.scorer(known, self.community.walk)(users)
        parts = {
            FACTORS: units(folded @ items.T),
            WALK: units(walked),
            POPULARITY: np.broadcast_to(units(self.community.popularity[None])[0], walked.shape),
        }
        return Asked(newcomers, known, parts)


@dataclass(frozen=True)
class Asked:
    """Scores of all items for newcomers (k, items), one part in units beside the other."""

    newcomers: Newcomers
    known: Any
    parts: dict[str, np.ndarray]

    def ndcg(self, weights: Mapping[str, float]) -> np.ndarray:
        """(k,) NDCG@10 of lists by the sum of the parts, each times its weight (0 if none)."""
        scores = np.zeros(self.parts[FACTORS].shape)
        for name, part in self.parts.items():
            scores += weights.get(name, 0.0) * part
        users, wanted = self.newcomers.users, self.newcomers.wanted()
        return measure(lambda some: scores[np.searchsorted(users, some)], self.known, wanted).ndcg
