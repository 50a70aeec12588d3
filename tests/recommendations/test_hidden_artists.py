"""Hidden artists are in no list, whatever speaks for them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from catalog.models import Artist, Song
from catalog.services import artist_hide, artist_show
from moodmusic.problems import DomainError
from recommendations.favourites import favourites_and_hidden
from recommendations.models import SongList
from recommendations.services import favourites_set, list_make, rating_set
from recommendations.store import STORE
from tests.recommendations.factories import NamedReadingFactory

Make = Callable[..., SongList]
MOODS = ("happy", "sad", "angry", "neutral")
#: Lists of the test of many, and the tests among which they are dealt, for processes side by side.
LISTS, PARTS = 10_000, 10


def artists_of(song_list: SongList) -> set[int]:
    return set(song_list.items.values_list("song__artist_id", flat=True))


def test_a_loved_artist_once_hidden_is_gone_and_comes_back(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    artist = songs[0].artist
    favourites_set(user=owner, artists=[artist.name], genres=[])
    for song in songs:
        if song.artist_id == artist.pk:
            rating_set(user=owner, song=song, stars=5)
    assert artist.pk in artists_of(a_list(owner, size=30))

    artist_hide(user=owner, artist=artist)
    assert artist.pk not in artists_of(a_list(owner, size=50))
    assert artist.pk in artists_of(a_list(other, size=50))

    artist_show(user=owner, artist=artist)
    assert artist.pk in artists_of(a_list(owner, size=30))


def test_all_artists_hidden_is_said_in_words(owner: Any, songs: list[Song], a_list: Make) -> None:
    for artist in Artist.objects.all():
        artist_hide(user=owner, artist=artist)
    with pytest.raises(DomainError) as refused:
        a_list(owner)
    assert refused.value.code == "no_songs"


def test_what_was_hidden_and_named_is_read_in_one_query(
    owner: Any, songs: list[Song], django_assert_num_queries: Any
) -> None:
    favourites_set(user=owner, artists=[songs[0].artist.name], genres=["test"])
    artist_hide(user=owner, artist=songs[7].artist)
    snapshot = STORE.catalogue()
    with django_assert_num_queries(1):
        favourites, hidden = favourites_and_hidden(user=owner, songs=snapshot)
    assert [len(places) for places in favourites] == [3, len(songs)]
    assert {snapshot.song_id(int(at)) for at in hidden.nonzero()[0]} == {
        song.pk for song in songs if song.artist_id == songs[7].artist_id
    }


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, PARTS))]
)
def test_no_list_of_ten_thousand_holds_a_hidden_artist(
    owner: Any, songs: list[Song], part: int
) -> None:
    """Any artists hidden and shown again in any order, any mood, goal, size and way."""
    dice = random.Random(part)
    artists = list(Artist.objects.all())
    readings = {mood: NamedReadingFactory(user=owner, label=mood) for mood in MOODS}
    hidden: set[int] = set()
    for number in range(LISTS // PARTS):
        for artist in dice.sample(artists, 6):
            if artist.pk in hidden:
                artist_show(user=owner, artist=artist)
                hidden.discard(artist.pk)
            elif len(hidden) < len(artists) - 10:
                artist_hide(user=owner, artist=artist)
                hidden.add(artist.pk)
        made = list_make(
            user=owner,
            reading=readings[dice.choice(MOODS)],
            goal=dice.choice(("match", "lift", "calm", "focus")),
            size=dice.choice((1, 5, 20, 50)),
            journey=dice.random() < 0.3,
        )
        held = artists_of(made)
        assert held
        assert not held & hidden
        if number % 50 == 49:
            # A listener of hundreds of lists a day is not what this is about, and is slow.
            SongList.objects.all().delete()
