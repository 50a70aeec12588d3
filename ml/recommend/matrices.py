"""What is asked of matrices of listeners and items again and again."""

from __future__ import annotations

from typing import Any

import numpy as np


def listeners_of(matrix: Any) -> np.ndarray:
    """(items,) float64: how many rows of a scipy.sparse matrix are positive in each column."""
    return np.asarray((matrix > 0).sum(axis=0), dtype=np.float64).ravel()


def leave_out(scores: np.ndarray, known: Any) -> None:
    """Set scores (b, items) to minus infinity, in place, where `known`, a csr_matrix (b, items),
    holds something.
    """
    rows = np.repeat(np.arange(len(scores)), np.diff(known.indptr))
    scores[rows, known.indices] = -np.inf
