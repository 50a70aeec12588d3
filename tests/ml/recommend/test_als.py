"""The community's model: training, folding in, and what it finds in planted data."""

from __future__ import annotations

from uuid import uuid4

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.recommend.als import Recipe, recipe_for, train
from ml.recommend.fold import fold_in
from ml.recommend.holdout import no_worse, popularity, scorer
from ml.recommend.learn import careful, learn
from ml.recommend.measures import measure
from ml.recommend.model_file import id_bytes


def planted(seed: int, users: int = 120, songs: int = 200, groups: int = 4) -> csr_matrix:
    """Listeners of four groups, each wanting its own quarter of the songs and a few hits of all."""
    chance = np.random.default_rng(seed)
    rows, columns, values = [], [], []
    quarter = songs // groups
    for user in range(users):
        group = user % groups
        own = group * quarter + chance.choice(quarter, 12, replace=False)
        hits = chance.choice(np.arange(0, songs, quarter // 2), 1, replace=False)
        foreign = chance.choice(songs, 4, replace=False)
        foreign = foreign[foreign // quarter != group]
        for song, value in [
            *[(s, 4.0) for s in own],
            *[(s, 2.0) for s in hits],
            *[(s, -4.0) for s in foreign],
        ]:
            rows.append(user)
            columns.append(int(song))
            values.append(value)
    matrix = csr_matrix((values, (rows, columns)), shape=(users, songs), dtype=np.float32)
    matrix.sum_duplicates()
    return matrix


def hidden(matrix: csr_matrix, seed: int) -> tuple[csr_matrix, csr_matrix]:
    """Four wanted songs of each listener taken out: (train, test)."""
    chance = np.random.default_rng(seed)
    train_part, test_part = matrix.tolil(), matrix.tolil() * 0
    for user in range(matrix.shape[0]):
        row = matrix[user]
        for song in chance.choice(row.indices[row.data > 0], 4, replace=False):
            test_part[user, song] = 1
            train_part[user, song] = 0
    return csr_matrix(train_part), csr_matrix(test_part)


def test_fold_in_is_the_library_s_own_recalculation() -> None:
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    matrix = planted(0)
    with threadpool_limits(limits=1, user_api="blas"):
        model = AlternatingLeastSquares(
            factors=8, regularization=3.0, alpha=1.0, iterations=5, random_state=0, num_threads=1
        )
        model.fit(matrix, show_progress=False)
    factors = model.item_factors
    gram = factors.astype(np.float64).T @ factors.astype(np.float64)
    new = csr_matrix(
        (np.array([4, 2, 0.7, -4, -1], np.float32), ([0] * 5, [3, 17, 60, 150, 9])), (1, 200)
    )

    theirs = model.recalculate_user(0, new)
    ours = fold_in(new.data, factors[new.indices], gram, 3.0)

    assert ours == pytest.approx(theirs, rel=1e-3, abs=1e-4)


def test_without_a_wish_there_are_no_factors() -> None:
    gram, factors = np.eye(4), np.ones((2, 4))

    assert not fold_in(np.array([]), factors[:0], gram, 1.0).any()
    assert not fold_in(np.array([-4.0, -1.0]), factors, gram, 1.0).any()


def test_als_finds_planted_tastes_that_popularity_cannot() -> None:
    gains = []
    for seed in range(3):
        known, test = hidden(planted(seed), seed)
        ids = id_bytes([uuid4() for _ in range(known.shape[1])])
        model = learn(ids, known, careful(known), threads=1)
        ours = measure(scorer(model, known, np.arange(known.shape[1])), known, test)
        gains.append((ours.ndcg.mean(), measure(popularity(known), known, test).ndcg.mean()))

    for ours, popular in gains:
        assert ours > 1.5 * popular


def test_disliked_songs_score_below_unknown_ones() -> None:
    matrix = planted(1)
    model = train(matrix)
    scores = model.user @ model.item.T

    disliked = scores[(matrix < 0).toarray()].mean()
    wanted = scores[(matrix > 0).toarray()].mean()

    assert disliked < 0.2 * wanted


def test_training_is_repeatable_and_its_size_follows_the_data() -> None:
    matrix = planted(0)

    first, second = train(matrix), train(matrix)

    assert first.item == pytest.approx(second.item, abs=1e-5)
    assert first.recipe.factors == 32
    assert recipe_for(matrix[:6]).factors == 4
    large = csr_matrix(np.full((400, 300), 1.0, np.float32))
    assert recipe_for(large) == Recipe(factors=64, regularisation=20.0)
    assert recipe_for(large[:4, :9]).regularisation == pytest.approx(0.5 * 6)


def test_training_on_nothing_wanted_is_refused() -> None:
    with pytest.raises(ValueError, match="no positive event"):
        train(csr_matrix(np.array([[0, -1.0], [-2.0, 0]], dtype=np.float32)))


def test_a_loss_counts_when_it_is_large_and_no_chance() -> None:
    chance = np.random.default_rng(0)
    present = chance.random(100)

    assert no_worse(present + 0.05, present)
    assert no_worse(present - 0.005, present)
    assert not no_worse(present - 0.05, present)
    # The same mean loss on four listeners who disagree is chance.
    assert no_worse(np.array([0.5, 0.1, 0.5, 0.1]), np.array([0.3, 0.4, 0.3, 0.4]))
