"""A small catalogue with measured features, readings, and lists for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
import numpy as np
from django.conf import settings
from django.utils import timezone

from catalog.models import Artist, Revision, Song
from catalog.services.revision import revision_next
from emotions.models import Reading
from emotions.selectors import one_hot, point_of
from ml.audio.catalogue import MOOD_POINTS
from ml.recommend.factors import Setting
from ml.recommend.hybrid import Choice
from ml.recommend.item_model import ItemModel, Walk
from ml.recommend.model_file import id_bytes, save
from recommendations.models import ModelVersion, Play, Rating, Verdict
from tests.catalog.factories import mood_named
from tests.factories import UserFactory


def catalogue_make(*, per_mood: int = 30, artists_per_mood: int = 10) -> list[Song]:
    """Songs of all seven moods; their features follow the mood's point with a fixed chance.

    "warmth" alone has nothing to do with the mood: it is what tastes within a mood differ in.
    """
    chance = np.random.default_rng(0)
    revision = revision_next()
    songs, moods_of = [], []
    for slug, (valence, arousal) in MOOD_POINTS.items():
        mood = mood_named(slug)
        artists = [
            Artist.objects.get_or_create(name=f"{slug} artist {number}")[0]
            for number in range(artists_per_mood)
        ]
        for number in range(per_mood):
            noise = chance.normal(0, 1, 3)
            songs.append(
                Song(
                    title=f"{slug} song {number}",
                    artist=artists[number % artists_per_mood],
                    genre="test",
                    duration_s=50.0,
                    licence="CC0-1.0",
                    credit="Made for tests",
                    valence=valence,
                    placed=True,
                    arousal=arousal,
                    revision=revision,
                    features={
                        "tempo": float(110 + 30 * arousal + 8 * noise[0]),
                        "brightness": float(2000 + 700 * valence + 300 * noise[1]),
                        "warmth": float(noise[2]),
                    },
                )
            )
            moods_of.append(mood)
    Song.objects.bulk_create(songs, batch_size=500)
    Song.moods.through.objects.bulk_create(
        [
            Song.moods.through(song_id=song.pk, mood_id=mood.pk)
            for song, mood in zip(songs, moods_of, strict=True)
        ],
        batch_size=500,
    )
    assert Revision.objects.get().number == revision
    return songs


class NamedReadingFactory(factory.django.DjangoModelFactory[Reading]):
    """A mood named by hand: certainty of `label`."""

    class Meta:
        model = Reading

    user = factory.SubFactory(UserFactory)
    source = Reading.Source.MANUAL
    label = "happy"
    confidence = 1.0

    @factory.lazy_attribute
    def probabilities(self) -> Any:
        return one_hot(self.label)

    @factory.lazy_attribute
    def valence(self) -> float:
        return point_of(one_hot(self.label))[0]

    @factory.lazy_attribute
    def arousal(self) -> float:
        return point_of(one_hot(self.label))[1]


def community_make(
    songs: list[Song], *, listeners: int = 24, rated: int = 8, groups: int = 2, seed: int = 0
) -> list[Any]:
    """Listeners of `groups` tastes, each loving `rated` songs of its group's; one event a minute.

    Group g loves the songs whose number leaves the remainder g.
    """
    chance = np.random.default_rng(seed)
    users = [UserFactory() for _ in range(listeners)]
    ratings = []
    for number, user in enumerate(users):
        own = [song for index, song in enumerate(songs) if index % groups == number % groups]
        for place in chance.choice(len(own), rated, replace=False):
            ratings.append(Rating(user=user, song=own[place], emotion="happy", stars=5))
    chance.shuffle(ratings)
    Rating.objects.bulk_create(ratings)
    start = timezone.now() - timedelta(minutes=len(ratings) + 1)
    for minute, rating in enumerate(ratings):
        rating.updated_at = start + timedelta(minutes=minute)
    Rating.objects.bulk_update(ratings, ["updated_at"])
    return users


class RatingFactory(factory.django.DjangoModelFactory[Rating]):
    class Meta:
        model = Rating

    user = factory.SubFactory(UserFactory)
    emotion = "happy"
    stars = 5


class PlayFactory(factory.django.DjangoModelFactory[Play]):
    class Meta:
        model = Play

    user = factory.SubFactory(UserFactory)


class VerdictFactory(factory.django.DjangoModelFactory[Verdict]):
    class Meta:
        model = Verdict

    user = factory.SubFactory(UserFactory)
    kind = Verdict.Kind.NEVER


def model_make(songs: list[Song], *, factors: int = 16, seed: int = 0) -> ModelVersion:
    """An active model whose songs have factors by chance."""
    chance = np.random.default_rng(seed)
    by_chance = chance.normal(0, 0.3, (len(songs), factors)).astype(np.float32)
    wide = by_chance.astype(np.float64)
    items = ItemModel(
        ids=id_bytes([song.pk for song in songs]),
        factors=by_chance,
        grams=(wide.T @ wide)[None],
        popularity=chance.uniform(0, 3, len(songs)).astype(np.float32),
        walk=Walk.empty(len(songs)),
        choice=Choice(Setting(factors=factors, regularisation=5.0), beta=0.3, walk_weight=0.0),
    )
    sha256 = save(settings.MODELS_DIR / "by-chance", items)
    return ModelVersion.objects.create(
        number=1,
        active=True,
        artifact="by-chance",
        sha256=sha256,
        users=1,
        songs=len(songs),
        events=1,
        through=timezone.now(),
    )
