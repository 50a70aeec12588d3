"""Labels at the desk: what is saved, two curators at once, undo, second labels, the queue."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from catalog.desk.agreement import agreements, label_pairs
from catalog.desk.queue import blind_count, blind_next, queue_next, waiting_counts
from catalog.judgements import seen_of
from catalog.models import Annotation, Edit, Song
from catalog.selectors import revision_now, songs_changed_since
from catalog.services import (
    edit_undo,
    label_save,
    queue_weigh,
    reach_source,
    song_moods_add,
    song_moods_set,
    song_place,
)
from catalog.services.consensus import consensus_apply
from catalog.services.moods import annotations_write
from catalog.services.priority import _sources, rarity_of
from catalog.services.revision import revision_next
from moodmusic.problems import DomainError
from tests.catalog.factories import SongFactory, mood_named
from tests.factories import UserFactory

Source = Annotation.Source
#: What a label may change of a song, besides the revision that caches follow.
DERIVED = (
    "valence", "arousal", "placed", "mood_confidence", "disputed", "ambiguous", "doubt", "gain",
)  # fmt: skip


def state_of(song: Song) -> dict[str, Any]:
    """All that judgements decide about a song."""
    song = Song.objects.get(pk=song.pk)
    moods = set(song.moods.values_list("slug", flat=True))
    return {"moods": moods, **{name: getattr(song, name) for name in DERIVED}}


def label(song: Song, by: User, *moods: str, **further: Any) -> Edit:
    further.setdefault("seen", seen_of(song.pk))
    return label_save(song=song, by=by, moods=[mood_named(slug) for slug in moods], **further)


def suppose(song: Song, mood: str, confidence: float) -> None:
    """A model's guess."""
    annotations_write(
        song_ids=[song.pk],
        judged={mood_named(mood).pk: True},
        by=None,
        source=Source.MODEL,
        confidence=confidence,
    )
    consensus_apply(song_ids=[song.pk], revision=revision_next())
    song.refresh_from_db()


@pytest.fixture
def second(db: None) -> User:
    return UserFactory(email="second@example.org")


# --- Saving ---------------------------------------------------------------------------------------


def test_a_label_says_exactly_these_moods_and_carries_its_point(curator: Any) -> None:
    song = SongFactory(moods=["happy", "calm"])
    before = revision_now()

    edit = label(song, curator, "sad", "dark", point=(-0.4, 0.1), seconds=2.5)

    assert state_of(song)["moods"] == {"sad", "dark"}
    assert (song.valence, song.arousal, song.placed) == (-0.4, 0.1, True)
    assert edit.what == {"moods": ["dark", "sad"], "point": [-0.4, 0.1], "ambiguous": False}
    assert (edit.seconds, edit.changed) == (2.5, 1)
    assert edit.annotations.count() == 7
    assert list(songs_changed_since(before)) == [song]
    assert song.history.first().history_user == curator


def test_ambiguous_is_said_and_unsaid(curator: Any) -> None:
    song = SongFactory()
    label(song, curator, ambiguous=True)
    assert (state_of(song)["ambiguous"], state_of(song)["doubt"]) == (True, "ambiguous")
    label(song, curator, "sad")
    assert (state_of(song)["ambiguous"], state_of(song)["doubt"]) == (False, "")


@pytest.mark.parametrize(("seconds", "kept"), [(None, None), (-1.0, None), (601.0, None), (0, 0)])
def test_times_that_say_nothing_are_not_kept(
    curator: Any, seconds: float | None, kept: float | None
) -> None:
    assert label(SongFactory(), curator, "sad", seconds=seconds).seconds == kept


# --- Two curators ---------------------------------------------------------------------------------


def test_the_slower_of_two_curators_gets_both_judgements(curator: Any, second: User) -> None:
    song = SongFactory()
    seen = seen_of(song.pk)
    label(song, second, "sad", point=(-0.5, -0.5), seen=seen)

    with pytest.raises(DomainError) as refused:
        label(song, curator, "calm", seen=seen)

    extra = refused.value.extra
    assert (refused.value.status, refused.value.code) == (409, "label_conflict")
    assert extra["theirs"]["by"] == "second@example.org"
    assert extra["theirs"]["moods"] == ["sad"]
    assert extra["theirs"]["point"] == [-0.5, -0.5]
    assert extra["mine"] == {"moods": ["calm"], "point": None, "ambiguous": False}
    assert state_of(song)["moods"] == {"sad"}
    assert Edit.objects.count() == 1
    # Deciding with what the answer carried is no conflict any more; both stay on record
    label(song, curator, "calm", seen=extra["seen"])
    assert state_of(song)["moods"] == {"calm"}
    assert set(song.annotations.values_list("author__email", flat=True)) == {
        "second@example.org",
        "curator@example.org",
    }


