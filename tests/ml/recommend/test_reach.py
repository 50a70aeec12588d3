"""Later places pay for fame, and no more than a validation part allows."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from ml.recommend import reach
from ml.recommend.measures import best, measure
from ml.recommend.reach import KEPT, affordable, wider

USERS, ITEMS = 120, 400


def played(seed: int) -> Any:
    """Plays of items by chance, the first ones by most, the last ones by few."""
    chance = np.random.default_rng(seed)
    fame = 1 / (1 + np.arange(ITEMS)) ** 0.7
    rows = [
        (user, item)
        for user in range(USERS)
        for item in chance.choice(ITEMS, 15, replace=False, p=fame / fame.sum())
    ]
    users, items = np.array(rows).T
    return csr_matrix((np.ones(len(rows)), (users, items)), shape=(USERS, ITEMS))


def scores_by_chance(users: np.ndarray) -> np.ndarray:
    """Scores that favour what is famous, different for each user."""
    chance = np.random.default_rng(5).normal(0, 1, (USERS, ITEMS))
    return np.asarray(chance - 0.01 * np.arange(ITEMS))[users]


def tops(scorer: Any, known: Any) -> np.ndarray:
    users = np.arange(USERS)
    return best(np.asarray(scorer(users)), known[users], 10)


def test_the_first_places_stay_and_the_others_reach_further() -> None:
    known = played(0)

    before, after = tops(scores_by_chance, known), tops(wider(scores_by_chance, known, 1.0), known)

    assert (after[:, :KEPT] == before[:, :KEPT]).all()
    listeners = np.asarray((known > 0).sum(axis=0)).ravel()
    assert listeners[after[:, KEPT:]].mean() < 0.6 * listeners[before[:, KEPT:]].mean()
    assert len(np.unique(after)) > len(np.unique(before))


def test_without_a_price_nothing_changes() -> None:
    known = played(0)

    assert (tops(wider(scores_by_chance, known, 0.0), known) == tops(scores_by_chance, known)).all()


def test_what_is_known_never_appears_and_few_items_do() -> None:
    known = csr_matrix(np.array([[1.0, 1, 0, 0], [0, 0, 0, 0]]))

    found = wider(lambda users: np.array([[4.0, 3, 2, 1]] * len(users)), known, 0.5)
    top = best(found(np.array([0, 1])), known[[0, 1]], 4)

    assert top.tolist() == [[2, 3, -1, -1], [0, 1, 2, 3]]


def test_a_price_is_paid_as_far_as_the_validation_part_allows() -> None:
    known, wanted = played(0), played(1)
    wanted = (wanted - wanted.multiply(known)).tocsr()
    wanted.eliminate_zeros()

    price = affordable(scores_by_chance, known, wanted)

    def ndcg(scorer: Any) -> float:
        return float(measure(scorer, known, wanted).ndcg.mean())

    plain = ndcg(scores_by_chance)
    assert price in {0.0, *reach.PRICES}
    if price:
        assert ndcg(wider(scores_by_chance, known, price)) >= (1 - reach.MOST_LOST) * plain
    dearer = [one for one in reach.PRICES if one > price]
    if dearer:
        assert ndcg(wider(scores_by_chance, known, dearer[0])) < (1 - reach.MOST_LOST) * plain
