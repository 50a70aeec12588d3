"""Reading captures and readings, each only for the listener they belong to."""

from __future__ import annotations

import numpy as np
from django.db.models import QuerySet

from accounts.models import User
from emotions.models import Capture, Reading
from ml.emotion.labels import EMOTIONS, valence_arousal

#: A change over a burst that is worth a sentence; below it lies what one face held still gives.
NOTICEABLE_CHANGE = 0.3


def captures_of(user: User) -> QuerySet[Capture]:
    """The listener's captures with their readings, newest first."""
    return Capture.objects.filter(user=user).select_related("reading").order_by("-created_at")


def readings_of(user: User) -> QuerySet[Reading]:
    """The listener's readings, newest first."""
    return Reading.objects.filter(user=user).order_by("-created_at")


def probabilities_in_force(reading: Reading) -> dict[str, float]:
    """What counts from here on: certainty of the listener's own word, else what was read.

    Returns
    -------
    {emotion: probability} for all seven emotions in FER2013 order, summing to 1.
    """
    if reading.corrected_to:
        return one_hot(reading.corrected_to)
    return {emotion: float(reading.probabilities[emotion]) for emotion in EMOTIONS}


def valence_arousal_in_force(reading: Reading) -> tuple[float, float]:
    """The point on the circumplex that counts from here on; each -1..1."""
    return pointed_at(reading) or point_of(probabilities_in_force(reading))


def pointed_at(reading: Reading) -> tuple[float, float] | None:
    """The point of the plane that the listener pointed at; None for faces and for words."""
    by_hand = reading.source == Reading.Source.MANUAL and not reading.corrected_to
    # A word by hand is certain, a point never is: no emotion lies alone.
    return (reading.valence, reading.arousal) if by_hand and reading.confidence < 1 else None


def one_hot(emotion: str) -> dict[str, float]:
    """Certainty of one emotion, as probabilities."""
    return {name: float(name == emotion) for name in EMOTIONS}


def point_of(probabilities: dict[str, float]) -> tuple[float, float]:
    """Valence and arousal, each -1..1, of probabilities of the seven emotions."""
    row = np.array([probabilities[emotion] for emotion in EMOTIONS])
    valence, arousal = valence_arousal(row)
    return float(valence), float(arousal)


def moved_from(reading: Reading) -> str | None:
    """The emotion a burst began with, where it plainly went to another one; else None."""
    burst = reading.burst
    if not burst or burst["change"] < NOTICEABLE_CHANGE:
        return None
    onset: str = burst["onset"]["label"]
    return onset if onset != burst["apex"]["label"] else None
