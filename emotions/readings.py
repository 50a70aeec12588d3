"""Readings that a listener states or corrects."""

from __future__ import annotations

import math

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from emotions.models import Emotion, Reading
from emotions.points import probabilities_at
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
    return _by_hand(user, probabilities, *point_of(probabilities))


def reading_at_point(*, user: User, valence: float, arousal: float) -> Reading:
    """A reading the listener points at on the plane, without any picture or consent.

    Its point is exactly the one given; its probabilities say how near that lies to each emotion
    (`emotions.points.probabilities_at`), its label is the nearest and its confidence the label's
    probability.

    Raises
    ------
    DomainError
        invalid 400 for a valence or arousal outside -1..1.
    """
    outside = [
        name
        for name, value in (("valence", valence), ("arousal", arousal))
        if not math.isfinite(value) or abs(value) > 1
    ]
    if outside:
        words = _("Give a number from -1 to 1.")
        raise DomainError("invalid", words, errors={name: [words] for name in outside})
    probabilities = probabilities_at(valence, arousal)
    return _by_hand(user, probabilities, valence, arousal)


def _by_hand(
    user: User, probabilities: dict[str, float], valence: float, arousal: float
) -> Reading:
    """Labelled with the likeliest emotion."""
    label = max(probabilities, key=lambda emotion: probabilities[emotion])
    return Reading.objects.create(
        user=user,
        source=Reading.Source.MANUAL,
        probabilities=probabilities,
        valence=valence,
        arousal=arousal,
        label=label,
        confidence=probabilities[label],
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
        raise DomainError("unknown_emotion", _("Pick one of %s.") % allowed, 400)
