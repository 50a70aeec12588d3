"""Scores of several kinds in one: weights by logistic regression on what users went on to play."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.recommend.hybrid import judges_of, units
from ml.recommend.matrices import leave_out
from ml.recommend.measures import Scorer

#: Items of a user that are told apart, the highest by the leading parts. Against all items nearly
#: every score is right, and the weights would learn what no list shows.
POOL = 300
#: Inverse strength of the penalty on standardised weights.
INVERSE_PENALTY = 1.0
_USERS_AT_ONCE = 256


@dataclass(frozen=True)
class Weights:
    """What each part counts, in units of its spread over a user's items."""

    parts: dict[str, float]

    def to_json(self) -> dict[str, float]:
        """As plain JSON values."""
        return {name: round(weight, 4) for name, weight in self.parts.items()}


def learn(
    parts: Mapping[str, Scorer], leading: Sequence[str], known: Any, wanted: Any
) -> Weights | None:
    """Weights that tell wanted items from the others of each user's pool.

    Parameters
    ----------
    parts : scorers that have learnt from `known` alone.
    leading : names of those whose sum fills the pool.
    known, wanted : scipy.sparse.csr_matrix (users, items).

    Returns
    -------
    None when no pool holds a wanted item.
    """
    from sklearn.linear_model import LogisticRegression

    judges = judges_of(wanted)
    users = np.flatnonzero(np.diff(judges.indptr))
    rows: list[np.ndarray] = []
    labels: list[np.ndarray] = []
    for batch in _batches(users):
        scored, pool = _scored(parts, leading, known, batch)
        rows.append(
            np.stack(
                [np.take_along_axis(one, pool, axis=1).ravel() for one in scored.values()], axis=1
            ).astype(np.float32)
        )
        hidden = np.asarray(judges[batch].todense()) > 0
        labels.append(np.take_along_axis(hidden, pool, axis=1).ravel())
    table, truth = np.concatenate(rows), np.concatenate(labels)
    if not truth.any() or truth.all():
        return None
    spread = np.maximum(table.std(axis=0), 1e-6)
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=1000).fit(table / spread, truth)
    return Weights(dict(zip(parts, (model.coef_[0] / spread).tolist(), strict=True)))


def blended(
    parts: Mapping[str, Scorer], leading: Sequence[str], known: Any, weights: Weights
) -> Scorer:
    """The weighted sum within each user's pool; what is outside comes after, as the leading say."""

    def scorer(users: np.ndarray) -> np.ndarray:
        blocks = []
        for batch in _batches(users):
            scored, pool = _scored(parts, leading, known, batch)
            whole = sum(weights.parts[name] * one for name, one in scored.items())
            inside = np.take_along_axis(np.asarray(whole), pool, axis=1)
            result = np.asarray(sum(scored[name] for name in leading))
            below = result.max(axis=1, keepdims=True) - inside.min(axis=1, keepdims=True)
            result -= below + 1.0
            np.put_along_axis(result, pool, inside, axis=1)
            blocks.append(result)
        return np.concatenate(blocks)

    return scorer


def _batches(users: np.ndarray) -> list[np.ndarray]:
    return np.array_split(users, max(1, -(-len(users) // _USERS_AT_ONCE)))


def _scored(
    parts: Mapping[str, Scorer], leading: Sequence[str], known: Any, users: np.ndarray
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Each part in units (b, items), and the pool (b, k) of unknown items."""
    scored = {name: units(part(users)) for name, part in parts.items()}
    lead = np.asarray(sum(scored[name] for name in leading))
    leave_out(lead, known[users])
    size = min(POOL, lead.shape[1])
    return scored, np.argpartition(-lead, size - 1, axis=1)[:, :size]
