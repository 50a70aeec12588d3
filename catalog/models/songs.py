"""Artists, albums and songs."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

from catalog.models.moods import Mood


class Artist(models.Model):
    """Who made a song."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Album(models.Model):
    """Songs that came out together."""

    title = models.CharField(max_length=200)
    #: Of the album as a whole; its songs may have others.
    artist = models.ForeignKey(Artist, models.PROTECT, related_name="albums")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    #: Name of the cover's file among the covers, made of its content; "" without a cover.
    cover = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["title", "id"]
        indexes = [models.Index(fields=["title", "id"], name="album_by_title")]
        constraints = [models.UniqueConstraint(fields=["artist", "title"], name="album_once")]

    def __str__(self) -> str:
        return self.title


class Song(models.Model):
    """A catalogue entry. Generated songs name their piece; imported ones have files, or none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    artist = models.ForeignKey(Artist, models.PROTECT, related_name="songs")
    album = models.ForeignKey(Album, models.SET_NULL, null=True, blank=True, related_name="songs")
    track_number = models.PositiveSmallIntegerField(null=True, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    #: For the order by year, in which songs without one come last whatever the database thinks.
    year_listed = models.GeneratedField(
        expression=Coalesce("year", 0),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    genre = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=12, blank=True, help_text="BCP 47 tag, e.g. en or hi")
    explicit = models.BooleanField(null=True, blank=True, help_text="Empty: nobody has said.")
    isrc = models.CharField("ISRC", max_length=12, blank=True)
    duration_s = models.FloatField(help_text="seconds")
    licence = models.CharField(
        max_length=60, blank=True, help_text="SPDX identifier, e.g. CC0-1.0; empty: unknown"
    )
    credit = models.CharField(max_length=200, blank=True)
    #: Slug of a piece of our generator (ml.audio); "" for other songs.
    piece = models.SlugField(max_length=40, blank=True)
    #: Where the entry came from, such as "spotify", and what it is called there; by both a second
    #: import finds it again.
    origin = models.CharField(max_length=40, blank=True)
    origin_id = models.CharField(max_length=200, blank=True)
    #: Who alone may see and hear it; null for everyone's.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="own_songs",
        db_index=False,  # most songs have none: SQLite would look all of those up in it
    )
    moods = models.ManyToManyField(Mood, related_name="songs", blank=True)
    #: Measured by ml.audio or given by a table: {feature name: value}; {} while unmeasured.
    features = models.JSONField(default=dict, blank=True)
    #: Point on the circumplex, derived from the consensus: where people placed the song, else the
    #: mean of its moods' points.
    valence = models.FloatField(default=0)
    arousal = models.FloatField(default=0)
    #: Derived: whether the point is known; the song rests at 0, 0 while it is not.
    placed = models.BooleanField(default=False)
    #: Derived: the least confidence (0..1) among its standing moods; people's count 1, null
    #: without moods.
    mood_confidence = models.FloatField(null=True, blank=True)
    #: Derived: whether people disagree about a mood of it.
    disputed = models.BooleanField(default=False)
    #: Derived: whether people have said that its mood cannot be told.
    ambiguous = models.BooleanField(default=False)
    #: Derived: whether an audio file of it is where it should be.
    has_files = models.BooleanField(default=False)
    #: Derived: why a curator should listen to it, one of catalog.services.priority.Doubt; "" for
    #: no reason.
    doubt = models.CharField(max_length=10, blank=True, default="unlabelled", editable=False)
    #: Listeners who played or rated it, counted now and then.
    reach = models.PositiveIntegerField(default=0, editable=False)
    #: Derived: what a curator's label would gain, see catalog.services.priority; 0 without a doubt.
    gain = models.FloatField(default=1, editable=False)
    hidden = models.BooleanField(default=False, help_text="Hidden songs are in no list.")
    #: Value of Revision.number at the last change that lists must follow.
    revision = models.PositiveBigIntegerField(default=0, editable=False, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords(
        m2m_fields=[moods],
        excluded_fields=[
            "features", "valence", "arousal", "placed", "mood_confidence", "disputed", "has_files",
            "doubt", "reach", "gain", "revision", "year_listed",
        ],
    )  # fmt: skip

    class Meta:
        ordering = ["title", "id"]
        indexes = [
            # Pages and counts of what listeners see, without reading rows that hold features.
            models.Index(fields=["title", "id", "hidden", "owner"], name="song_by_title"),
            models.Index(fields=["created_at", "id"], name="song_by_age"),
            models.Index(fields=["-year_listed", "title", "id"], name="song_by_year"),
            # The curation desk asks for the unlabelled and the unsure.
            models.Index(fields=["mood_confidence", "id"], name="song_by_confidence"),
            # `isnull`, because SQLite sees that it is met only where it says IS NOT NULL.
            models.Index(fields=["owner"], name="song_by_owner", condition=Q(owner__isnull=False)),
            # The desk's queue, in its order.
            models.Index(fields=["doubt", "-gain", "id"], name="song_by_gain"),
            # The map counts songs by their points, again without reading their features.
            models.Index(
                fields=["placed", "hidden", "owner", "valence", "arousal"], name="song_on_the_map"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["piece"], condition=~Q(piece=""), name="piece_once"),
            models.UniqueConstraint(
                fields=["origin", "origin_id"], condition=~Q(origin_id=""), name="origin_once"
            ),
            models.CheckConstraint(
                condition=Q(valence__range=(-1, 1), arousal__range=(-1, 1)),
                name="song_on_the_plane",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_audio(self) -> bool:
        """Whether it can be heard: a generated piece, or a file that is there."""
        return bool(self.piece) or self.has_files
