"""Four ways to tell moods from features, as studies of such lists of songs use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ml.mood.suggest import CLIP

#: (features learnt from, their moods, features asked, seed) -> (songs, moods) shares, moods in
#: alphabetical order.
Teller = Callable[[np.ndarray, np.ndarray, np.ndarray, int], np.ndarray]

#: The network: small, strongly held, and several of them, for some hundred songs are few.
HIDDEN, ALPHA, STEPS, NETWORKS = (16,), 3.0, 150, 5
CLUSTERS = 12
#: Where moods lie in arousal; others go with the half that their own songs' energy is nearer to.
AROUSED = frozenset({"happy", "energetic", "angry"})


def mlp(known: np.ndarray, moods: np.ndarray, asked: np.ndarray, seed: int) -> np.ndarray:
    """Multi-layer perceptrons of one hidden layer, averaged."""
    return np.mean(
        [network.predict_proba(asked) for network in networks(known, moods, seed)], axis=0
    )


def networks(known: np.ndarray, moods: np.ndarray, seed: int) -> list[Any]:
    """The perceptrons that `mlp` averages."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier
    from threadpoolctl import threadpool_limits

    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        return [
            MLPClassifier(
                HIDDEN,
                alpha=ALPHA,
                solver="lbfgs",  # some hundred songs: far sooner done than by small steps
                max_iter=STEPS,
                random_state=NETWORKS * seed + number,
            ).fit(known, moods)
            for number in range(NETWORKS)
        ]


def hierarchical_svm(
    known: np.ndarray, moods: np.ndarray, asked: np.ndarray, seed: int
) -> np.ndarray:
    """Support vector machines: aroused or not first, then the moods of each half."""
    names = np.unique(moods)
    aroused = np.isin(np.char.lower(moods), list(AROUSED))
    if aroused.all() or not aroused.any():
        return _svm(known, moods, asked, seed, names)
    first = _svm(known, aroused, asked, seed, np.array([False, True]))
    shares = np.zeros((len(asked), len(names)))
    for half in (False, True):
        part = aroused == half
        below = _svm(known[part], moods[part], asked, seed, names)
        shares += first[:, [int(half)]] * below
    return shares


def _svm(
    known: np.ndarray, labels: np.ndarray, asked: np.ndarray, seed: int, names: np.ndarray
) -> np.ndarray:
    """(n, len(names)) Platt-scaled shares of a radial machine; certain where one label is left."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.svm import SVC

    here = np.unique(labels)
    shares = np.zeros((len(asked), len(names)))
    places = np.searchsorted(names, here)
    if len(here) == 1:
        shares[:, places[0]] = 1.0
        return shares
    machine = CalibratedClassifierCV(SVC(C=2.0, gamma="scale", random_state=seed), cv=3)
    shares[:, places] = machine.fit(known, labels).predict_proba(asked)
    return shares


def boosted_trees(known: np.ndarray, moods: np.ndarray, asked: np.ndarray, seed: int) -> np.ndarray:
    """Gradient-boosted trees, shallow and slow."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees = HistGradientBoostingClassifier(
        max_iter=60, learning_rate=0.1, max_leaf_nodes=12, l2_regularization=1.0, random_state=seed
    )
    shares: np.ndarray = trees.fit(known, moods).predict_proba(asked)
    return shares


def clusters(known: np.ndarray, moods: np.ndarray, asked: np.ndarray, seed: int) -> np.ndarray:
    """k-means, each cluster speaking for the moods of the songs in it."""
    from sklearn.cluster import KMeans

    names = np.unique(moods)
    found = KMeans(min(CLUSTERS, len(known)), n_init=5, random_state=seed).fit(known)
    counts = np.array([
        [np.sum((found.labels_ == cluster) & (moods == name)) for name in names]
        for cluster in range(found.n_clusters)
    ])  # fmt: skip
    shares: np.ndarray = (counts + 0.5) / (counts + 0.5).sum(axis=1, keepdims=True)
    return shares[found.predict(asked)]


#: By the names of their rows.
TELLERS: dict[str, Teller] = {
    "MLP": mlp,
    "hierarchical SVM": hierarchical_svm,
    "boosted trees": boosted_trees,
    "k-means clusters": clusters,
}


def standard(known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre and scale (d,) of features, gaps left out; a constant one keeps its scale."""
    spread = np.nanstd(known, axis=0)
    return np.nanmean(known, axis=0), np.where(spread > 1e-9, spread, 1.0)


def scaled(values: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """As the served model scales: standard deviations, clipped, average where unknown."""
    return np.clip(np.nan_to_num((values - centre) / scale, nan=0.0), -CLIP, CLIP)
