"""Judging a served model on events it has not seen, with the measures of the proof."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ml.recommend.item_model import ItemModel
from ml.recommend.matrices import listeners_of
from ml.recommend.measures import Scorer


def scorer(model: ItemModel, known: Any, rows: np.ndarray) -> Scorer:
    """What a list would be made of for listeners known by some feedback.

    Parameters
    ----------
    known : scipy.sparse.csr_matrix (listeners, songs) of signed values
    rows : (songs,) the model's row of each song, -1 where it does not know the song, whose score
        is then NaN
    """
    here = rows >= 0

    def scores(users: np.ndarray) -> np.ndarray:
        found = np.full((len(users), known.shape[1]), np.nan, dtype=np.float32)
        for place, user in enumerate(users):
            said = slice(known.indptr[user], known.indptr[user + 1])
            at, values = rows[known.indices[said]], known.data[said]
            at, values = at[at >= 0], values[at >= 0]
            of_model = model.scores(model.fold(model.factors[at], values), at[values > 0])
            found[place, here] = of_model[rows[here]]
        return found

    return scores


def popularity(known: Any) -> Scorer:
    """What most listeners want, for everybody."""
    popular = listeners_of(known)
    return lambda users: np.broadcast_to(popular, (len(users), len(popular)))


def no_worse(candidate: np.ndarray, present: np.ndarray, tolerance: float = 0.01) -> bool:
    """Whether a candidate may replace what is there, given both NDCGs of the same listeners.

    It may unless it loses by more than `tolerance` and by more than one standard error of the
    paired difference: on few listeners a smaller loss is chance.
    """
    difference = candidate - present
    error = float(difference.std(ddof=1) / math.sqrt(len(difference))) if len(difference) > 1 else 0
    return float(difference.mean()) >= -max(tolerance, error)
