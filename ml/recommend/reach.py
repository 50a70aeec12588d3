"""Lists that reach further into the catalogue: later places pay for being known to everyone."""

from __future__ import annotations

from typing import Any

import numpy as np

from ml.recommend.hybrid import judged
from ml.recommend.matrices import leave_out, listeners_of
from ml.recommend.measures import Scorer

#: The first places stay as scored: nearly all of what a price loses is lost there.
KEPT = 6
#: Items that any place may come from, the highest scored.
POOL = 300
PRICES = (0.2, 0.4, 0.6, 0.8, 1.0, 1.2)
#: Share of the NDCG@10 on the validation part that a price may cost there.
MOST_LOST = 0.005


def wider(scores: Scorer, known: Any, price: float) -> Scorer:
    """The same ranking, but from place seven on a score is less by a price for fame.

    The price of an item is `price` times the spread of the user's pool of 300, times the logarithm
    of one more than its listeners.

    Parameters
    ----------
    known : scipy.sparse.csr_matrix (users, items); counts listeners, and is not to be recommended.
    """
    fame = np.log1p(listeners_of(known))

    def scorer(users: np.ndarray) -> np.ndarray:
        ranked = np.array(scores(users), dtype=np.float64)
        leave_out(ranked, known[users])
        size = min(POOL, ranked.shape[1])
        pool = np.argpartition(-ranked, size - 1, axis=1)[:, :size]
        values = np.take_along_axis(ranked, pool, axis=1)
        finite = np.isfinite(values)
        spread = np.where(finite, values, np.nan)
        with np.errstate(invalid="ignore"):
            scale = np.nan_to_num(np.nanstd(spread, axis=1, keepdims=True))
        paid = values - price * scale * fame[pool]
        order = np.argsort(np.argsort(-values, axis=1, kind="stable"), axis=1)
        # The kept places lie above all others, in their own order.
        top = np.where(finite, np.abs(paid), 0).max(axis=1, keepdims=True) + 1.0
        paid = np.where(order < KEPT, 2 * top + KEPT - order, paid)
        result = np.full(ranked.shape, -np.inf)
        np.put_along_axis(result, pool, np.where(finite, paid, -np.inf), axis=1)
        return result

    return scorer


def affordable(scores: Scorer, train: Any, validation: Any) -> float:
    """The highest price that costs at most half a percent of the NDCG@10 on a validation part."""
    least = (1 - MOST_LOST) * judged(scores, train, validation)
    best = 0.0
    for price in PRICES:
        if judged(wider(scores, train, price), train, validation) < least:
            break
        best = price
    return best
