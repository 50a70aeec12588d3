"""Lists, and the events people leave on songs: ratings, plays and verdicts."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from catalog.models import Artist, Song
from emotions.models import Emotion, Reading


class Goal(models.TextChoices):
    """What the listener wants from the music."""

    MATCH = "match"
    LIFT = "lift"
    CALM = "calm"
    FOCUS = "focus"


#: A feature of almost all songs lies within so many standard deviations of the mean.
WISH_MOST = 3.0


def wishes_validate(wishes: object) -> None:
    """Refuse what is not {feature name: number of standard deviations}, naming the culprit."""
    if not isinstance(wishes, dict):
        raise ValidationError('Give an object of feature names and numbers: {"energy": -1}.')
    for name, value in wishes.items():
        if not name.strip():
            raise ValidationError("A feature has no name.")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError(f"{name}: give a number, in standard deviations from the mean.")
        if not 0 < abs(value) <= WISH_MOST:
            raise ValidationError(
                f"{name}: give a number from -{WISH_MOST:g} to {WISH_MOST:g}, and not 0; "
                "leave out a feature that does not matter."
            )


class Policy(models.Model):
    """The target that an emotion and a goal ask for; data an admin may edit.

    `wishes` are features of the sound that the goal prefers, in standard deviations above or below
    the catalogue's mean; a catalogue without a feature goes on without the wish.
    """

    emotion = models.CharField(max_length=8, choices=Emotion)
    goal = models.CharField(max_length=5, choices=Goal)
    valence = models.FloatField()
    arousal = models.FloatField()
    wishes = models.JSONField(
        default=dict,
        blank=True,
        validators=[wishes_validate],
        help_text='Sound that is preferred, e.g. {"instrumentalness": 1, "dynamic_range_db": -1}: '
        "standard deviations from the mean of the catalogue, -3 to 3. Songs and catalogues "
        "without the feature go on without it.",
    )

    class Meta:
        verbose_name_plural = "policies"
        ordering = ["emotion", "goal"]
        constraints = [
            models.UniqueConstraint(fields=["emotion", "goal"], name="one_target_each"),
            models.CheckConstraint(
                condition=Q(valence__range=(-1, 1), arousal__range=(-1, 1)),
                name="target_on_the_plane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.emotion}, {self.goal}"


class ModelVersion(models.Model):
    """One trained collaborative model; at most one is active."""

    number = models.PositiveIntegerField(unique=True)
    active = models.BooleanField(default=False)
    #: When it was last made active; never is what a trial found worse.
    activated_at = models.DateTimeField(null=True)
    #: Folder under settings.MODELS_DIR, with the sha256 of its manifest.
    artifact = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    users = models.PositiveIntegerField()
    songs = models.PositiveIntegerField()
    events = models.PositiveIntegerField()
    #: Time of the latest event the training saw.
    through = models.DateTimeField()
    metrics = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="one_active")
        ]

    def __str__(self) -> str:
        return f"model {self.number}"


class Lease(models.Model):
    """The right to do a job alone, until a time; whoever dies holding it loses it then."""

    job = models.CharField(max_length=20, unique=True)
    holder = models.UUIDField(null=True)
    until = models.DateTimeField(null=True)
    #: Events that came in since the job last began.
    waiting = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.job} until {self.until}"


class Taste(models.Model):
    """A listener's factors under the active model; always recomputable from the events."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="taste")
    model = models.ForeignKey(ModelVersion, models.CASCADE, null=True, related_name="+")
    #: Little-endian float32; empty while there is no model.
    factors = models.BinaryField(default=bytes)
    #: Events the factors know, and the time of the latest; a list compares them with the events.
    events = models.PositiveIntegerField(default=0)
    through = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"taste of {self.user_id}, version {self.version}"


class ListWishes(models.Model):
    """How a listener wants lists to be made; without a row, as the scores have it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="wishes")
    #: Percent of songs that the listener has not met; None leaves it to the scores.
    new_percent = models.PositiveSmallIntegerField(null=True)
    #: Known songs first, those played most often before the others.
    familiar_first = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "list wishes"
        constraints = [
            models.CheckConstraint(
                condition=Q(new_percent__isnull=True) | Q(new_percent__range=(0, 100)),
                name="new_percent_0_to_100",
            )
        ]

    def __str__(self) -> str:
        return f"wishes of {self.user_id}"


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
    valence = models.FloatField()
    arousal = models.FloatField()
    model = models.ForeignKey(ModelVersion, models.SET_NULL, null=True, related_name="+")
    #: Weight of the collaborative score in the blend, 0..1.
    collaborative_weight = models.FloatField()
    #: The listener's wish for new songs when the list was made, in percent.
    new_percent = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="list_by_user")]

    def __str__(self) -> str:
        return f"{self.goal} list for {self.emotion}"


class ListItem(models.Model):
    """A song at a place of a list, with the parts that sum to its score."""

    song_list = models.ForeignKey(SongList, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    song = models.ForeignKey(Song, models.CASCADE, related_name="+")
    score = models.FloatField()
    #: {"mood": 0.41, "collaborative": 0.2, "taste": 0.1, "fresh": -0.05, "explore": 0.0}
    parts = models.JSONField()
    reason = models.CharField(max_length=200)
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


class Rating(models.Model):
    """1-5 stars for a song, in the mood it was heard in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="ratings")
    song = models.ForeignKey(Song, models.CASCADE, related_name="ratings")
    emotion = models.CharField(max_length=8, choices=Emotion, blank=True)
    stars = models.PositiveSmallIntegerField()
    song_list = models.ForeignKey(SongList, models.SET_NULL, null=True, related_name="+")
    #: Given in a private stretch: a note for its listener, which no list and no model reads.
    private = models.BooleanField(default=False)
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
    #: Furthest position reached, seconds.
    position_s = models.FloatField(default=0)
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.PLAYING)
    #: Started in a private stretch: no list and no model reads it.
    private = models.BooleanField(default=False)
    started_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-started_at"], name="play_by_user")]

    def __str__(self) -> str:
        return f"{self.outcome} play of {self.song_id}"


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


class Favourite(models.Model):
    """An artist or a genre that a listener named as a favourite, as a first taste."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourites")
    artist = models.ForeignKey(Artist, models.CASCADE, null=True, related_name="+")
    genre = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(artist=None) & ~Q(genre="") | Q(artist__isnull=False, genre=""),
                name="favourite_artist_or_genre",
            ),
            models.UniqueConstraint(fields=["user", "artist"], name="an_artist_named_once"),
            models.UniqueConstraint(
                fields=["user", "genre"], condition=~Q(genre=""), name="a_genre_named_once"
            ),
        ]

    def __str__(self) -> str:
        return f"favourite {self.genre or self.artist_id} of {self.user_id}"


class PrivateStretch(models.Model):
    """The time until which nothing is learnt from a listener; the latest one of each."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="private_stretch"
    )
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"private until {self.until}"
