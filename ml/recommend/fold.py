"""A listener's factors from the listener's own events, without training."""

from __future__ import annotations

import numpy as np


def fold_in(
    values: np.ndarray, factors: np.ndarray, gram: np.ndarray, regularisation: float
) -> np.ndarray:
    """Solve one listener's least-squares problem with the songs' factors fixed.

    The exact half step of implicit ALS (Hu, Koren, Volinsky 2008, equation 4), the same as
    `implicit`'s `recalculate_user`, in numpy so that a process without that library can do it.

    Parameters
    ----------
    values : (k,) signed confidences of the songs with events; negative is a confident zero
    factors : (k, f) the factors of those songs
    gram : (f, f) the product of all songs' factors with themselves
    regularisation : as in training

    Returns
    -------
    (f,) float32; zeros without events. Costs about k f^2 + f^3/3 operations, under a millisecond
    for 200 songs and 64 factors.
    """
    size = gram.shape[0]
    known = np.asarray(values, dtype=np.float64)
    if not np.any(known > 0):
        return np.zeros(size, dtype=np.float32)
    songs = np.asarray(factors, dtype=np.float64)
    confidence = np.abs(known)
    left = gram.astype(np.float64) + regularisation * np.eye(size)
    left += (songs * (confidence - 1.0)[:, None]).T @ songs
    right = songs.T @ np.maximum(known, 0.0)
    return np.linalg.solve(left, right).astype(np.float32)
