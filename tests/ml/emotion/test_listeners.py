"""Simulated listeners, on a network made up of numbers."""

from __future__ import annotations

import numpy as np
import pytest

from ml.emotion.listeners import STEPS, habit, ordinary


@pytest.fixture(scope="module")
def faces() -> tuple[np.ndarray, np.ndarray]:
    """What a calibrated network says of 700 faces, and what they are.

    The shares are those of evidence of differing strength for one emotion, and the truth is drawn
    from them: that is what calibrated means.
    """
    rng = np.random.default_rng(7)
    logits = rng.normal(0, 0.5, (700, 7))
    logits[np.arange(700), np.arange(700) % 7] += rng.uniform(1.5, 6, 700)
    served = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = np.array([rng.choice(7, p=row) for row in served])
    return served, truth


def test_a_habit_is_followed_from_the_third_correction(
    faces: tuple[np.ndarray, np.ndarray],
) -> None:
    found = habit(faces[0])
    assert list(found) == [str(step) for step in STEPS]
    assert found["0"] == {"followed": 0.0, "strayed": 0.0}
    assert found["1"]["followed"] < 0.1
    assert found["3"]["followed"] > 0.8
    assert found["5"]["followed"] > 0.9
    assert found["5"]["strayed"] < 0.15  # these faces are far less clear than real ones


def test_an_ordinary_listener_loses_little(faces: tuple[np.ndarray, np.ndarray]) -> None:
    served, truth = faces
    found = ordinary(served, truth)
    assert found["network"] == pytest.approx((served.argmax(axis=1) == truth).mean(), abs=0.03)
    assert found["moved"] == pytest.approx(found["network"], abs=0.03)
    assert found == ordinary(served, truth)
