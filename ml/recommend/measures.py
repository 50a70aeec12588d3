"""How good rankings of all items are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.recommend.matrices import leave_out, listeners_of

PLACES = 10
#: Scores held in memory at once.
_CELLS = 32_000_000

#: Scores (b, items) of a batch of users, given their rows.
Scorer = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Measured:
    """Of one ranking, over the users with test items.

    Attributes
    ----------
    recall, ndcg, hit, reciprocal_rank : (k,) of each user, at ten places. NDCG is binary, with the
        ideal cut at min(10, wanted).
    coverage : share of all items that are in any user's ten.
    lift : mean number of listeners of what is recommended over that of what users know, less 1,
        over the users who know something.
    """

    recall: np.ndarray
    ndcg: np.ndarray
    hit: np.ndarray
    reciprocal_rank: np.ndarray
    coverage: float
    lift: float

    def summary(self) -> dict[str, float]:
        """Means, by the names that are printed."""
        return {
            "recall@10": float(self.recall.mean()),
            "ndcg@10": float(self.ndcg.mean()),
            "hit@10": float(self.hit.mean()),
            "mrr@10": float(self.reciprocal_rank.mean()),
            "coverage@10": self.coverage,
            "popularity_lift@10": self.lift,
        }


def measure(scorer: Scorer, known: Any, wanted: Any) -> Measured:
    """Rank all items for every user of `wanted`, leaving out those of `known`.

    Parameters
    ----------
    scorer : gives scores; NaN counts as lowest.
    known, wanted : scipy.sparse.csr_matrix (users, items); what is positive counts.
    """
    users = np.flatnonzero(np.diff(wanted.indptr))
    listeners = listeners_of(known)
    places = min(PLACES, wanted.shape[1])
    discounts = 1 / np.log2(np.arange(PLACES) + 2)
    columns: list[np.ndarray] = []
    shown = np.zeros(wanted.shape[1], dtype=bool)
    lifts = []
    for batch in np.array_split(users, max(1, len(users) * wanted.shape[1] // _CELLS)):
        top = best(scorer(batch), known[batch], places)
        shown[top[top >= 0]] = True
        lifts.append(_lift(top, known[batch], listeners))
        hits = np.zeros((len(batch), PLACES))
        for row, user in enumerate(batch):
            theirs = wanted.indices[wanted.indptr[user] : wanted.indptr[user + 1]]
            hits[row, :places] = np.isin(top[row], theirs)
        count = np.diff(wanted.indptr)[batch]
        ideal = np.cumsum(discounts)[np.minimum(count, PLACES) - 1]
        first = hits.argmax(axis=1)
        columns.append(
            np.column_stack(
                [
                    hits.sum(axis=1) / count,
                    hits @ discounts / ideal,
                    hits.any(axis=1),
                    np.where(hits.any(axis=1), 1 / (first + 1), 0),
                ]
            )
        )
    table, lift = np.concatenate(columns), np.concatenate(lifts)
    compared = lift[np.isfinite(lift)]
    recall, ndcg, hit, reciprocal_rank = table.T
    return Measured(
        recall=recall,
        ndcg=ndcg,
        hit=hit,
        reciprocal_rank=reciprocal_rank,
        coverage=float(shown.mean()),
        lift=float(compared.mean()) if len(compared) else 0.0,
    )


def best(scores: np.ndarray, known: Any, places: int) -> np.ndarray:
    """(b, places) item codes by falling score, known ones left out; -1 where none is left.

    Equal scores are ordered by code, so that a ranking does not hang on memory order.
    """
    ranked = np.where(np.isnan(scores), -np.inf, scores).astype(np.float64)
    leave_out(ranked, known)
    candidates = np.sort(np.argpartition(-ranked, places - 1, axis=1)[:, :places], axis=1)
    values = np.take_along_axis(ranked, candidates, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    top = np.take_along_axis(candidates, order, axis=1)
    return np.where(np.isneginf(np.take_along_axis(values, order, axis=1)), -1, top)


def _lift(top: np.ndarray, known: Any, listeners: np.ndarray) -> np.ndarray:
    """(b,) how much better known the shown items are than the user's own; NaN without either."""
    counts = np.diff(known.indptr)
    own = np.asarray(known.astype(bool).astype(np.float64) @ listeners).ravel()
    shown = np.where(top >= 0, listeners[top], 0).sum(axis=1)
    number = (top >= 0).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((shown / number) / (own / counts) - 1)
