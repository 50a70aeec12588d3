"""Means and standard deviations as they are told."""

from __future__ import annotations

import numpy as np
import pytest

from ml.figures import mean_and_sd


def test_several_values_have_the_deviation_of_a_sample() -> None:
    assert mean_and_sd([1.0, 2.0, 6.0]) == {"mean": 3.0, "sd": pytest.approx(7**0.5)}


def test_one_value_does_not_vary() -> None:
    assert mean_and_sd(np.array([0.25])) == {"mean": 0.25, "sd": 0.0}
