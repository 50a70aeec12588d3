"""Figures of a classifier: accuracy, F1, calibration error, selective accuracy."""

from __future__ import annotations

from typing import Any

import numpy as np

from ml.emotion.labels import EMOTIONS


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Row-wise softmax of `logits / temperature`; (n, k) float64."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    exponent = np.exp(scaled)
    return exponent / exponent.sum(axis=1, keepdims=True)


def confusion(labels: np.ndarray, predicted: np.ndarray, classes: int = 7) -> np.ndarray:
    """(k, k) int: row = label, column = prediction."""
    table = np.zeros((classes, classes), np.int64)
    np.add.at(table, (labels, predicted), 1)
    return table


def per_class(table: np.ndarray) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of each emotion from a confusion table; 0 where undefined."""
    hits = np.diag(table).astype(float)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    precision = np.divide(hits, columns, out=np.zeros(len(hits)), where=columns > 0)
    recall = np.divide(hits, rows, out=np.zeros(len(hits)), where=rows > 0)
    both = precision + recall
    f1 = np.divide(2 * precision * recall, both, out=np.zeros(len(hits)), where=both > 0)
    return {
        name: {"precision": float(precision[i]), "recall": float(recall[i]), "f1": float(f1[i])}
        for i, name in enumerate(EMOTIONS)
    }


def macro(values: dict[str, dict[str, float]], key: str) -> float:
    """Unweighted mean of one figure over the classes."""
    return float(np.mean([entry[key] for entry in values.values()]))


def reliability(
    probabilities: np.ndarray, labels: np.ndarray, bins: int = 15
) -> list[dict[str, Any]]:
    """How often the likeliest class is right, bin by bin of its probability.

    Returns
    -------
    One entry for each of `bins` equal bins of 0..1, lowest first: `lower` and `upper` edge,
    `count` of rows, and their mean `confidence` and `accuracy`, None where the bin is empty.
    """
    top = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    index = np.minimum((top * bins).astype(int), bins - 1)
    entries = []
    for b in range(bins):
        chosen = index == b
        full = bool(chosen.any())
        entries.append(
            {
                "lower": b / bins,
                "upper": (b + 1) / bins,
                "count": int(chosen.sum()),
                "confidence": float(top[chosen].mean()) if full else None,
                "accuracy": float(right[chosen].mean()) if full else None,
            }
        )
    return entries


def expected_calibration_error(
    probabilities: np.ndarray, labels: np.ndarray, bins: int = 15
) -> float:
    """Mean gap between the top probability and the accuracy over `bins` equal bins, weighted by
    the rows in each (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
    """
    full = [entry for entry in reliability(probabilities, labels, bins) if entry["count"]]
    gaps = [entry["count"] * abs(entry["accuracy"] - entry["confidence"]) for entry in full]
    return float(sum(gaps) / len(labels))


def selective_accuracy(probabilities: np.ndarray, labels: np.ndarray, share: float) -> float:
    """Accuracy on the `share` of rows with the highest top probability."""
    keep = max(1, round(share * len(labels)))
    surest = np.argsort(-probabilities.max(axis=1), kind="stable")[:keep]
    return float((probabilities[surest].argmax(axis=1) == labels[surest]).mean())


def report(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, Any]:
    """n, accuracy, macro F1, per-class table and confusion of one set of predictions."""
    table = confusion(labels, probabilities.argmax(axis=1))
    classes = per_class(table)
    return {
        "n": len(labels),
        "accuracy": float(np.diag(table).sum() / table.sum()),
        "macro_f1": macro(classes, "f1"),
        "per_class": classes,
        "confusion": table.tolist(),
    }
