"""The seven emotions, the FER+ vote columns, and where each emotion lies on the circumplex."""

from __future__ import annotations

import numpy as np

#: FER2013 order; the index is the label id.
EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")

#: Vote columns of fer2013new.csv, in file order.
FERPLUS_COLUMNS = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
    "unknown",
    "NF",
)

#: FER+ column index of each of the seven emotions, in EMOTIONS order.
FERPLUS_OF_EMOTION = (4, 5, 6, 1, 3, 2, 0)

#: Classes of the FER+ head: the seven emotions, then contempt (votes for it are real evidence
#: that a face is none of the seven, so the head learns it; it is dropped when serving).
FERPLUS_HEAD = (*EMOTIONS, "contempt")
FERPLUS_HEAD_COLUMNS = (*FERPLUS_OF_EMOTION, 7)

#: Valence and arousal, each -1..1. Russell and Mehrabian, "Evidence for a three-factor theory of
#: emotions", Journal of Research in Personality 11 (1977), pleasure and arousal columns.
COORDINATES = np.array(
    [
        [-0.51, 0.59],  # angry
        [-0.60, 0.35],  # disgust
        [-0.64, 0.60],  # fear
        [0.81, 0.51],  # happy
        [-0.63, -0.27],  # sad
        [0.40, 0.67],  # surprise
        [0.00, 0.00],  # neutral
    ]
)


def valence_arousal(probabilities: np.ndarray) -> np.ndarray:
    """Probability-weighted mean of the emotions' coordinates.

    Parameters
    ----------
    probabilities : array of shape (7,) or (n, 7), rows summing to 1.

    Returns
    -------
    array of shape (2,) or (n, 2): valence and arousal, each -1..1. The mean keeps a face that is
    half fear, half surprise near the middle of its uncertainty, where the likeliest class's own
    point would not.
    """
    return np.asarray(probabilities, dtype=np.float64) @ COORDINATES
