"""Readings by hand, corrections, and what is in force."""

from __future__ import annotations

from typing import Any

import pytest

from emotions import selectors, services
from emotions.models import Emotion
from ml.emotion.labels import EMOTIONS
from moodmusic.problems import DomainError
from tests.emotions.factories import SMILE, ReadingFactory

pytestmark = pytest.mark.django_db


def test_our_emotions_are_those_of_the_network_in_its_order() -> None:
    assert tuple(Emotion.values) == EMOTIONS


@pytest.mark.parametrize(
    ("emotion", "valence", "arousal"), [("sad", -0.63, -0.27), ("neutral", 0, 0)]
)
def test_a_mood_by_hand_is_certain_and_needs_no_consent(
    owner: Any, emotion: str, valence: float, arousal: float
) -> None:
    reading = services.reading_by_hand(user=owner, emotion=emotion)

    reading.refresh_from_db()
    assert reading.probabilities == {name: float(name == emotion) for name in EMOTIONS}
    assert (reading.valence, reading.arousal) == (valence, arousal)
    assert (reading.source, reading.label, reading.confidence) == ("manual", emotion, 1.0)
    assert (reading.unsure, reading.model_version, reading.capture) == (False, "", None)


def test_a_correction_counts_and_what_was_read_stays() -> None:
    # Given a smile
    reading = ReadingFactory()
    assert selectors.probabilities_in_force(reading) == SMILE

    # When its listener says it was sadness
    services.reading_correct(reading=reading, emotion="sad")

    # Then sadness is in force, certain, and the smile is still on record
    reading.refresh_from_db()
    assert (reading.emotion, reading.label) == ("sad", "happy")
    assert reading.probabilities == SMILE
    assert reading.corrected_at is not None
    assert selectors.probabilities_in_force(reading) == {
        name: float(name == "sad") for name in EMOTIONS
    }
    assert selectors.valence_arousal_in_force(reading) == (-0.63, -0.27)

    # And taking it back restores the smile
    services.reading_uncorrect(reading=reading)
    reading.refresh_from_db()
    assert (reading.emotion, reading.corrected_to, reading.corrected_at) == ("happy", "", None)
    assert selectors.probabilities_in_force(reading) == SMILE


def test_an_unknown_emotion_is_refused_with_the_known_ones(owner: Any) -> None:
    with pytest.raises(DomainError, match="angry, disgust, fear, happy") as by_hand:
        services.reading_by_hand(user=owner, emotion="hungry")
    reading = ReadingFactory()
    with pytest.raises(DomainError) as corrected:
        services.reading_correct(reading=reading, emotion="")
    assert by_hand.value.code == corrected.value.code == "unknown_emotion"
    reading.refresh_from_db()
    assert reading.corrected_at is None


def test_listeners_see_their_own_only_newest_first(owner: Any, other: Any) -> None:
    first, second = ReadingFactory(user=owner), ReadingFactory(user=owner)
    theirs = ReadingFactory(user=other)
    assert list(selectors.readings_of(owner)) == [second, first]
    assert list(selectors.readings_of(other)) == [theirs]
