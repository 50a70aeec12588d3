"""Honest probabilities: a temperature for each head, and when to say "unsure"."""

from __future__ import annotations

import numpy as np

from ml.emotion.metrics import softmax


def fit_temperature(logits: np.ndarray, targets: np.ndarray) -> float:
    """The temperature that minimises the cross-entropy of soft targets.

    Parameters
    ----------
    logits : (n, k).
    targets : (n, k), rows summing to 1.

    Returns
    -------
    float in 0.3..5 (Guo et al., ICML 2017, with soft targets).
    """
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        p = softmax(logits, float(np.exp(log_temperature)))
        return float(-(targets * np.log(np.maximum(p, 1e-12))).sum(axis=1).mean())

    found = minimize_scalar(loss, bounds=(np.log(0.3), np.log(5.0)), method="bounded")
    return float(np.exp(found.x))


def unsure_threshold(probabilities: np.ndarray, share: float = 0.7) -> float:
    """The top probability that the surest `share` of the rows reach; below it a reading says
    "unsure".
    """
    return float(np.quantile(probabilities.max(axis=1), 1 - share))
