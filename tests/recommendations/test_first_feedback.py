"""What the first words of a listener do to the very next list, without any training."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import mean
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from catalog.models import Song
from ml.emotion.labels import EMOTIONS
from recommendations.history import history_of
from recommendations.models import ModelVersion, SongList, Taste
from recommendations.services import rating_set, verdict_set
from recommendations.store import STORE
from tests.recommendations.factories import (
    NamedReadingFactory,
    catalogue_make,
    community_make,
    model_make,
)

Api = Callable[[Any], APIClient]
Make = Callable[..., SongList]


def ids(song_list: SongList) -> list[Any]:
    return [item.song_id for item in song_list.items.all()]


def test_one_never_removes_a_song_from_every_list(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    song = a_list(owner).items.select_related("song").get(position=1).song

    verdict_set(user=owner, song=song, kind="never")

    for emotion in EMOTIONS:
        for goal in ("match", "lift", "calm"):
            assert song.pk not in ids(a_list(owner, emotion, goal, size=50)), (emotion, goal)


def test_one_dislike_removes_the_song_in_its_mood_alone(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    happy = a_list(owner)
    song = happy.items.select_related("song").get(position=1).song

    rating_set(user=owner, song=song, stars=2, song_list=happy)

    assert song.pk not in ids(a_list(owner, size=50))
    said = history_of(user_id=owner.pk)
    assert song.pk in said.excluded(emotion="happy", now=timezone.now())
    assert song.pk not in said.excluded(emotion="surprise", now=timezone.now())


def test_three_dislikes_take_the_artist_down(owner: Any, other: Any, a_list: Make) -> None:
    # Given ten songs of each artist, and one artist whose songs a listener keeps being offered
    catalogue_make(per_mood=40, artists_per_mood=4)
    artist = a_list(owner).items.select_related("song").get(position=1).song.artist_id

    def offered(user: Any) -> list[float]:
        """The artist's part in the score of each of the artist's songs."""
        items = a_list(user, size=50).items.select_related("song")
        return [item.parts["taste"] for item in items if item.song.artist_id == artist]

    # When that listener dislikes them one by one
    shares = [len(offered(owner))]
    for _time in range(3):
        happy = a_list(owner, size=50)
        song = next(
            item.song
            for item in happy.items.select_related("song")
            if item.song.artist_id == artist
        )
        rating_set(user=owner, song=song, stars=1, song_list=happy)
        shares.append(len(offered(owner)))

    # Then after the third, songs of the artist have left the list that others still get
    assert shares[0] >= 3
    assert shares[3] == 0
    assert len(offered(other)) == shares[0]


def test_five_words_move_the_whole_list_towards_the_taste(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    def warmth(song_list: SongList, without: set[Any]) -> float:
        items = song_list.items.select_related("song")
        return mean(i.song.features["warmth"] for i in items if i.song_id not in without)

    # When the owner loves the five warmest songs of a list
    mine = a_list(owner)
    items = mine.items.select_related("song")
    warmest = sorted((item.song for item in items), key=lambda s: s.features["warmth"])[-5:]
    for song in warmest:
        rating_set(user=owner, song=song, stars=5, song_list=mine)

    # Then the songs never spoken of are warmer, in that mood and, by less, in another
    spoken = {song.pk for song in warmest}
    for emotion, by in (("happy", 0.4), ("sad", 0.1)):
        moved = warmth(a_list(owner, emotion), spoken) - warmth(a_list(other, emotion), spoken)
        assert moved > by, emotion


@pytest.mark.parametrize("with_model", [False, True])
def test_a_rating_shows_in_the_next_list_within_a_second(
    owner: Any, api_of: Api, with_model: bool
) -> None:
    # Given 5,000 songs, a listener with a past, and a process that has served a list before
    songs = catalogue_make(per_mood=715, artists_per_mood=70)
    if with_model:
        model_make(songs, factors=64)
    community_make(songs, listeners=20, rated=30)
    for song in songs[::25]:
        rating_set(user=owner, song=song, stars=4)
    api = api_of(owner)
    body = {"reading": str(NamedReadingFactory(user=owner).pk), "goal": "match"}
    first = api.post("/api/v1/lists", body, format="json").json()
    song = first["items"][0]["song"]["id"]
    models = list(ModelVersion.objects.values())

    # When they dislike its first song and ask for the next list
    started = time.perf_counter()
    rated = api.put(
        f"/api/v1/songs/{song}/rating", {"stars": 1, "list": first["id"]}, format="json"
    )
    second = api.post("/api/v1/lists", body, format="json")
    seconds = time.perf_counter() - started

    # Then it is there within a second, knows the rating, and nothing was trained or refolded
    assert (rated.status_code, second.status_code) == (200, 201)
    assert song not in [item["song"]["id"] for item in second.json()["items"]]
    assert seconds < 1.0, f"{seconds:.2f} s"
    assert (second.json()["model"] is not None) is with_model
    assert list(ModelVersion.objects.values()) == models
    assert not Taste.objects.exists()
    assert len(STORE.catalogue()) == len(songs) == 5005
