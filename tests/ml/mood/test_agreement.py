"""Cohen's kappa against scikit-learn's, and its interval against resampling."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from ml.mood.agreement import kappa_of, kappa_overall


def raters(n: int, agree: float, seed: int, moods: int = 1) -> tuple[np.ndarray, np.ndarray]:
    dice = np.random.default_rng(seed)
    first = dice.random((n, moods)) < 0.4
    second = np.where(dice.random((n, moods)) < agree, first, dice.random((n, moods)) < 0.4)
    return first, second


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("agree", [0.0, 0.5, 0.9])
def test_kappa_is_scikit_learns(seed: int, agree: float) -> None:
    first, second = raters(60, agree, seed)
    found = kappa_of(first[:, 0], second[:, 0])
    assert found.kappa == pytest.approx(cohen_kappa_score(first[:, 0], second[:, 0]), abs=1e-12)
    assert found.n == found.both + found.first + found.second + found.neither == 60
    overall = kappa_overall(*raters(40, agree, seed, moods=7))
    many = raters(40, agree, seed, moods=7)
    assert overall.kappa == pytest.approx(cohen_kappa_score(many[0].ravel(), many[1].ravel()))
    assert overall.n == 40


def test_the_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    # With these odds kappa is 0.5 in the population: chance decides in half of all cases
    held = overall_held = 0
    for seed in range(400):
        first, second = raters(150, 0.5, seed)
        found = kappa_of(first[:, 0], second[:, 0])
        held += found.low <= 0.5 <= found.high
        whole = kappa_overall(*raters(60, 0.5, seed, moods=4))
        overall_held += whole.low <= 0.5 <= whole.high
    # 95 % of 400 is 380, with a standard deviation of 4.4
    assert 366 <= held <= 394
    assert 362 <= overall_held <= 394


def test_an_interval_worked_by_hand() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: po = .7, pe = .5, kappa = .4
    first = np.repeat([True, True, False, False], [20, 5, 10, 15])
    second = np.repeat([True, False, True, False], [20, 5, 10, 15])
    found = kappa_of(first, second)
    assert (found.observed, found.kappa) == (pytest.approx(0.7), pytest.approx(0.4))
    # p.1 = .6, p1. = .5: sum p_ii(...)^2 = .4 (.5 - 1.1 x .3)^2 + .3 (.5 - .9 x .3)^2 = .02743;
    # .09 (.1 (.6 + .5)^2 + .2 (.4 + .5)^2) = .02547; (.35 - 1 + .7)^2 = .0025
    variance = (0.02743 + 0.02547 - 0.0025) / (50 * 0.5**4)
    assert found.high - found.kappa == pytest.approx(1.959964 * variance**0.5, abs=1e-6)


def test_what_cannot_be_told_is_not_a_number() -> None:
    nothing = kappa_of(np.zeros(0, bool), np.zeros(0, bool))
    assert nothing.n == 0
    assert np.isnan([nothing.kappa, nothing.low, nothing.observed]).all()
    same = kappa_of(np.zeros(9, bool), np.zeros(9, bool))
    assert same.observed == 1.0
    assert np.isnan(same.kappa)


def test_perfect_agreement_is_one() -> None:
    first = np.array([True, False, True, False])
    found = kappa_of(first, first)
    assert (found.kappa, found.low, found.high) == (1.0, 1.0, 1.0)


def test_unequal_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="equal shapes"):
        kappa_of(np.zeros(3, bool), np.zeros(4, bool))
    with pytest.raises(ValueError, match="2 dimensions"):
        kappa_overall(np.zeros(3, bool), np.zeros(3, bool))
