"""What listeners change of what the system believes of them, kept so that it can be undone."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from emotions.models import Emotion


class TasteEdit(models.Model):
    """One change of a listener's own events, with the rows as they were before it.

    Rows that a change took away are nowhere but here: nothing that makes lists or trains models has
    to know of it. Plays stay, marked as private, and point at their edit; see `Play.unused_by`.
    """

    class Kind(models.TextChoices):
        STARS = "stars"
        RATING = "rating"
        VERDICT = "verdict"
        FAVOURITE = "favourite"
        ARTIST = "artist"
        PLAY = "play"
        HEARD = "heard"
        NUDGE = "nudge"
        RESET = "reset"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="taste_edits")
    kind = models.CharField(max_length=9, choices=Kind)
    #: Of a reset: the mood it was for; "" with `whole` false for what holds in any mood.
    emotion = models.CharField(max_length=8, choices=Emotion, blank=True)
    whole = models.BooleanField(default=False)
    #: What it was about, in words: a song's title, an artist or a genre.
    name = models.CharField(max_length=200, blank=True)
    #: {model name: rows}, each {column: value} with times in ISO 8601.
    before = models.JSONField(default=dict)
    #: Of changed stars: the row as the change left it.
    after = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="edit_by_user")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"
