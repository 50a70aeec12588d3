"""What is served: folded listeners, blended scores, and what has no answer."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.recommend import hybrid, neighbours
from ml.recommend.factors import GIVEN, Setting
from ml.recommend.fold import fold_in
from ml.recommend.holdout import popularity, scorer
from ml.recommend.item_model import ItemModel, Walk
from ml.recommend.learn import careful, learn
from ml.recommend.measures import measure
from ml.recommend.model_file import id_bytes
from ml.recommend.proof import splits
from ml.recommend.proof.interactions import Interactions
from tests.ml.recommend.test_als import hidden, planted

CHOICE = hybrid.Choice(
    Setting(reading="log", alpha=4.0, factors=8, regularisation=10.0), beta=0.3, walk_weight=0.5
)


def learnt(matrix: csr_matrix, choice: hybrid.Choice = CHOICE) -> ItemModel:
    ids = id_bytes([uuid4() for _ in range(matrix.shape[1])])
    return learn(ids, matrix, choice, threads=1)


def test_every_start_is_folded_in_by_itself() -> None:
    # Given: a model of three starts, and a listener with two wants and a dislike
    model = learnt(planted(0))
    rows, values = np.array([3, 17, 60]), np.array([4.0, 2.0, -4.0])

    factors = model.fold(model.factors[rows], values)

    # Then: each start's part is the library's half step on values read as in training
    assert factors.shape == (3 * 8,)
    confidences = 4 * np.log1p([4.0, 2.0, 4.0]) * [1, 1, -1]
    for start in range(3):
        own = slice(8 * start, 8 * start + 8)
        items = model.factors[:, own].astype(np.float64)
        expected = fold_in(confidences, items[rows], items.T @ items, 10.0)
        assert factors[own] == pytest.approx(expected, rel=1e-4)


def test_scores_are_the_blend_of_preference_and_walk_in_units() -> None:
    matrix = planted(0)
    model = learnt(matrix)
    wants = matrix.maximum(0).tocsr()
    wants.eliminate_zeros()
    rows, values = wants[5].indices, wants[5].data
    factors = model.fold(model.factors[rows], values)

    found = model.scores(factors, rows)

    walk = neighbours.walk(matrix, alpha=1.0, beta=0.3)
    expected = hybrid.blend(
        lambda users: (model.factors @ factors)[None], neighbours.scorer(matrix, walk), 0.5
    )(np.array([5]))[0]
    assert found == pytest.approx(expected, abs=1e-4)


def test_what_is_served_ranks_as_well_as_what_is_proved() -> None:
    known, wanted = hidden(planted(0), 0)

    served = measure(scorer(learnt(known), known, np.arange(200)), known, wanted).ndcg.mean()
    proved = measure(hybrid.fit(known, CHOICE, seed=0), known, wanted).ndcg.mean()

    assert served == pytest.approx(proved, abs=0.02)
    assert served > 1.5 * measure(popularity(known), known, wanted).ndcg.mean()


@pytest.mark.slow
def test_on_public_plays_what_is_served_is_as_good_as_the_proof() -> None:
    # Given: HetRec Last.fm, eight of ten plays of each listener known, one of ten to be found
    folder = Path(os.environ.get("MOODMUSIC_DATA") or "none") / "music" / "lastfm_hetrec"
    if not folder.is_dir():
        pytest.skip("MOODMUSIC_DATA names no folder with music/lastfm_hetrec")
    users, items, plays = np.loadtxt(
        folder / "user_artists.dat", skiprows=1, dtype=np.int64, unpack=True
    )
    names, columns = np.unique(items, return_inverse=True)
    data = Interactions(
        np.unique(users, return_inverse=True)[1],
        columns,
        plays.astype(np.float64),
        None,
        [str(user) for user in np.unique(users)],
        [str(name) for name in names],
    )
    split = splits.ratio(data, seed=0)
    known, wanted = data.matrix(split.train), data.matrix(split.test)
    choice = hybrid.Choice(Setting(factors=64, regularisation=20.0), beta=0.3, walk_weight=0.3)

    # When: the same choice is served, and proved
    rows = np.arange(len(names))
    served = measure(scorer(learnt(known, choice), known, rows), known, wanted).ndcg.mean()
    proved = measure(hybrid.fit(known, choice, seed=0), known, wanted).ndcg.mean()

    # Then: it makes no difference, and both are far above what most listeners want
    assert served == pytest.approx(proved, abs=0.003)
    assert served > 2.5 * measure(popularity(known), known, wanted).ndcg.mean()


def test_a_disliked_song_counts_in_the_factors_and_not_in_the_walk() -> None:
    # Given: the walk learnt from wants and dislikes, and from the wants alone
    matrix = planted(0)
    model, wants = learnt(matrix), matrix.maximum(0)
    assert model.walk.chances == pytest.approx(learnt(wants).walk.chances)

    # When: a listener dislikes a song of the first quarter and wants one of the second
    known = csr_matrix(([4.0, -4.0], ([0, 0], [60, 3])), shape=(1, 200))
    scores = scorer(model, known, np.arange(200))(np.array([0]))[0]

    # Then: only the want walks, and the factors know of both
    factors = model.fold(model.factors[np.array([3, 60])], np.array([-4.0, 4.0]))
    assert scores == pytest.approx(model.scores(factors, np.array([60])), abs=1e-5)
    of_both = model.scores(factors, np.array([3, 60]))
    assert np.abs(scores - of_both).max() > 0.1
    assert (factors != model.fold(model.factors[np.array([60])], np.array([4.0]))).any()


def test_a_listener_without_a_want_gets_the_songs_popularity() -> None:
    model = learnt(planted(0))
    nothing = model.fold(model.factors[np.array([], dtype=int)], np.array([]))
    disliked = model.fold(model.factors[np.array([3])], np.array([-4.0]))

    assert not nothing.any()
    assert not disliked.any()
    assert (model.scores(nothing, np.array([], dtype=int)) == model.popularity).all()


def test_songs_the_model_does_not_know_have_no_score() -> None:
    # Given: five songs, of which the model knows two, and a listener who wants one it does not
    model = learnt(planted(0))
    rows = np.array([7, -1, -1, 0, -1])
    known = csr_matrix(([4.0, 4.0, 2.0], ([0, 0, 1], [0, 1, 2])), shape=(2, 5))

    scores = scorer(model, known, rows)(np.array([0, 1]))

    assert np.isnan(scores).tolist() == [[False, True, True, False, True]] * 2
    alone = model.scores(model.fold(model.factors[np.array([7])], np.array([4.0])), np.array([7]))
    assert scores[0, [0, 3]] == pytest.approx(alone[[7, 0]], abs=1e-5)
    assert scores[1, [0, 3]] == pytest.approx(model.popularity[[7, 0]])


def test_the_careful_recipe_has_no_walk() -> None:
    matrix = planted(0)

    choice = careful(matrix)
    model = learnt(matrix, choice)

    assert (choice.setting.reading, choice.setting.factors, choice.walk_weight) == (GIVEN, 32, 0)
    assert model.walk.chances.size == 0
    factors = model.fold(model.factors[np.array([3])], np.array([4.0]))
    assert model.scores(factors, np.array([3])) == pytest.approx(model.factors @ factors)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1)])
def test_one_listener_or_one_song_is_learnt_without_fuss(shape: tuple[int, int]) -> None:
    matrix = csr_matrix(np.full(shape, 2.0, dtype=np.float32))

    for choice in (careful(matrix), CHOICE):
        model = learnt(matrix, choice)
        factors = model.fold(model.factors[np.array([0])], np.array([2.0]))
        assert np.isfinite(model.scores(factors, np.array([0]))).all()


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3), (3, 3)])
def test_nothing_wanted_is_refused_in_words(shape: tuple[int, int]) -> None:
    matrix = csr_matrix(shape, dtype=np.float32)

    with pytest.raises(ValueError, match="no positive event"):
        learnt(matrix, replace(CHOICE))


def test_walks_are_summed_row_by_row() -> None:
    walk = Walk(
        np.array([0, 2, 2, 3]), np.array([1, 2, 0], np.int32), np.array([0.5, 0.25, 1], np.float32)
    )

    assert walk.summed(np.array([0, 2])).tolist() == [1, 0.5, 0.25]
    assert walk.summed(np.array([1])).tolist() == [0, 0, 0]
    assert walk.summed(np.array([], dtype=int)).tolist() == [0, 0, 0]
    assert Walk.empty(3).summed(np.array([0, 1, 2])).tolist() == [0, 0, 0]


def test_values_are_read_with_their_signs() -> None:
    values = np.array([3.0, -3.0, 0.0])

    logs = Setting(reading="log", alpha=2).read(values)
    assert logs == pytest.approx([2 * np.log(4), -2 * np.log(4), 0])
    assert Setting(reading="one", alpha=5).read(values).tolist() == [5, -5, 0]
    assert Setting(reading=GIVEN, alpha=1).read(values).tolist() == [3, -3, 0]
