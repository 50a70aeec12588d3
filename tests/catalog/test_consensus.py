"""Whose word stands: people over models, curators over listeners, listeners only together."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from catalog.models import Annotation, Placement, Song
from catalog.selectors import revision_now, songs_audible, songs_visible
from catalog.services import mood_update, song_moods_add, song_moods_remove, song_place
from catalog.services.consensus import consensus_apply
from catalog.services.moods import annotations_write
from catalog.services.revision import revision_next
from tests.catalog.factories import SongFactory, mood_named
from tests.factories import UserFactory

Source = Annotation.Source


def listeners(count: int) -> list[User]:
    return [UserFactory(email=f"l{number}@example.org") for number in range(count)]


def say(song: Song, mood: str, source: str, by: User | None = None, present: bool = True) -> None:
    judge = song_moods_add if present else song_moods_remove
    judge(songs=[song], moods=[mood_named(mood)], by=by, source=source)
    song.refresh_from_db()


def moods_of(song: Song) -> set[str]:
    return set(song.moods.values_list("slug", flat=True))


def suppose(song: Song, mood: str, confidence: float) -> None:
    annotations_write(
        song_ids=[song.pk],
        judged={mood_named(mood).pk: True},
        by=None,
        source=Source.MODEL,
        detail="moods-1",
        confidence=confidence,
    )
    consensus_apply(song_ids=[song.pk], revision=revision_next())
    song.refresh_from_db()


@pytest.mark.parametrize("higher", [Source.GENERATOR, Source.TABLE, Source.FOLDER, Source.CURATOR])
def test_a_model_never_outranks_what_was_said_before(db: None, higher: str) -> None:
    song = SongFactory()
    say(song, "happy", higher, present=False)
    suppose(song, "happy", 0.9)
    assert moods_of(song) == set()
    assert song.mood_confidence is None


def test_a_models_mood_carries_its_confidence_and_a_curators_is_sure(curator: Any) -> None:
    song = SongFactory()
    suppose(song, "happy", 0.7)
    suppose(song, "energetic", 0.4)
    assert moods_of(song) == {"happy", "energetic"}
    assert song.mood_confidence == pytest.approx(0.4)
    say(song, "energetic", Source.CURATOR, by=curator)
    assert song.mood_confidence == pytest.approx(0.7)


def test_one_or_two_listeners_are_opinions_and_three_of_one_mind_a_judgement(db: None) -> None:
    song = SongFactory(moods=["sad"])
    first, second, third = listeners(3)
    say(song, "sad", Source.LISTENER, by=first, present=False)
    assert (moods_of(song), song.disputed) == ({"sad"}, False)
    say(song, "sad", Source.LISTENER, by=second, present=False)
    assert (moods_of(song), song.disputed) == ({"sad"}, True)
    say(song, "sad", Source.LISTENER, by=third, present=False)
    assert (moods_of(song), song.disputed) == (set(), False)


def test_a_listener_who_says_it_three_times_is_one_listener(db: None) -> None:
    song = SongFactory(moods=["sad"])
    (one,) = listeners(1)
    for _ in range(3):
        say(song, "sad", Source.LISTENER, by=one, present=False)
    assert (moods_of(song), song.disputed) == ({"sad"}, False)


def test_listeners_who_differ_among_themselves_change_nothing(db: None) -> None:
    song = SongFactory()
    for number, one in enumerate(listeners(6)):
        say(song, "dark", Source.LISTENER, by=one, present=number % 2 == 0)
    assert moods_of(song) == set()
    assert song.disputed


def test_a_curator_outranks_any_number_of_listeners_who_remain_a_dispute(curator: Any) -> None:
    song = SongFactory()
    say(song, "calm", Source.CURATOR, by=curator)
    for one in listeners(5):
        say(song, "calm", Source.LISTENER, by=one, present=False)
    assert moods_of(song) == {"calm"}
    assert song.disputed


def test_curators_who_differ_are_a_dispute_until_they_agree(curator: Any, other: Any) -> None:
    song = SongFactory()
    say(song, "calm", Source.CURATOR, by=curator)
    say(song, "calm", Source.CURATOR, by=other, present=False)
    assert song.disputed
    say(song, "calm", Source.CURATOR, by=other)
    assert not song.disputed


def test_a_placement_overrules_the_mean_of_the_moods_and_survives_a_moved_mood(
    curator: Any,
) -> None:
    song = SongFactory(moods=["happy"])
    before = revision_now()
    song_place(song=song, by=curator, source=Source.CURATOR, point=(0.1, -0.9))
    assert (song.valence, song.arousal, song.placed) == (0.1, -0.9, True)
    assert song.revision > before
    mood_update(mood=mood_named("happy"), valence=0.9)
    song.refresh_from_db()
    assert (song.valence, song.arousal) == (0.1, -0.9)


def test_a_song_is_placed_by_moods_or_by_hand_and_else_not(curator: Any) -> None:
    bare, labelled, pointed = SongFactory(), SongFactory(moods=["sad"]), SongFactory()
    song_place(song=pointed, by=curator, source=Source.CURATOR, point=(0.0, 0.0))
    placed = {song.pk: song.placed for song in Song.objects.all()}
    assert placed == {bare.pk: False, labelled.pk: True, pointed.pk: True}


def test_ambiguous_is_a_judgement_that_a_later_one_of_the_rank_takes_back(curator: Any) -> None:
    song = SongFactory(moods=["happy"])
    song_place(song=song, by=curator, source=Source.CURATOR, ambiguous=True)
    assert song.ambiguous
    assert (song.valence, song.arousal) == (0.8, 0.5)
    song_place(song=song, by=None, source=Source.MODEL, point=(0.5, 0.5))
    assert song.ambiguous
    song_place(song=song, by=curator, source=Source.CURATOR, point=(0.5, 0.5))
    assert not song.ambiguous
    assert Placement.objects.filter(song=song).count() == 3


def test_own_songs_are_heard_by_their_owner_alone(owner: Any, other: Any, curator: Any) -> None:
    mine, everyones = SongFactory(owner=owner), SongFactory()
    assert set(songs_visible()) == {everyones}
    assert set(songs_audible(user=owner)) == {mine, everyones}
    assert set(songs_audible(user=other)) == {everyones}
    assert set(songs_audible(user=curator)) == {everyones}
