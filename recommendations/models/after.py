"""How listeners say they were after a list, and whether they want to be asked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from emotions.models import Emotion
from recommendations.models.lists import SongList


class MoodAfter(models.Model):
    """The question "How are you now?" about one list: asked once, answered or not."""

    class Answer(models.TextChoices):
        BETTER = "better"
        SAME = "same"
        WORSE = "worse"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="moods_after")
    song_list = models.OneToOneField(SongList, models.CASCADE, related_name="mood_after")
    #: Empty where the listener did not answer.
    answer = models.CharField(max_length=6, choices=Answer, blank=True)
    #: What the listener added to the answer, if anything: an emotion, or a point of the plane.
    emotion = models.CharField(max_length=8, choices=Emotion, blank=True)
    valence = models.FloatField(null=True, blank=True)
    arousal = models.FloatField(null=True, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    #: When it was answered or put away; from then on it is not shown again.
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "moods after"
        indexes = [models.Index(fields=["user", "answer"], name="after_by_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valence=None, arousal=None)
                | Q(valence__range=(-1, 1), arousal__range=(-1, 1)),
                name="after_on_the_plane",
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer or 'no answer'} after {self.song_list_id}"


class JournalWishes(models.Model):
    """What a listener wants of the journal; without a row, as the defaults have it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="journal_wishes"
    )
    #: Whether to ask "How are you now?" after a list.
    asks_after = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "journal wishes"

    def __str__(self) -> str:
        return f"journal wishes of {self.user_id}"
