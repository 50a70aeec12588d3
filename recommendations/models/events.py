"""The events people leave on songs: ratings, plays and verdicts."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.models import Song
from emotions.models import Emotion
from recommendations.models.lists import SongList
from recommendations.models.situation import Activity, DayPart


class Rating(models.Model):
    """1-5 stars for a song, in the mood it was heard in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="ratings")
    song = models.ForeignKey(Song, models.CASCADE, related_name="ratings")
    emotion = models.CharField(max_length=8, choices=Emotion, blank=True)
    #: The situation of the list it was heard in, as the emotion.
    activity = models.CharField(max_length=14, choices=Activity, blank=True)
    daypart = models.CharField(max_length=9, choices=DayPart, blank=True)
    stars = models.PositiveSmallIntegerField()
    song_list = models.ForeignKey(SongList, models.SET_NULL, null=True, related_name="+")
    #: Given in a private stretch: a note for its listener, which no list and no model reads.
    private = models.BooleanField(default=False)
    #: When the stars were given; `updated_at` is when we heard of it, later for a device that was
    #: offline.
    rated_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "song", "emotion", "private"], name="one_rating_a_mood"
            ),
            models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="one_to_five_stars"),
        ]

    def __str__(self) -> str:
        return f"{self.stars} stars for {self.song_id}"


class Play(models.Model):
    """A listening event; the client reports how far it got."""

    class Outcome(models.TextChoices):
        PLAYING = "playing"
        COMPLETED = "completed"
        SKIPPED = "skipped"
        ABANDONED = "abandoned"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="plays")
    song = models.ForeignKey(Song, models.CASCADE, related_name="plays")
    song_list = models.ForeignKey(SongList, models.SET_NULL, null=True, related_name="plays")
    emotion = models.CharField(max_length=8, choices=Emotion, blank=True)
    #: The situation of the list it was heard in, as the emotion.
    activity = models.CharField(max_length=14, choices=Activity, blank=True)
    daypart = models.CharField(max_length=9, choices=DayPart, blank=True)
    #: Furthest position reached, seconds.
    position_s = models.FloatField(default=0)
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.PLAYING)
    #: Started in a private stretch: no list and no model reads it.
    private = models.BooleanField(default=False)
    #: The listener's wish not to use it, which made it private; null for other private plays.
    unused_by = models.ForeignKey(
        "recommendations.TasteEdit", models.SET_NULL, null=True, related_name="plays"
    )
    #: When the sound began; for a device that was offline, earlier than the row.
    started_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-started_at"], name="play_by_user"),
            # What was played most, counted song by song without reading a row.
            models.Index(
                fields=["user", "outcome", "song", "started_at", "private"], name="play_by_song"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} play of {self.song_id}"


class Nudge(models.Model):
    """ "More like this", or "less like this now": about songs like this one.

    "More" holds in the mood it was said in (in any where none was named) and fades over months;
    "less" holds whatever the mood, for some hours. Neither hides a song.
    """

    class Kind(models.TextChoices):
        MORE = "more"
        LESS = "less"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="nudges")
    song = models.ForeignKey(Song, models.CASCADE, related_name="nudges")
    kind = models.CharField(max_length=4, choices=Kind)
    emotion = models.CharField(max_length=8, choices=Emotion, blank=True)
    song_list = models.ForeignKey(SongList, models.SET_NULL, null=True, related_name="+")
    #: Said in a private stretch: it counts while that runs and teaches nothing.
    private = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "song", "kind", "emotion"], name="one_nudge_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} like {self.song_id}"


class Verdict(models.Model):
    """ "Not this", in one of four meanings.

    The first three are about the song. "Wrong mood" is about the listener: the list's reading was
    wrong. It says so by correcting that reading, and keeps what it replaced, to be taken back.
    """

    class Kind(models.TextChoices):
        NOT_NOW = "not_now"
        NOT_FOR_THIS_MOOD = "not_for_this_mood"
        NEVER = "never"
        WRONG_MOOD = "wrong_mood"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="verdicts")
    song = models.ForeignKey(Song, models.CASCADE, related_name="verdicts")
    kind = models.CharField(max_length=17, choices=Kind)
    emotion = models.CharField(max_length=8, choices=Emotion, blank=True)
    song_list = models.ForeignKey(SongList, models.SET_NULL, null=True, related_name="+")
    #: It hides its song and teaches nothing: said in a private stretch.
    private = models.BooleanField(default=False)
    #: Of a wrong mood: the listener's word, and the correction it replaced ("" and null for none).
    right_emotion = models.CharField(max_length=8, choices=Emotion, blank=True)
    replaced_emotion = models.CharField(max_length=8, choices=Emotion, blank=True)
    replaced_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "song", "kind", "emotion"],
                condition=~Q(kind="wrong_mood"),
                name="one_verdict_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.song_id}"
