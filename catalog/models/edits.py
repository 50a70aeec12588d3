"""What curators do at the desk, each in one go, so that it can be shown and undone as a whole."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models.songs import Song


class Edit(models.Model):
    """A label of one song, or a change of many; its judgements name it and are undone with it."""

    class Kind(models.TextChoices):
        LABEL = "label"
        #: A second label, given without sight of the first.
        BLIND = "blind"
        BULK = "bulk"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=5, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: Of a label; null for a change of many.
    song = models.ForeignKey(Song, models.CASCADE, null=True, blank=True, related_name="edits")
    #: A label: {"moods": [slug], "point": [valence, arousal] or null, "ambiguous": bool}.
    #: A change of many: {"action": ..., "moods": [slug], "filter": its words}.
    what = models.JSONField(default=dict)
    #: Songs judged, and those among them whose moods changed.
    songs = models.PositiveIntegerField(default=1)
    changed = models.PositiveIntegerField(default=0)
    #: Seconds from a song's appearing to its label; null where nobody measured.
    seconds = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["kind", "-created_at"], name="edit_by_kind"),
            models.Index(fields=["by", "song"], name="edit_by_curator"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="bulk", song=None) | (~Q(kind="bulk") & Q(song__isnull=False)),
                name="edit_of_one_song_or_many",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.songs}"
