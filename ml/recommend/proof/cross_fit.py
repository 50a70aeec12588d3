"""Choosing on some listeners what others are judged by, and how sure a difference is."""

from __future__ import annotations

import numpy as np


def cross_fitted(tried: np.ndarray, folds: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """What each pair gets by the choice that suits the pairs of the other folds best.

    Parameters
    ----------
    tried : (choices, seeds, p) measures
    folds : (p,) codes

    Returns
    -------
    (seeds, p), and the index of each fold's choice.
    """
    kept = np.empty(tried.shape[1:])
    chosen = []
    for fold in range(int(folds.max()) + 1):
        mine = folds == fold
        chosen.append(int(tried[:, :, ~mine].mean(axis=(1, 2)).argmax()))
        kept[:, mine] = tried[chosen[-1]][:, mine]
    return kept, chosen


def gain(differences: np.ndarray, users: np.ndarray) -> dict[str, float]:
    """Mean of differences (seeds, p), and its standard error over listeners, whose moods are not
    independent of each other.
    """
    of_pairs = differences.mean(axis=0)
    mean = float(of_pairs.mean())
    sums = np.bincount(np.unique(users, return_inverse=True)[1], weights=of_pairs - mean)
    return {
        "mean": mean,
        "standard_error": float(np.sqrt((sums**2).sum()) / len(of_pairs)),
    }
