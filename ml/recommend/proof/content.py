"""Ours with tags: what items are called joins who plays them, weighted on a validation part."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import numpy as np

from ml.recommend import als, factors, holdout, neighbours
from ml.recommend.hybrid import STARTS
from ml.recommend.measures import Scorer
from ml.recommend.proof.tags import Tags

#: Confidence of a tag and of a shelf, in those of one play: they join the plays as further rows.
TAG, SHELF = 1.5, 0.5
#: Of the second model with tags: less regularised, so that it keeps what is rarer.
LOOSER = 0.67
WALK_BETA = 0.1
LEADING = ("plays", "plays_and_tags", "plays_tags_and_shelves")


def parts(
    train: Any, tags: Tags, setting: factors.Setting, plays: Scorer, seed: int
) -> dict[str, Scorer]:
    """Scorers that learn from plays alone, from plays and tags, and from tags alone.

    Parameters
    ----------
    train : scipy.sparse.csr_matrix (users, items) of values.
    tags : without those given by a user to an item that is hidden from the training.
    setting : of the plays alone; the models with tags use its factors and confidences.
    plays : what has been learnt from the plays alone by that setting.
    """
    from scipy.sparse import vstack

    users = train.shape[0]
    played = setting.confidences(train)
    tagged = tags.matrix()
    shelves = tags.shelves()
    named = vstack([played, setting.alpha * TAG * tagged])
    shelved = vstack([named, setting.alpha * SHELF * shelves])
    looser = replace(setting, regularisation=LOOSER * setting.regularisation)
    first = seed * STARTS
    either = vstack([train > 0, tagged > 0])
    popular = holdout.popularity(train)
    return {
        "plays": plays,
        "plays_and_tags": _trained(named, setting, users, first),
        "plays_tags_and_shelves": _trained(shelved, looser, users, first),
        "walk": neighbours.scorer(train, neighbours.walk(train, alpha=1.0, beta=WALK_BETA)),
        "walk_over_tags": neighbours.scorer(
            train, neighbours.walk(either, alpha=1.0, beta=WALK_BETA)
        ),
        "shelves": _likeness(train, shelves),
        "popularity": lambda rows: np.log1p(popular(rows)),
    }


def _trained(matrix: Any, setting: factors.Setting, users: int, seed: int) -> Scorer:
    learnt = als.train(
        matrix.tocsr().astype(np.float32),
        als.Recipe(setting.factors, setting.regularisation),
        threads=os.cpu_count() or 1,
        seed=seed,
    )
    return factors.scorer(replace(learnt, user=learnt.user[:users]))


def _likeness(train: Any, shelves: Any) -> Scorer:
    """Cosine of items by the shelves they stand on, rare shelves counting more, summed over what a
    user knows, each by the logarithm of its value.
    """
    from scipy.sparse import diags

    if not shelves.shape[0]:
        return lambda users: np.zeros((len(users), train.shape[1]))
    rarity = np.log(train.shape[1] / np.diff(shelves.indptr))
    weighted = diags(rarity) @ shelves
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=0)).ravel())
    items = (weighted @ diags(1 / np.maximum(length, 1e-9))).tocsr()
    known = train.copy()
    known.data = np.log1p(known.data)
    return lambda users: np.asarray(((known[users] @ items.T) @ items).todense())
