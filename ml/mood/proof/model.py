"""Telling moods by what was learnt: two unlike models, each tuned, speaking with one voice."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Width of the radial kernel, in features of unit variance.
GAMMAS = (0.02, 0.05, 0.1)
#: Songs that a leaf of a tree must hold.
LEAVES = (1, 3)
TREES = 150
INNER_FOLDS = 3


def logistic(seed: int) -> Any:
    """The plain linear model of the field, as it comes."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000, random_state=seed))


def forest(seed: int) -> Any:
    """The plain forest of the field, as it comes."""
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(TREES, random_state=seed)


def tuned_probabilities(
    known: np.ndarray, moods: np.ndarray, artists: np.ndarray, asked: np.ndarray, seed: int
) -> np.ndarray:
    """Mean probabilities of kernel logistic regression and extremely randomised trees.

    Each model's one parameter is chosen by log-loss in folds inside what is learnt from, in which
    no artist is on both sides.

    Parameters
    ----------
    known, asked : (n, d), (m, d) features without gaps
    moods, artists : (n,)

    Returns
    -------
    (m, k) probabilities, moods in alphabetical order
    """
    from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold

    folds = StratifiedGroupKFold(INNER_FOLDS, shuffle=True, random_state=seed)
    parts = []
    for model, grid in (
        (_kernel_logistic(seed, len(known) // 2), {"nystroem__gamma": GAMMAS}),
        (_trees(seed), {"min_samples_leaf": LEAVES}),
    ):
        search = GridSearchCV(model, grid, scoring="neg_log_loss", cv=folds)
        search.fit(known, moods, groups=artists)
        parts.append(search.predict_proba(asked))
    probabilities: np.ndarray = np.mean(parts, axis=0)
    return probabilities


def _kernel_logistic(seed: int, most: int) -> Any:
    """Logistic regression on a radial kernel (Nystroem's sample of it), of ranks: features such as
    instrumentalness pile up at their ends. `most` songs, fewer than any fold has, span it.
    """
    from sklearn.kernel_approximation import Nystroem
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import QuantileTransformer, StandardScaler

    return make_pipeline(
        QuantileTransformer(n_quantiles=min(100, most), random_state=seed),
        StandardScaler(),
        Nystroem(n_components=min(200, most), random_state=seed),
        LogisticRegression(C=3.0, max_iter=1000),
    )


def _trees(seed: int) -> Any:
    from sklearn.ensemble import ExtraTreesClassifier

    return ExtraTreesClassifier(TREES, random_state=seed)
