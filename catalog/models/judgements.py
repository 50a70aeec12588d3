"""Judgements of songs by people and models; what a song's moods are is derived from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models.edits import Edit
from catalog.models.moods import Mood
from catalog.models.songs import Song


class Source(models.TextChoices):
    """Who or what judged; whose judgement outranks whose see `catalog.services.consensus`."""

    MODEL = "model"
    GENERATOR = "generator"
    TABLE = "table"
    FOLDER = "folder"
    LISTENER = "listener"
    CURATOR = "curator"


class Judgement(models.Model):
    """What all judgements of a song share; never edited, answered by later ones."""

    # The index below, of song and source, serves this key, too.
    song = models.ForeignKey(Song, models.CASCADE, related_name="%(class)ss", db_index=False)
    source = models.CharField(max_length=10, choices=Source)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: Which model, table or folder; "" for people.
    detail = models.CharField(max_length=80, blank=True)
    #: Takes back that one judgement: neither of the two counts, and this one says nothing of its
    #: own: `present` is the other's contrary, a point is not named.
    answers = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="answered", db_index=False
    )
    #: What a curator did at the desk in one go, of which this is a part.
    edit = models.ForeignKey(
        Edit, models.SET_NULL, null=True, blank=True, related_name="%(class)ss", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        # `isnull`, because SQLite sees that a condition is met only where it says IS NOT NULL.
        indexes = [
            models.Index(fields=["song", "source"], name="%(class)s_by_song"),
            # Few judgements have either, and imports write very many that have none.
            models.Index(
                fields=["answers"], name="%(class)s_by_answer", condition=Q(answers__isnull=False)
            ),
            models.Index(
                fields=["edit"], name="%(class)s_by_edit", condition=Q(edit__isnull=False)
            ),
        ]


class Annotation(Judgement):
    """One judgement that a song has a mood, or lacks it."""

    Source = Source

    mood = models.ForeignKey(Mood, models.CASCADE, related_name="annotations")
    #: False: the judge says that the song does not have this mood.
    present = models.BooleanField(default=True)
    #: 0..1 as a model states it; null for people, who state none.
    confidence = models.FloatField(null=True, blank=True)

    class Meta(Judgement.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__range=(0, 1)),
                name="annotation_confidence",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {'yes' if self.present else 'no'}"


class Placement(Judgement):
    """One judgement of where a song lies on the circumplex, or that this cannot be told."""

    #: Both, or none where the judge only says whether the mood can be told.
    valence = models.FloatField(null=True, blank=True)
    arousal = models.FloatField(null=True, blank=True)
    ambiguous = models.BooleanField(default=False)

    class Meta(Judgement.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(valence=None, arousal=None)
                | Q(valence__range=(-1, 1), arousal__range=(-1, 1)),
                name="placement_on_the_plane",
            )
        ]

    def __str__(self) -> str:
        return "ambiguous" if self.ambiguous else f"{self.valence}, {self.arousal}"
