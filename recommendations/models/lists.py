"""Lists and their songs."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models import Song
from emotions.models import Emotion, Reading
from recommendations.models.learning import ModelVersion
from recommendations.models.policy import Goal
from recommendations.models.sentences import SENTENCES, sentence_of
from recommendations.models.situation import Activity, DayPart


class SongList(models.Model):
    """The ranked songs given for one reading and goal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="lists")
    reading = models.ForeignKey(Reading, models.CASCADE, related_name="lists")
    #: The emotion in force when the list was made.
    emotion = models.CharField(max_length=8, choices=Emotion)
    goal = models.CharField(max_length=5, choices=Goal)
    #: Whether the songs lead step by step from the mood read to the goal.
    journey = models.BooleanField(default=False)
    #: What the listener was doing, where they said so, and the time of day; both empty where the
    #: operator has turned the situation off.
    activity = models.CharField(max_length=14, choices=Activity, blank=True)
    daypart = models.CharField(max_length=9, choices=DayPart, blank=True)
    valence = models.FloatField()
    arousal = models.FloatField()
    model = models.ForeignKey(ModelVersion, models.SET_NULL, null=True, related_name="+")
    #: Weight of the collaborative score in the blend, 0..1.
    collaborative_weight = models.FloatField()
    #: The listener's wish for new songs when the list was made, in percent.
    new_percent = models.PositiveSmallIntegerField(null=True)
    #: A reset of taste after which its songs no longer count as lately shown.
    unused_by = models.ForeignKey(
        "recommendations.TasteEdit", models.SET_NULL, null=True, related_name="lists"
    )
    #: The list that it began as, where it keeps what was heard of one and ranks the rest anew.
    began_as = models.ForeignKey("self", models.SET_NULL, null=True, related_name="tails")
    #: Whether the listener went back to the one before it, taking back what it had followed.
    taken_back = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="list_by_user")]

    def __str__(self) -> str:
        return f"{self.goal} list for {self.emotion}"

    @property
    def root_id(self) -> uuid.UUID:
        """Of the list this one began as, or its own."""
        return self.began_as_id or self.pk


class ListItem(models.Model):
    """A song at a place of a list, with the parts that sum to its score."""

    song_list = models.ForeignKey(SongList, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    song = models.ForeignKey(Song, models.CASCADE, related_name="+")
    score = models.FloatField()
    #: {"mood": 0.41, "collaborative": 0.2, "taste": 0.1, "fresh": -0.05, "explore": 0.0}
    parts = models.JSONField()
    #: The reason in English, and where it is one of SENTENCES, its key with what is put into it.
    reason = models.CharField(max_length=200)
    because = models.JSONField(default=dict)
    #: Chance that this song came into this list, given all that was known: 1 where its score alone
    #: decided, less where it was tried out (ml.recommend.explore); None in lists older than that.
    propensity = models.FloatField(null=True)
    #: Whether the place was drawn, to try the song out.
    tried = models.BooleanField(default=False)
    #: Whether the listener had neither heard nor rated the song by then.
    new = models.BooleanField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["song_list", "position"], name="one_song_a_place"),
            models.UniqueConstraint(fields=["song_list", "song"], name="a_song_once_a_list"),
            models.CheckConstraint(
                condition=Q(propensity__isnull=True) | Q(propensity__gt=0, propensity__lte=1),
                name="propensity_is_a_chance",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.song_id}"

    @property
    def said(self) -> str:
        """The reason in the language in force; as it was kept, in lists older than the keys."""
        values = dict(self.because)
        key = values.pop("key", None)
        return sentence_of(key, values) if key in SENTENCES else self.reason
