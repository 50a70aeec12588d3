"""Own songs: their owner plays and rates them, and nobody else ever meets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from catalog.models import Song
from catalog.services import song_moods_add
from moodmusic.problems import DomainError
from recommendations.favourites import favourite_choices
from recommendations.models import Play, Rating
from recommendations.services import favourites_set
from recommendations.store import STORE
from tests.catalog.factories import ArtistFactory, SongFactory, mood_named
from tests.recommendations.factories import catalogue_make

Api = Callable[[Any], APIClient]


@pytest.fixture
def own(owner: Any) -> Song:
    artist = ArtistFactory(name="Secret Quartet")
    song: Song = SongFactory(owner=owner, artist=artist, genre="Secret genre", title="Mine")
    return song


def test_an_owner_plays_and_rates_an_own_song_and_others_find_none(
    own: Song, owner: Any, other: Any, curator: Any, api_of: Api
) -> None:
    rating = f"/api/v1/songs/{own.pk}/rating"
    for stranger in (other, curator):
        api = api_of(stranger)
        assert api.put(rating, {"stars": 5}, format="json").status_code == 404
        assert api.post("/api/v1/plays", {"song": str(own.pk)}, format="json").status_code == 404
    api = api_of(owner)
    assert api.put(rating, {"stars": 5}, format="json").status_code == 200
    assert api.post("/api/v1/plays", {"song": str(own.pk)}, format="json").status_code == 201
    assert Rating.objects.get().user == Play.objects.get().user == owner


def test_an_own_song_comes_into_no_snapshot_neither_read_anew_nor_patched(owner: Any) -> None:
    songs = catalogue_make(per_mood=60)
    before = SongFactory(owner=owner, moods=["happy"])
    first = STORE.catalogue()
    later = SongFactory(owner=owner, moods=["happy"])
    song_moods_add(songs=[before], moods=[mood_named("calm")], by=None, source="curator")
    second = STORE.catalogue()

    assert (len(first), len(second)) == (len(songs), len(songs))
    assert second.patched > first.patched
    assert (second.index_of([before.pk, later.pk]) == -1).all()


def test_an_artist_or_genre_of_own_songs_alone_is_no_favourite_to_choose(
    own: Song, other: Any
) -> None:
    for search in ("", "Secret"):
        found = favourite_choices(search=search)
        assert "Secret Quartet" not in found.artists
        assert "Secret genre" not in found.genres
    with pytest.raises(DomainError, match="Secret Quartet"):
        favourites_set(user=other, artists=["Secret Quartet"], genres=[])
