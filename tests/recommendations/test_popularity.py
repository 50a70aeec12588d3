"""What others like counts before there is a model, and never a listener's own word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Song
from ml.emotion.labels import EMOTIONS
from recommendations.history import Said
from recommendations.models import SongList
from recommendations.popularity import IN_MOOD, liked_by_others
from recommendations.reasons import Cause, reason_of
from recommendations.services import list_make, rating_clear, rating_set
from recommendations.store import STORE
from tests.factories import UserFactory
from tests.recommendations.factories import NamedReadingFactory, PlayFactory, RatingFactory

Make = Callable[..., SongList]


def rows(song_list: SongList) -> list[Any]:
    return [(item.song_id, item.parts, item.reason) for item in song_list.items.all()]


def reasons(song_list: SongList) -> dict[Any, str]:
    return {item.song_id: item.reason for item in song_list.items.all()}


def others_like(songs: list[Song], *, emotion: str = "happy", listeners: int = 3) -> None:
    for _each in range(listeners):
        user = UserFactory()
        for song in songs:
            RatingFactory(user=user, song=song, emotion=emotion)


def test_a_newcomer_gets_what_others_like_in_the_mood(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    # Given a third of the happy songs liked by others, when happy or when sad
    here, elsewhere = songs[0:30:6], songs[3:30:6]
    others_like(here)
    others_like(elsewhere, emotion="sad")

    # When somebody new asks
    song_list = a_list(owner)

    # Then those liked in this mood gain most, and the sentences tell why
    parts = {item.song_id: item.parts for item in song_list.items.all()}
    assert song_list.collaborative_weight == pytest.approx(0.3 * 10 / 21)
    assert {song.pk for song in here} <= set(parts)
    assert min(parts[song.pk]["collaborative"] for song in here) > 0.1
    for song in elsewhere:
        if song.pk in parts:
            assert 0 < parts[song.pk]["collaborative"] < 0.1
    liked = {song.pk for song in (*here, *elsewhere)}
    assert {part["collaborative"] for pk, part in parts.items() if pk not in liked} == {0}
    for item in song_list.items.all():
        assert sum(item.parts.values()) == pytest.approx(item.score, abs=1e-9)


@pytest.mark.parametrize(
    ("personal", "liked_here", "words"),
    [
        (False, True, "Liked by others in this mood"),
        (False, False, "Liked by others here"),
        (False, None, "Many listeners here come back to it"),
        (True, None, "Listeners with taste like yours rate it highly"),
    ],
)
def test_the_sentence_says_whose_liking_it_is(
    personal: bool, liked_here: bool | None, words: str
) -> None:
    said = reason_of(
        cause=Cause("collaborative"),
        emotion="happy",
        goal="match",
        journey=False,
        personal=personal,
        liked_here=liked_here,
        artist="Anyone",
        name_of=lambda _song: None,
        said_of=lambda _song: Said(),
    )

    assert str(said) == words


def test_a_list_says_in_this_mood_of_songs_liked_in_it_alone(owner: Any, songs: list[Song]) -> None:
    # Given a mood that leads nowhere plainly, and songs that others like, in it or in another
    here, elsewhere = songs[::10], songs[5::10]
    others_like(here, emotion="neutral", listeners=5)
    others_like(elsewhere, emotion="sad", listeners=30)
    unsure = NamedReadingFactory(
        user=owner, label="neutral", probabilities=dict.fromkeys(EMOTIONS, 1 / 7)
    )

    said = reasons(list_make(user=owner, reading=unsure, goal="match", size=50))

    for words, liked in (
        ("Liked by others in this mood", here),
        ("Liked by others here", elsewhere),
    ):
        told = {song for song, reason in said.items() if reason == words}
        assert told, words
        assert told <= {song.pk for song in liked}


def test_nobody_s_liking_is_no_part(owner: Any, songs: list[Song], a_list: Make) -> None:
    RatingFactory(user=UserFactory(), song=songs[0], stars=3)
    RatingFactory(user=UserFactory(), song=songs[1], stars=5, private=True)
    PlayFactory(user=UserFactory(), song=songs[2], emotion="happy", outcome="skipped")

    song_list = a_list(owner)

    assert song_list.collaborative_weight == 0
    assert {item.parts["collaborative"] for item in song_list.items.all()} == {0}


def test_a_listener_s_own_liking_is_not_that_of_others(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    first = a_list(owner)
    before = rows(first)
    song = first.items.select_related("song").get(position=1).song
    rating_set(user=owner, song=song, stars=5, song_list=first)
    cache.clear()

    # While the liking stands it is no word of others, although it is counted just then
    assert a_list(owner).collaborative_weight == 0

    # Taken back, it leaves nothing behind
    rating_clear(user=owner, song=song)
    SongList.objects.all().delete()
    assert rows(a_list(owner)) == before


def test_likings_in_the_mood_outweigh_those_elsewhere(owner: Any, songs: list[Song]) -> None:
    PlayFactory(user=UserFactory(), song=songs[0], emotion="happy", outcome="completed")
    others_like([songs[1]], emotion="sad", listeners=10)
    catalogue = STORE.catalogue()

    liked = liked_by_others(user_id=owner.pk, emotion="happy", songs=catalogue)

    assert liked is not None
    first, second, third = catalogue.index_of(song.pk for song in songs[:3])
    assert liked.scores[[first, second, third]] == pytest.approx(
        [(1 + IN_MOOD) * 0.6931, 2.3979, 0], abs=1e-3
    )
    assert liked.here[[first, second, third]].tolist() == [True, False, False]


def test_it_takes_two_queries_in_ten_minutes(owner: Any, songs: list[Song]) -> None:
    others_like(songs[:2])
    catalogue = STORE.catalogue()
    taken = []
    for again in (True, True, False):
        if not again:
            cache.clear()
        with CaptureQueriesContext(connection) as queries:
            liked_by_others(user_id=owner.pk, emotion="happy", songs=catalogue)
        taken.append(len(queries))

    assert taken == [2, 0, 2]