@pytest.mark.parametrize("deed", ["admin", "point", "undo"])
def test_every_word_of_a_curator_makes_an_older_form_out_of_date(
    deed: str, curator: Any, second: User
) -> None:
    song = SongFactory()
    edit = label(song, second, "dark")
    seen = seen_of(song.pk)
    if deed == "admin":
        song_moods_set(songs=[song], moods=[], by=second, source=Source.CURATOR)
    elif deed == "point":
        song_place(song=song, by=second, source=Source.CURATOR, point=(0.1, 0.1))
    else:
        edit_undo(edit=edit, by=second)
    with pytest.raises(DomainError, match="Another curator"):
        label(song, curator, "sad", seen=seen)


def test_models_and_listeners_make_no_conflict(curator: Any, other: Any) -> None:
    song = SongFactory()
    seen = seen_of(song.pk)
    suppose(song, "happy", 0.3)
    song_moods_add(songs=[song], moods=[mood_named("sad")], by=other, source=Source.LISTENER)
    label(song, curator, "calm", seen=seen)
    assert state_of(song)["moods"] == {"calm"}


@pytest.mark.django_db(transaction=True)
def test_of_two_curators_who_save_at_once_one_wins_and_one_is_told() -> None:
    # Given eight songs, and two curators who have opened all of them
    curators = [UserFactory(), UserFactory()]
    songs = [SongFactory(artist__name="One") for _ in range(8)]
    for slug in ("sad", "calm"):
        mood_named(slug)
    start = threading.Barrier(2)
    told: list[tuple[Any, str]] = []
    failures: list[BaseException] = []

    def work(by: User, slug: str) -> None:
        try:
            for song in songs:
                start.wait(timeout=20)
                try:
                    label(Song.objects.get(pk=song.pk), by, slug, seen="")
                except DomainError as error:
                    told.append((song.pk, error.code))
        except BaseException as error:
            failures.append(error)
            start.abort()
        finally:
            connection.close()

    # When both save each song at the same moment
    workers = [
        threading.Thread(target=work, args=pair)
        for pair in zip(curators, ("sad", "calm"), strict=True)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    # Then each song has one label, and each loser was told once
    assert failures == []
    assert sorted(told) == sorted((song.pk, "label_conflict") for song in songs)
    assert Edit.objects.count() == 8
    for song in songs:
        edit = Edit.objects.get(song=song)
        assert state_of(song)["moods"] == set(edit.what["moods"])


# --- Undo -----------------------------------------------------------------------------------------


def songs_of_every_kind(curator: User, second: User, other: User) -> list[Song]:
    """Unlabelled, guessed, disputed by listeners and by curators, placed, ambiguous."""
    plain, guessed, heard, argued, placed, unclear = (SongFactory() for _ in range(6))
    suppose(guessed, "happy", 0.4)
    suppose(heard, "sad", 0.8)
    for one in (other, UserFactory()):
        song_moods_add(songs=[heard], moods=[mood_named("calm")], by=one, source=Source.LISTENER)
    label(argued, curator, "sad")
    label(argued, second, "happy")
    song_place(song=placed, by=None, source=Source.TABLE, point=(0.3, -0.9))
    label(unclear, second, ambiguous=True)
    return [plain, guessed, heard, argued, placed, unclear]


def test_undoing_a_label_restores_the_song_exactly(curator: Any, second: User, other: Any) -> None:
    for song in songs_of_every_kind(curator, second, other):
        before = state_of(song)
        rows = song.annotations.count()
        edit = label(song, curator, "dark", "romantic", point=(0.9, 0.9), ambiguous=True)
        assert state_of(song) != before
        edit_undo(edit=edit, by=curator)
        assert state_of(song) == before
        assert song.annotations.count() == rows + 14  # said, and taken back; nothing is deleted


def test_undoing_spares_what_others_said_since(curator: Any, second: User) -> None:
    song = SongFactory()
    edit = label(song, curator, "dark")
    label(song, second, "sad")
    edit_undo(edit=edit, by=curator)
    assert state_of(song)["moods"] == {"sad"}
    assert not state_of(song)["disputed"]


def test_a_label_is_undone_once_and_by_its_curator_alone(curator: Any, second: User) -> None:
    edit = label(SongFactory(), curator, "dark")
    with pytest.raises(DomainError) as refused:
        edit_undo(edit=edit, by=second)
    assert (refused.value.code, refused.value.status) == ("not_yours", 403)
    edit_undo(edit=edit, by=curator)
    with pytest.raises(DomainError) as refused:
        edit_undo(edit=edit, by=curator)
    assert (refused.value.code, refused.value.status) == ("already_undone", 409)


# --- The queue ------------------------------------------------------------------------------------


def test_the_queue_brings_first_what_gains_most(curator: Any) -> None:
    unheard, popular, unsure = SongFactory(), SongFactory(), SongFactory()
    suppose(unsure, "happy", 0.3)
    done = SongFactory(moods=["calm"])

    def listeners() -> list[tuple[Any, int]]:
        return [(popular.pk, 4), (unheard.pk, 0), (done.pk, 900)]

    reach_source(listeners)
    try:
        assert queue_weigh() == 3
    finally:
        _sources.remove(listeners)

    # 5 listeners x 1; 1 x 0.7 doubt x 5 (a mood of one song is as rare as can be); 1 x 1
    gains = {song.pk: song.gain for song in Song.objects.all()}
    assert gains == {
        popular.pk: 5.0,
        unsure.pk: pytest.approx(3.5),
        unheard.pk: 1.0,
        done.pk: 0.0,
    }
    taken: list[Any] = []
    while song := queue_next(user=curator, without=taken):
        taken.append(song.pk)
    assert taken == [popular.pk, unsure.pk, unheard.pk]
    assert waiting_counts() == {"ambiguous": 0, "disputed": 0, "unlabelled": 2, "unsure": 1}
    found = queue_next(user=curator, kind="unsure")
    assert found is not None
    assert found.pk == unsure.pk


def test_counting_again_agrees_with_what_judgements_wrote(
    curator: Any, second: User, other: Any
) -> None:
    songs = songs_of_every_kind(curator, second, other)
    queue_weigh()
    written = {song.pk: Song.objects.get(pk=song.pk).gain for song in songs}
    consensus_apply(song_ids=list(written), revision=revision_next())
    assert {song.pk: Song.objects.get(pk=song.pk).gain for song in songs} == pytest.approx(written)


def test_rarity_is_bounded() -> None:
    assert [rarity_of(songs) for songs in (0, 30, 150, 300, 9000)] == [5, 5, 1, 0.5, 0.2]


def test_hidden_private_and_own_labelled_songs_do_not_wait(curator: Any, other: Any) -> None:
    SongFactory(hidden=True)
    SongFactory(owner=other)
    mine = SongFactory()
    label(mine, curator, ambiguous=True)
    assert queue_next(user=curator) is None
    assert waiting_counts()["unlabelled"] == 0
    found = queue_next(user=other)
    assert found == mine


def test_two_curators_are_given_different_songs_while_there_are_any(
    curator: Any, second: User
) -> None:
    for _ in range(2):
        SongFactory()
    first, other = queue_next(user=curator), queue_next(user=second)
    assert first is not None
    assert other is not None
    assert first != other
    assert queue_next(user=curator) == first
    # A third has nothing of their own, and is not sent away
    assert queue_next(user=UserFactory()) is not None


# --- Second labels --------------------------------------------------------------------------------


def test_second_labels_go_to_others_once(curator: Any, second: User) -> None:
    song = SongFactory()
    label(song, curator, "sad")
    assert blind_next(user=curator) is None
    assert (blind_next(user=second), blind_count(user=second)) == (song, 1)

    label(song, second, "calm", blind=True, seen="")

    assert blind_count(user=second) == 0
    third = UserFactory()
    assert blind_next(user=third) is None
    with pytest.raises(DomainError) as refused:
        label(song, third, "calm", blind=True, seen="")
    assert (refused.value.code, refused.value.status) == ("labelled_twice", 409)
    # Two curators who differ are a dispute
    assert state_of(song)["disputed"]


def test_pairs_are_the_last_label_of_another_and_the_blind_one(curator: Any, second: User) -> None:
    kept, undone = SongFactory(), SongFactory()
    label(kept, curator, "happy")
    label(kept, curator, "sad", "dark")
    label(kept, second, "sad", blind=True, seen="")
    label(undone, curator, "happy")
    edit = label(undone, second, "happy", blind=True, seen="")
    label(kept, curator, "calm")  # after the second label, so it is no first one
    edit_undo(edit=edit, by=second)
    assert label_pairs() == [({"sad", "dark"}, {"sad"})]


def test_kappa_of_every_mood_comes_with_its_counts(curator: Any, second: User) -> None:
    for first, again in [("sad", "sad")] * 4 + [("calm", "calm")] * 4 + [("sad", "calm")] * 2:
        song = SongFactory()
        label(song, curator, first)
        label(song, second, again, blind=True, seen="")
    rows = {row["slug"]: row for row in agreements()}
    sad = rows["sad"]
    assert (sad["n"], sad["both"], sad["first"], sad["second"], sad["neither"]) == (10, 4, 2, 0, 4)
    # po = 0.8, pe = 0.6 x 0.4 + 0.4 x 0.6 = 0.48
    assert sad["kappa"] == pytest.approx((0.8 - 0.48) / 0.52, abs=1e-4)
    assert sad["low"] < sad["kappa"] < sad["high"]
    assert (rows["happy"]["kappa"], rows["happy"]["observed"]) == (None, 1.0)
    assert rows[""]["n"] == 10


def test_without_second_labels_nothing_is_claimed(db: None) -> None:
    assert {(row["n"], row["kappa"]) for row in agreements()} == {(0, None)}
