"""Captures and readings for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from emotions.inference import Outcome
from emotions.models import Capture, Reading
from tests.factories import UserFactory

#: Probabilities of a smile, in FER2013 order.
SMILE = {
    "angry": 0.02,
    "disgust": 0.01,
    "fear": 0.02,
    "happy": 0.8,
    "sad": 0.03,
    "surprise": 0.02,
    "neutral": 0.1,
}
SMILE_READ = Outcome(
    faces_seen=1,
    probabilities=SMILE,
    valence=0.6,
    arousal=0.43,
    label="happy",
    confidence=0.8,
    model_version="abcdef012345",
)


class CaptureFactory(factory.django.DjangoModelFactory[Capture]):
    """A pending capture of a consenting listener, without frames; `age` moves it into the past."""

    class Meta:
        model = Capture
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory, consented=True)
    frame_count = 1

    @factory.post_generation
    def age(self: Capture, create: bool, extracted: timedelta | None, **kwargs: Any) -> None:
        if create and extracted:
            self.created_at = self.rung_at = timezone.now() - extracted
            self.save(update_fields=["created_at", "rung_at"])


class ReadingFactory(factory.django.DjangoModelFactory[Reading]):
    """A reading of a smile."""

    class Meta:
        model = Reading

    user = factory.SubFactory(UserFactory)
    source = Reading.Source.FACE
    probabilities = SMILE
    valence = 0.6
    arousal = 0.43
    label = "happy"
    confidence = 0.8
    model_version = "abcdef012345"
