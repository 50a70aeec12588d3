"""Own songs in lists: in their owner's by how well they fit, in nobody else's whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from catalog.models import Song
from catalog.services import artist_hide, song_hide
from recommendations import store
from recommendations.models import ListItem, SongList
from recommendations.services import list_make, rating_set, verdict_set
from recommendations.store import STORE
from tests.catalog.factories import ArtistFactory, SongFactory
from tests.factories import UserFactory
from tests.recommendations.factories import (
    NamedReadingFactory,
    RatingFactory,
    catalogue_make,
    model_make,
)

Make = Callable[..., SongList]
Api = Callable[[Any], APIClient]
#: The sound that happy songs of the test's catalogue have, but for its warmth.
HAPPY = {"tempo": 125.0, "brightness": 2560.0}


def own_make(owner: Any, number: int = 6, mood: str = "happy", **given: Any) -> list[Song]:
    """Own songs of as many artists, of a mood."""
    return [
        SongFactory(
            owner=owner,
            artist=ArtistFactory(name=f"Home band {place}"),
            title=f"Mine, {mood} {place}",
            moods=[mood],
            **given,
        )
        for place in range(number)
    ]


def ids(song_list: SongList) -> list[UUID]:
    return list(song_list.items.order_by("position").values_list("song", flat=True))


def keys(songs: list[Song]) -> set[UUID]:
    return {song.pk for song in songs}


def test_an_owners_list_has_own_songs_that_fit_and_nobody_elses_has_them(
    owner: Any, other: Any, curator: Any, songs: list[Song], a_list: Make
) -> None:
    mine, sad = own_make(owner, features=HAPPY), own_make(owner, mood="sad")

    held = set(ids(a_list(owner, "happy")))
    assert keys(mine) <= held
    assert not keys(sad) & held
    assert keys(sad) & set(ids(a_list(owner, "sad")))
    for stranger in (other, curator):
        for emotion in ("happy", "sad", "neutral"):
            made = a_list(stranger, emotion, size=50)
            assert len(ids(made)) == 50
            assert not (keys(mine) | keys(sad)) & set(ids(made))


def test_lists_of_two_owners_made_by_turns_do_not_mix(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    mine = own_make(owner, features=HAPPY)
    theirs = own_make(other, features=HAPPY)
    for _ in range(3):
        assert keys(mine) & set(ids(a_list(owner)))
        assert keys(theirs) & set(ids(a_list(other)))
    of_owner = ListItem.objects.filter(song_list__user=owner, song__owner=other)
    of_other = ListItem.objects.filter(song_list__user=other, song__owner=owner)
    assert not of_owner.exists()
    assert not of_other.exists()


def test_a_journey_and_the_api_hold_own_songs_and_their_audio_is_the_owners(
    owner: Any, other: Any, songs: list[Song], api_of: Api
) -> None:
    own_make(owner, features=HAPPY)
    reading = NamedReadingFactory(user=owner, label="happy")
    asked = {"reading": str(reading.pk), "goal": "match", "journey": True}
    answer = api_of(owner).post("/api/v1/lists", asked, format="json")
    assert answer.status_code == 201
    held = [item["song"]["id"] for item in answer.json()["items"]]
    assert keys(list(Song.objects.filter(owner=owner))) & {UUID(one) for one in held}
    assert api_of(owner).get(f"/api/v1/lists/{answer.json()['id']}").status_code == 200
    assert api_of(other).get(f"/api/v1/lists/{answer.json()['id']}").status_code == 404


def test_hidden_own_songs_artists_and_refused_ones_are_in_no_list(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    mine = own_make(owner, features=HAPPY)
    assert keys(mine) <= set(ids(a_list(owner)))
    song_hide(songs=[mine[0]], by=None)
    artist_hide(user=owner, artist=mine[1].artist)
    verdict_set(user=owner, song=mine[2], kind="never")
    gone = mine[3].pk
    mine[3].delete()
    held = set(ids(a_list(owner, size=50)))
    assert not keys(mine[:3]) & held
    assert gone not in held
    assert keys(mine[4:]) & held


def test_what_an_owner_says_of_own_songs_counts_in_the_taste(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    warm = own_make(owner, number=8, features={**HAPPY, "warmth": 3.0})

    def warmth() -> float:
        made = a_list(owner, size=10)
        shared = made.items.filter(song__owner=None).select_related("song")
        return float(np.mean([item.song.features["warmth"] for item in shared]))

    before = warmth()
    for song in warm:
        rating_set(user=owner, song=song, stars=5)
    assert warmth() > before + 0.3
    first = a_list(owner)
    item = first.items.get(song=warm[0])
    assert item.parts["taste"] > 0
    assert item.parts["collaborative"] == 0
    others = a_list(owner, "neutral", size=50).items.filter(song__owner=None)
    assert any("Mine, happy" in one.reason for one in others)

    rating_set(user=owner, song=warm[0], stars=1)
    low = a_list(owner, size=50).items.filter(song=warm[0]).first()
    assert low is None or low.score < item.score


def test_a_strong_community_does_not_bury_own_songs(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    model_make(songs)
    for song in songs[30:60]:
        RatingFactory(user=owner, song=song, emotion="sad")
    mine = own_make(owner, features=HAPPY)
    made = a_list(owner, "happy")
    assert made.collaborative_weight == pytest.approx(0.7)
    assert len(keys(mine) & set(ids(made))) >= 4
    for item in made.items.filter(song__owner=owner):
        assert item.parts["collaborative"] == 0
        assert item.parts["mood"] > 0.5


def test_a_copy_of_a_shared_song_is_a_version_of_it(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    twin = songs[0]
    copy = SongFactory(owner=owner, artist=twin.artist, title=f"{twin.title} (live)")
    STORE.catalogue()
    view = STORE.catalogue_of(owner.pk)
    assert view.own.tolist() == [len(songs)]
    at = view.index_of([twin.pk, copy.pk])
    assert view.versions[at[0]] == view.versions[at[1]]
    assert len(set(view.versions.tolist())) == len(songs)
    verdict_set(user=owner, song=copy, kind="never")
    assert not {twin.pk, copy.pk} & set(ids(a_list(owner, size=50)))


def test_where_nobody_shares_a_song_the_own_ones_make_the_list(
    owner: Any, other: Any, a_list: Make, db: None
) -> None:
    own_make(owner, number=4, mood="happy")
    own_make(owner, number=4, mood="sad")
    made = a_list(owner, "sad", size=4)
    assert all(title.startswith("Mine, sad") for title in made.items.values_list(
        "song__title", flat=True
    ))  # fmt: skip


def test_one_snapshot_is_shared_and_who_owns_nothing_pays_one_small_query_a_change(
    owner: Any, other: Any, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    catalogue_make(per_mood=60)
    own_make(owner)
    shared = STORE.catalogue()

    def asked(user: Any) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            STORE.catalogue_of(user.pk)
        return [one["sql"] for one in queries.captured_queries]

    of_other = asked(other)
    assert len(of_other) == 2
    assert '"owner_id" = ' in of_other[1]
    assert len(asked(other)) == 1
    assert STORE.catalogue_of(other.pk) is shared
    assert [len(asked(owner)) for _ in range(3)] == [2, 1, 1]
    assert STORE.catalogue_of(owner.pk).shared is shared
    assert len(STORE.catalogue()) == len(shared)

    # Only the latest owners' songs are held.
    monkeypatch.setattr(store, "OWNERS_HELD", 1)
    another = UserFactory()
    SongFactory(owner=another)
    assert len(STORE.catalogue_of(another.pk)) == len(shared) + 1
    assert [len(asked(owner)) for _ in range(2)] == [2, 1]


def test_a_list_for_an_owner_is_made_again_when_an_own_song_went_meanwhile(
    owner: Any, songs: list[Song]
) -> None:
    mine = own_make(owner, features=HAPPY)
    reading = NamedReadingFactory(user=owner, label="happy")
    first = list_make(user=owner, reading=reading, goal="match")
    assert keys(mine) <= set(ids(first))
    Song.objects.filter(pk=mine[0].pk).delete()
    second = list_make(user=owner, reading=reading, goal="match")
    assert second.items.count() == 20
    assert keys(mine[1:]) <= set(ids(second))
