"""A listener's own corrections in the readings of later faces.

Nothing is stored but the readings themselves: a face is moved when it is read, by the corrections
that stand then, and so taking one back is exact.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from emotions.inference import Outcome
from emotions.models import Reading
from emotions.selectors import point_of
from ml.emotion.labels import EMOTIONS
from ml.emotion.personal import MOST_CORRECTIONS, Corrections, personal


def corrections_of(user_id: int) -> Corrections:
    """What the listener said of faces, oldest first; the newest `MOST_CORRECTIONS`."""
    corrected = Reading.objects.filter(user_id=user_id, source=Reading.Source.FACE).exclude(
        corrected_to=""
    )
    newest = corrected.order_by("-corrected_at", "-pk").only(
        "probabilities", "network_probabilities", "corrected_to"
    )[:MOST_CORRECTIONS]
    rows = [(network_row(reading), EMOTIONS.index(reading.corrected_to)) for reading in newest]
    rows.reverse()
    return Corrections(
        network=np.array([row for row, _ in rows]).reshape(-1, len(EMOTIONS)),
        said=np.array([said for _, said in rows], dtype=np.int64),
    )


def network_row(reading: Reading) -> np.ndarray:
    """(7,) what the network alone said of a face.

    Faces read before corrections moved any have it in `probabilities` only.
    """
    said = reading.network_probabilities or reading.probabilities
    return np.array([said[emotion] for emotion in EMOTIONS])


def network_said(reading: Reading) -> tuple[str, float] | None:
    """The network's likeliest emotion and its share, of a reading that corrections moved."""
    if not reading.corrections_used:
        return None
    row = network_row(reading)
    best = int(row.argmax())
    return EMOTIONS[best], float(row[best])


def values_read(*, user_id: int, outcome: Outcome) -> dict[str, Any]:
    """The fields of a reading that the listener's corrections may move, and what they moved.

    Parameters
    ----------
    outcome : one without a `reason`; without corrections of faces alike its values stay as they
        are, to the last bit.
    """
    network = np.array([outcome.probabilities[emotion] for emotion in EMOTIONS])
    moved = personal(network, corrections_of(user_id))
    values: dict[str, Any] = {
        "network_probabilities": outcome.probabilities,
        "corrections_used": moved.corrections_used,
    }
    if not moved.corrections_used:
        return values | {
            "probabilities": outcome.probabilities,
            "valence": outcome.valence,
            "arousal": outcome.arousal,
            "label": outcome.label,
            "confidence": outcome.confidence,
            "unsure": outcome.unsure,
        }
    probabilities = {name: float(moved.probabilities[i]) for i, name in enumerate(EMOTIONS)}
    valence, arousal = point_of(probabilities)
    best = int(moved.probabilities.argmax())
    return values | {
        "probabilities": probabilities,
        "valence": valence,
        "arousal": arousal,
        "label": EMOTIONS[best],
        "confidence": probabilities[EMOTIONS[best]],
        "unsure": probabilities[EMOTIONS[best]] < outcome.unsure_below,
    }
