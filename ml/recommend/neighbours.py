"""Item-to-item neighbours: cosine, and three steps of a random walk."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ml.recommend.matrices import listeners_of
from ml.recommend.measures import Scorer

COSINE_NEIGHBOURS = 200
#: Cells of the walk's dense block at once.
_CELLS = 32_000_000


def cosine(matrix: Any, neighbours: int = COSINE_NEIGHBOURS) -> Any:
    """(items, items) csr, cosine of the columns' supports, the nearest of each item kept."""
    from implicit.nearest_neighbours import CosineRecommender
    from implicit.utils import ParameterWarning

    model = CosineRecommender(K=neighbours)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ParameterWarning)  # of a matrix it makes itself
        model.fit((matrix > 0).astype(np.float64), show_progress=False)
    return model.similarity.tocsr()


def walk(matrix: Any, *, alpha: float, beta: float, neighbours: int = COSINE_NEIGHBOURS) -> Any:
    """(items, items) csr of RP3beta (B. Paudel et al., ACM TiiS 7:1, 2016): the chance of walking
    from one item over a user to another, to the power `alpha`, over its popularity to the power
    `beta`; the most probable of each item kept.
    """
    from scipy.sparse import csr_matrix, diags, vstack

    wanted = (matrix > 0).astype(np.float64).tocsr()
    per_user = np.maximum(np.asarray(wanted.sum(axis=1)).ravel(), 1)
    per_item = np.maximum(listeners_of(wanted), 1)
    to_item = diags(1 / per_user) @ wanted
    to_user = (diags(1 / per_item) @ wanted.T).tocsr()
    to_item.data **= alpha
    to_user.data **= alpha
    to_item = to_item @ diags(per_item**-beta)
    size = wanted.shape[1]
    blocks = []
    for rows in np.array_split(np.arange(size), max(1, size * size // _CELLS)):
        block = (to_user[rows] @ to_item).tocsr()
        owners = np.repeat(rows, np.diff(block.indptr))
        block.data[block.indices == owners] = 0  # the way back to where it began
        blocks.append(_strongest(block, neighbours))
    return csr_matrix(vstack(blocks))


def scorer(matrix: Any, similarity: Any) -> Scorer:
    """The sum of the similarities to what a user knows."""
    wanted = (matrix > 0).astype(np.float64).tocsr()
    return lambda users: np.asarray((wanted[users] @ similarity).todense())


def _strongest(block: Any, neighbours: int) -> Any:
    """`block` with the largest `neighbours` values of each row."""
    from scipy.sparse import csr_matrix

    block.eliminate_zeros()
    kept, columns, ends = [], [], [0]
    for start, end in zip(block.indptr[:-1], block.indptr[1:], strict=True):
        values, places = block.data[start:end], block.indices[start:end]
        if len(values) > neighbours:
            largest = np.argpartition(-values, neighbours)[:neighbours]
            values, places = values[largest], places[largest]
        kept.append(values)
        columns.append(places)
        ends.append(ends[-1] + len(values))
    return csr_matrix(
        (np.concatenate(kept), np.concatenate(columns), np.array(ends)), shape=block.shape
    )
