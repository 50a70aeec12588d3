"""Lists of newcomers: what other listeners taught, asked about their few plays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.recommend import neighbours
from ml.recommend.factors import Setting
from ml.recommend.fold import fold_in
from ml.recommend.hybrid import units
from ml.recommend.matrices import listeners_of
from ml.recommend.measures import measure
from ml.recommend.proof.newcomers import Newcomers

#: The parts of a score, each in units.
FACTORS, WALK, POPULAR_WALK, POPULARITY = "factors", "walk", "popular_walk", "popularity"
#: Part of a mix: what the regularisation is multiplied by when a newcomer is folded in.
STRENGTH = "strength"
#: Of the walk that leads to what many play. It says more of listeners with few plays, the walk of
#: the choice, with a higher beta, more of others.
POPULAR_BETA = 0.1

#: Weights of parts (0 for those not named), and the strength (1 where it is not named).
Mix = Mapping[str, float]


@dataclass(frozen=True)
class Community:
    """What the others teach by themselves, whatever the setting of the factors."""

    matrix: Any
    walks: dict[str, Any]
    popularity: np.ndarray

    @classmethod
    def of(cls, matrix: Any, beta: float) -> Community:
        walks = {
            name: neighbours.walk(matrix, alpha=1.0, beta=one)
            for name, one in ((WALK, beta), (POPULAR_WALK, POPULAR_BETA))
        }
        return cls(matrix, walks, np.log1p(listeners_of(matrix)))

    def learn(self, setting: Setting, starts: int = 1) -> Learnt:
        """Factors trained from so many starting points."""
        items = [setting.train(self.matrix, start).item for start in range(starts)]
        wide = [one.astype(np.float64) for one in items]
        return Learnt(self, setting, items, [one.T @ one for one in wide])


@dataclass(frozen=True)
class Learnt:
    """Factors of the items beside it: `items` (m, f) and their grams (f, f) of every start."""

    community: Community
    setting: Setting
    items: list[np.ndarray]
    grams: list[np.ndarray]

    def asked(self, newcomers: Newcomers, plays: int, strengths: Sequence[float] = (1.0,)) -> Asked:
        """What all this says to newcomers who are known by so many plays."""
        known, users = newcomers.known(plays), newcomers.users
        popularity = units(self.community.popularity[None])[0]
        return Asked(
            newcomers=newcomers,
            known=known,
            wanted=newcomers.wanted(),
            factors={strength: self._preference(known[users], strength) for strength in strengths},
            parts={
                **{
                    name: units(neighbours.scorer(known, walk)(users))
                    for name, walk in self.community.walks.items()
                },
                POPULARITY: np.broadcast_to(popularity, (len(users), len(popularity))),
            },
        )

    def _preference(self, known: Any, strength: float) -> np.ndarray:
        """(k, m) in units, the sum over the starts, as `ItemModel.scores` has it."""
        from threadpoolctl import threadpool_limits

        confidences = self.setting.confidences(known)
        penalty = strength * self.setting.regularisation
        total = np.zeros(known.shape)
        for items, gram in zip(self.items, self.grams, strict=True):
            # Hundreds of small systems are solved; threads for each cost more than they give.
            with threadpool_limits(limits=1, user_api="blas"):
                folded = np.stack([
                    fold_in(mine.data, items[mine.indices], gram, penalty)
                    for mine in confidences
                ])  # fmt: skip
            total += folded @ items.T
        return units(total)


@dataclass(frozen=True)
class Asked:
    """Scores of all items for newcomers (k, m), in units, part beside part.

    Attributes
    ----------
    known, wanted : (users, m) csr
    factors : by strength
    parts : the others, by name
    """

    newcomers: Newcomers
    known: Any
    wanted: Any
    factors: dict[float, np.ndarray]
    parts: dict[str, np.ndarray]

    def ndcg(self, mix: Mix) -> np.ndarray:
        """(k,) NDCG@10 of lists by the weighted sum of the parts."""
        scores = mix.get(FACTORS, 0.0) * self.factors[mix.get(STRENGTH, 1.0)]
        for name, part in self.parts.items():
            if weight := mix.get(name, 0.0):
                scores += weight * part
        users = self.newcomers.users
        return measure(
            lambda some: scores[np.searchsorted(users, some)], self.known, self.wanted
        ).ndcg
