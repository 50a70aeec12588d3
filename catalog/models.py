"""Artists, songs, song moods and the judgements they come from."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords


class Mood(models.Model):
    """A mood of songs, with its point on the circumplex; admins may add more."""

    slug = models.SlugField(unique=True, max_length=30)
    name = models.CharField(max_length=40)
    valence = models.FloatField(help_text="-1 (unpleasant) to 1 (pleasant)")
    arousal = models.FloatField(help_text="-1 (calm) to 1 (excited)")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valence__range=(-1, 1), arousal__range=(-1, 1)),
                name="mood_on_the_plane",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Artist(models.Model):
    """Who made a song."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Revision(models.Model):
    """A single row that counts changes to the catalogue, so that caches reload what changed."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Song(models.Model):
    """A catalogue entry. Generated songs name their piece; imported ones their file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    artist = models.ForeignKey(Artist, models.PROTECT, related_name="songs")
    genre = models.CharField(max_length=60, blank=True)
    duration_s = models.FloatField(help_text="seconds")
    licence = models.CharField(max_length=60, help_text="SPDX identifier, e.g. CC0-1.0")
    credit = models.CharField(max_length=200)
    #: Slug of a piece of our generator (ml.audio); "" for songs with a file.
    piece = models.SlugField(max_length=40, blank=True)
    moods = models.ManyToManyField(Mood, related_name="songs", blank=True)
    #: Measured by ml.audio.analyse: {feature name: value}; {} while unmeasured.
    features = models.JSONField(default=dict, blank=True)
    #: Point on the circumplex, derived from the consensus moods (mean of their points).
    valence = models.FloatField(default=0)
    arousal = models.FloatField(default=0)
    hidden = models.BooleanField(default=False, help_text="Hidden songs are in no list.")
    #: Value of Revision.number at the last change that lists must follow.
    revision = models.PositiveBigIntegerField(default=0, editable=False, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords(
        m2m_fields=[moods], excluded_fields=["features", "valence", "arousal", "revision"]
    )

    class Meta:
        ordering = ["title", "id"]
        indexes = [
            # Pages and counts of what listeners see, without reading rows that hold features.
            models.Index(fields=["hidden", "title", "id"], name="song_by_title"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["piece"], condition=~Q(piece=""), name="piece_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Annotation(models.Model):
    """One judgement that a song has a mood, with its source; the consensus is derived from them."""

    class Source(models.TextChoices):
        GENERATOR = "generator"
        CURATOR = "curator"

    song = models.ForeignKey(Song, models.CASCADE, related_name="annotations")
    mood = models.ForeignKey(Mood, models.CASCADE, related_name="annotations")
    source = models.CharField(max_length=10, choices=Source)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: False: the judge says that the song does not have this mood.
    present = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["song", "source"], name="annotation_by_song")]

    def __str__(self) -> str:
        return f"{self.source}: {'yes' if self.present else 'no'}"
