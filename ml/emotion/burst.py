"""One reading from several frames of a face, and how the face changed over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.emotion.labels import EMOTIONS

_NEUTRAL = EMOTIONS.index("neutral")


@dataclass(frozen=True)
class Change:
    """How a face changed over a burst.

    Attributes
    ----------
    onset : row of the calmest frame, the one with the highest probability of neutral.
    apex : row of the frame whose probabilities lie farthest from the onset's.
    size : total variation distance between the two, 0 (alike) to 1 (nothing in common).
    """

    onset: int
    apex: int
    size: float


def combined(probabilities: np.ndarray, weights: Sequence[float]) -> np.ndarray:
    """Mean of the frames' probabilities by their quality.

    Probabilities are averaged, not logits: one frame that is sure of something wrong then counts
    as one frame, however sure it is.

    Parameters
    ----------
    probabilities : (n, 7), rows summing to 1; n at least 1.
    weights : n numbers above 0, see `ml.faces.quality.Quality.weight`.

    Returns
    -------
    (7,) float64, summing to 1.

    Raises
    ------
    ValueError
        When there are no frames, other numbers of weights, or a weight that is not above 0.
    """
    shares = np.asarray(weights, dtype=np.float64)
    if not len(shares) or probabilities.shape != (len(shares), len(EMOTIONS)):
        raise ValueError(f"{len(shares)} weights for probabilities {probabilities.shape}")
    if not (shares > 0).all():
        raise ValueError(f"weights must be above 0, got {shares.min()}")
    mean: np.ndarray = shares @ np.asarray(probabilities, dtype=np.float64)
    return mean / mean.sum()


def change(probabilities: np.ndarray) -> Change | None:
    """Onset, apex and the distance between them; None for fewer than two frames.

    Parameters
    ----------
    probabilities : (n, 7), rows summing to 1, in the order the frames were taken.
    """
    if len(probabilities) < 2:
        return None
    onset = int(probabilities[:, _NEUTRAL].argmax())
    distances = np.abs(probabilities - probabilities[onset]).sum(axis=1, dtype=np.float64) / 2
    apex = int(distances.argmax())
    return Change(onset, apex, float(min(distances[apex], 1.0)))


def story(probabilities: np.ndarray, places: Sequence[int]) -> dict[str, Any] | None:
    """`change` as plain JSON values; None for fewer than two frames.

    Parameters
    ----------
    probabilities : (n, 7), as for `change`.
    places : n numbers of the frames among those that were sent, from 0.

    Returns
    -------
    {"frames": n, "change": 0..1, "onset": moment, "apex": moment}, where a moment is
    {"frame": place, "label": emotion, "probabilities": {emotion: 0..1}}.
    """
    found = change(probabilities)
    if found is None:
        return None

    def moment(row: int) -> dict[str, Any]:
        values = probabilities[row]
        return {
            "frame": places[row],
            "label": EMOTIONS[int(values.argmax())],
            "probabilities": {name: float(values[i]) for i, name in enumerate(EMOTIONS)},
        }

    return {
        "frames": len(probabilities),
        "change": found.size,
        "onset": moment(found.onset),
        "apex": moment(found.apex),
    }
