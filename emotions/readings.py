"""Readings that a listener states or corrects."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from emotions.models import Emotion, Reading
from emotions.selectors import one_hot, point_of
from moodmusic.problems import DomainError


def reading_by_hand(*, user: User, emotion: str) -> Reading:
    """A reading the listener picks; certain, without any picture or consent.

    Raises
    ------
    DomainError
        unknown_emotion 400.
    """
    _known(emotion)
    probabilities = one_hot(emotion)
    valence, arousal = point_of(probabilities)
    return Reading.objects.create(
        user=user,
        source=Reading.Source.MANUAL,
        probabilities=probabilities,
        valence=valence,
        arousal=arousal,
        label=emotion,
        confidence=1.0,
    )


def reading_correct(*, reading: Reading, emotion: str) -> Reading:
    """Let the listener's word count instead; what was read stays, for calibration.

    Saying the emotion that was read confirms it, which is kept too.

    Raises
    ------
    DomainError
        unknown_emotion 400.
    """
    _known(emotion)
    reading.corrected_to, reading.corrected_at = emotion, timezone.now()
    reading.save(update_fields=["corrected_to", "corrected_at"])
    return reading


def reading_uncorrect(*, reading: Reading) -> Reading:
    """Take a correction back; nothing to take back is no error."""
    reading.corrected_to, reading.corrected_at = "", None
    reading.save(update_fields=["corrected_to", "corrected_at"])
    return reading


def _known(emotion: str) -> None:
    if emotion not in Emotion.values:
        allowed = ", ".join(Emotion.values)
        raise DomainError("unknown_emotion", f"Pick one of {allowed}.", 400)
