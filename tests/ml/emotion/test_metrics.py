"""The figures we print are the figures their names promise."""

import numpy as np
import pytest

from ml.emotion import metrics
from ml.emotion.calibrate import fit_temperature, unsure_threshold


def test_report_of_a_small_hand_computed_case():
    labels = np.array([0, 0, 3, 3, 3, 6])
    probabilities = np.eye(7)[[0, 3, 3, 3, 6, 6]]

    figures = metrics.report(labels, probabilities)

    assert figures["n"] == 6
    assert figures["accuracy"] == pytest.approx(4 / 6)
    assert figures["per_class"]["angry"] == {
        "precision": 1.0,
        "recall": 0.5,
        "f1": pytest.approx(2 / 3),
    }
    assert figures["per_class"]["happy"]["precision"] == pytest.approx(2 / 3)
    assert figures["per_class"]["disgust"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    assert figures["confusion"][0] == [1, 0, 0, 1, 0, 0, 0]
    assert figures["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 2 / 3) / 7)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy():
    sure = np.tile([0.9, 0.1], (10, 1))
    assert metrics.expected_calibration_error(sure, np.zeros(10, int)) == pytest.approx(0.1)
    nine_of_ten = np.array([0] * 9 + [1])
    assert metrics.expected_calibration_error(sure, nine_of_ten) == pytest.approx(0.0)
    assert metrics.expected_calibration_error(sure, np.ones(10, int)) == pytest.approx(0.9)


def test_selective_accuracy_looks_at_the_surest_rows_only():
    probabilities = np.array([[0.99, 0.01], [0.9, 0.1], [0.6, 0.4], [0.55, 0.45]])
    labels = np.array([0, 0, 1, 1])
    assert metrics.selective_accuracy(probabilities, labels, 0.5) == 1.0
    assert metrics.selective_accuracy(probabilities, labels, 1.0) == 0.5


def test_temperature_undoes_overconfidence():
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 2, (4000, 7))
    labels = np.array([rng.choice(7, p=p) for p in metrics.softmax(logits)])

    fitted = fit_temperature(logits * 2.5, np.eye(7)[labels])

    assert fitted == pytest.approx(2.5, rel=0.08)


def test_unsure_threshold_keeps_the_asked_share():
    top = np.linspace(0.3, 1.0, 1001)
    probabilities = np.column_stack([top, 1 - top])
    threshold = unsure_threshold(probabilities, 0.7)
    assert (probabilities.max(axis=1) >= threshold).mean() == pytest.approx(0.7, abs=0.002)
