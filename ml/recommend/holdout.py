"""Judging a model on events it has not seen: all songs ranked, known ones left out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ml.recommend.fold import fold_in

PLACES = 10


def ndcg(scores: np.ndarray, wanted: np.ndarray, known: np.ndarray, places: int = PLACES) -> float:
    """Normalised discounted cumulative gain of one listener, 0..1, binary relevance.

    Parameters
    ----------
    scores : (n,) over all songs
    wanted : indexes of the hidden songs
    known : indexes of songs that are not to be recommended again
    """
    ranked = scores.astype(np.float64, copy=True)
    ranked[known] = -np.inf
    places = min(places, len(ranked))
    best = np.argpartition(ranked, -places)[-places:]
    best = best[np.argsort(-ranked[best], kind="stable")]
    hits = np.isin(best, wanted)
    gain = float((hits / np.log2(np.arange(places) + 2)).sum())
    ideal = sum(1 / math.log2(place + 2) for place in range(min(places, len(wanted))))
    return gain / ideal if ideal else 0.0


def ndcg_of_listeners(train: Any, test: Any, factors: np.ndarray, regularisation: float) -> Any:
    """NDCG@10 of each listener with hidden songs, folded in from the train rows, (k,).

    Parameters
    ----------
    train, test : scipy.sparse.csr_matrix (users, songs); positive values of `test` are hidden
    factors : (songs, f), zero rows for songs the model does not know
    """
    gram = factors.astype(np.float64).T @ factors.astype(np.float64)
    values = []
    for user in _listeners(test):
        row = train[user]
        folded = fold_in(row.data, factors[row.indices], gram, regularisation)
        values.append(ndcg(factors @ folded, _wanted(test, user), row.indices))
    return np.array(values)


def ndcg_of_popularity(train: Any, test: Any) -> Any:
    """The same for "what most listeners want", (k,)."""
    popular = np.asarray((train > 0).sum(axis=0), dtype=np.float64).ravel()
    return np.array(
        [ndcg(popular, _wanted(test, user), train[user].indices) for user in _listeners(test)]
    )


def no_worse(candidate: np.ndarray, present: np.ndarray, tolerance: float = 0.01) -> bool:
    """Whether a candidate may replace what is there, given both NDCGs of the same listeners.

    It may unless it loses by more than `tolerance` and by more than one standard error of the
    paired difference: on few listeners a smaller loss is chance.
    """
    difference = candidate - present
    error = float(difference.std(ddof=1) / math.sqrt(len(difference))) if len(difference) > 1 else 0
    return float(difference.mean()) >= -max(tolerance, error)


def _listeners(test: Any) -> Any:
    return np.flatnonzero(np.asarray((test > 0).sum(axis=1)).ravel())


def _wanted(test: Any, user: int) -> Any:
    row = test[user]
    return row.indices[row.data > 0]
