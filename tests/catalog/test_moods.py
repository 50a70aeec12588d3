"""The moods there are, judgements of them, the consensus and the points that follow."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from catalog.models import Annotation, Mood, Revision, Song
from catalog.selectors import revision_now, songs_changed_since
from catalog.services import mood_update, song_moods_add, song_moods_remove, song_moods_set
from ml.audio.catalogue import MOOD_POINTS
from tests.catalog.factories import SongFactory, mood_named

GENERATOR, CURATOR = Annotation.Source.GENERATOR, Annotation.Source.CURATOR


def moods_of(song: Song) -> set[str]:
    return set(Song.objects.get(pk=song.pk).moods.values_list("slug", flat=True))


def point_of(song: Song) -> tuple[float, float]:
    song.refresh_from_db()
    return pytest.approx((song.valence, song.arousal))


def test_migrations_bring_the_seven_moods_where_the_generator_puts_them(db: None) -> None:
    points = {mood.slug: (mood.valence, mood.arousal) for mood in Mood.objects.all()}
    assert points == MOOD_POINTS
    assert Mood.objects.get(slug="romantic").name == "Romantic"
    assert list(Revision.objects.values_list("pk", "number")) == [(1, 0)]


def test_points_are_the_mean_of_the_consensus_moods(db: None) -> None:
    one = SongFactory(moods=["happy"])
    two = SongFactory(moods=["happy", "calm"])
    none = SongFactory()
    assert point_of(one) == (0.8, 0.5)
    assert point_of(two) == (0.65, -0.1)
    assert point_of(none) == (0.0, 0.0)


def test_curator_outranks_generator_even_when_the_generator_speaks_last(curator: Any) -> None:
    # Given a song the generator called sad, and a curator who said calm
    song = SongFactory(moods=["sad"])
    changed = song_moods_set(songs=[song], moods=[mood_named("calm")], by=curator, source=CURATOR)
    assert changed == 1
    # When the generator says sad again
    changed = song_moods_add(songs=[song], moods=[mood_named("sad")], by=None, source=GENERATOR)
    # Then the curator's word stands
    assert changed == 0
    assert moods_of(song) == {"calm"}
    assert point_of(song) == (0.5, -0.7)


def test_the_latest_curator_judgement_of_a_mood_counts(curator: Any, other: Any) -> None:
    song = SongFactory(moods=["dark"])
    dark = [mood_named("dark")]
    song_moods_remove(songs=[song], moods=dark, by=curator, source=CURATOR)
    assert moods_of(song) == set()
    assert point_of(song) == (0.0, 0.0)
    song_moods_add(songs=[song], moods=dark, by=other, source=CURATOR)
    assert moods_of(song) == {"dark"}
    judged = song.annotations.order_by("pk").filter(mood__slug="dark")
    assert list(judged.values_list("source", "present", "author__email")) == [
        ("generator", True, None),
        ("curator", False, "curator@example.org"),
        ("curator", True, "other@example.org"),
    ]


def test_adding_and_removing_leave_other_moods_to_the_generator(curator: Any) -> None:
    song = SongFactory(moods=["happy"])
    song_moods_add(songs=[song], moods=[mood_named("energetic")], by=curator, source=CURATOR)
    assert moods_of(song) == {"happy", "energetic"}
    song_moods_remove(songs=[song], moods=[mood_named("happy")], by=curator, source=CURATOR)
    assert moods_of(song) == {"energetic"}


def test_setting_no_moods_says_that_a_song_has_none(curator: Any) -> None:
    song = SongFactory(moods=["happy", "calm"])
    assert song_moods_set(songs=[song], moods=[], by=curator, source=CURATOR) == 1
    assert moods_of(song) == set()


def test_each_change_raises_the_revision_and_stamps_the_songs_it_changed(curator: Any) -> None:
    sad, calm = SongFactory(moods=["sad"]), SongFactory(moods=["calm"])
    before = revision_now()
    changed = song_moods_set(
        songs=Song.objects.all(), moods=[mood_named("sad")], by=curator, source=CURATOR
    )
    # Only the calm song changed, so only that one must be read again
    assert changed == 1
    assert revision_now() == before + 1
    assert list(songs_changed_since(before)) == [calm]
    sad.refresh_from_db()
    assert sad.revision <= before
    assert Revision.objects.count() == 1


def test_history_says_who_changed_the_moods_once_for_each_change(curator: Any) -> None:
    song = SongFactory(moods=["sad"])
    song.history.all().delete()
    song_moods_set(songs=[song], moods=[mood_named("happy")], by=curator, source=CURATOR)
    song_moods_set(songs=[song], moods=[mood_named("angry")], by=curator, source=CURATOR)
    latest, earlier = song.history.all()
    assert (latest.history_user, latest.history_type) == (curator, "~")
    assert [row.mood.slug for row in latest.moods.all()] == ["angry"]
    assert [row.mood.slug for row in earlier.moods.all()] == ["happy"]
    assert [change.field for change in latest.diff_against(earlier).changes] == ["moods"]


def test_a_judgement_that_changes_nothing_is_kept_but_leaves_no_history(curator: Any) -> None:
    song = SongFactory(moods=["sad"])
    songs = song.history.count()
    assert song_moods_set(songs=[song], moods=[mood_named("sad")], by=curator, source=CURATOR) == 0
    assert song.history.count() == songs
    assert song.annotations.filter(source=CURATOR, present=True).get().mood.slug == "sad"


def test_bulk_judging_takes_few_queries(curator: Any, django_assert_max_num_queries: Any) -> None:
    songs = [SongFactory(artist__name="One") for _ in range(60)]
    calm = mood_named("calm")
    with django_assert_max_num_queries(25):
        assert song_moods_set(songs=songs, moods=[calm], by=curator, source=CURATOR) == 60
    assert calm.songs.count() == 60


def test_moving_a_mood_moves_its_songs_and_no_others(db: None) -> None:
    happy, both = SongFactory(moods=["happy"]), SongFactory(moods=["happy", "calm"])
    calm = SongFactory(moods=["calm"])
    before = revision_now()
    mood_update(mood=mood_named("happy"), valence=1.0, arousal=0.1)
    assert point_of(happy) == (1.0, 0.1)
    assert point_of(both) == (0.75, -0.3)
    assert point_of(calm) == (0.5, -0.7)
    assert set(songs_changed_since(before)) == {happy, both}
    # Renaming changes no point
    before = revision_now()
    mood_update(mood=mood_named("calm"), name="Serene")
    assert not songs_changed_since(before).exists()


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_follow_one_another() -> None:
    # Given twenty songs and two writers, each adding a mood to all of them at once
    songs = [SongFactory(artist__name="One") for _ in range(20)]
    before = revision_now()
    failures: list[BaseException] = []

    def judge(slug: str) -> None:
        try:
            for _ in range(5):
                song_moods_add(songs=songs, moods=[mood_named(slug)], by=None, source=CURATOR)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    mood_named("calm"), mood_named("dark")
    writers = [threading.Thread(target=judge, args=[slug]) for slug in ("calm", "dark")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    # Then none was lost, and the revision counts every one of them
    assert failures == []
    assert all(moods_of(song) == {"calm", "dark"} for song in songs)
    assert revision_now() == before + 10
