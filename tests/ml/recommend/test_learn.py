"""Searching hyper-parameters: when, on what, and what is carried over."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.recommend import als, hybrid, learn
from ml.recommend.factors import GIVEN, Setting
from tests.ml.recommend.test_als import hidden, planted


def test_a_search_needs_listeners_of_some_wants() -> None:
    # Given: 200 listeners of six songs, the sixth of the last one disliked
    matrix = csr_matrix(np.ones((200, 6), dtype=np.float32))
    assert learn.searchable(matrix)

    matrix[199, 4:] = -4

    assert not learn.searchable(matrix)
    assert not learn.searchable(csr_matrix((0, 0), dtype=np.float32))


def test_a_fifth_of_the_wants_validates_and_dislikes_stay() -> None:
    dense = np.zeros((3, 12), dtype=np.float32)
    dense[0, :10], dense[0, 10:] = 2, -4
    dense[1, :4] = 2
    dense[2, :5] = 2
    matrix = csr_matrix(dense)

    train, validation = learn._hidden(matrix)

    assert np.diff(validation.indptr).tolist() == [2, 0, 1]
    assert (validation.data > 0).all()
    assert ((train + validation) != matrix).nnz == 0
    assert (train[0].toarray() < 0).sum() == 2


def test_a_large_matrix_is_searched_by_some_of_its_listeners(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    matrix = planted(0)
    assert learn._sample(matrix) is matrix
    monkeypatch.setattr(learn, "SEARCH_EVENTS", 300)

    few = learn._sample(matrix)

    assert 280 <= few.nnz <= 300
    assert few.shape[0] < matrix.shape[0]
    assert (few != 0).sum(axis=0).min() > 0  # no column is empty


def test_the_search_beats_its_own_first_guess_and_keeps_to_its_time() -> None:
    known, _wanted = hidden(planted(0, users=400), 0)
    said: list[str] = []

    plan = learn.search(known, seconds=3, threads=1, say=said.append)
    hurried: list[str] = []
    learn.search(known, seconds=0, threads=1, say=hurried.append)

    scores = [float(line.rpartition(" ")[2]) for line in said]
    assert len(scores) > 3
    assert scores[-1] == max(scores)  # the walk's line is of the best there is
    assert len(hurried) == 2  # one setting and the walk
    assert plan.choice.setting.reading in ("log", "one")


def test_a_plan_scales_its_regularisation_with_the_data() -> None:
    setting = Setting(reading=GIVEN, alpha=1.0, factors=8, regularisation=3.0)
    plan = learn.Plan(hybrid.Choice(setting, 0.3, 0.2), share=0.1)
    small, large = planted(0, users=60), planted(0, users=240)

    suited = plan.suited(large)

    assert suited.setting.regularisation == pytest.approx(0.1 * als.strongest(large))
    assert suited.setting.regularisation > plan.suited(small).setting.regularisation
    assert (suited.beta, suited.walk_weight, suited.setting.factors) == (0.3, 0.2, 8)


def test_a_plan_is_kept_as_json() -> None:
    plan = learn.Plan(hybrid.Choice(Setting(alpha=16.0), 0.5, 1.0), share=0.08)

    assert learn.Plan.from_json(plan.to_json()) == plan
    with pytest.raises(KeyError):
        learn.Plan.from_json({"share": 0.1, "alpha": 2.0})
    with pytest.raises(TypeError):
        learn.Plan.from_json({**plan.to_json(), "depth": 3})
