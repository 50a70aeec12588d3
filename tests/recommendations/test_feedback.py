"""What ratings, plays and verdicts do to the next list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from statistics import mean
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Song
from moodmusic.problems import DomainError
from recommendations.history import NOT_NOW
from recommendations.models import Play, Rating, SongList, Verdict
from recommendations.services import (
    play_start,
    play_update,
    rating_clear,
    rating_set,
    verdict_set,
    verdict_undo,
)

Make = Callable[..., SongList]


def ids(song_list: SongList) -> list[Any]:
    return [item.song_id for item in song_list.items.all()]


def warmth(song_list: SongList) -> float:
    return mean(item.song.features["warmth"] for item in song_list.items.select_related("song"))


def by_warmth(song_list: SongList) -> list[Song]:
    items = song_list.items.select_related("song")
    return sorted((item.song for item in items), key=lambda song: song.features["warmth"])


# --- Ratings --------------------------------------------------------------------------------------


def test_the_first_rating_changes_the_next_list_in_its_direction(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    # Given two listeners with the same first list
    mine, theirs = a_list(owner), a_list(other)
    assert ids(mine) == ids(theirs)
    warmest = by_warmth(mine)[-1]

    # When one loves its warmest song and the other dislikes it
    rating_set(user=owner, song=warmest, stars=5, song_list=mine)
    rating_set(user=other, song=warmest, stars=1, song_list=theirs)
    mine, theirs = a_list(owner), a_list(other)

    # Then their next lists differ, each in its direction
    assert ids(mine) != ids(theirs)
    assert warmth(mine) > warmth(theirs)
    assert warmest.pk in ids(mine)
    assert warmest.pk not in ids(theirs)


def test_opposite_tastes_drift_apart(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    for _round in range(3):
        for user, sign in ((owner, 1), (other, -1)):
            song_list = a_list(user)
            ordered = by_warmth(song_list)[::sign]
            for song in ordered[-3:]:
                rating_set(user=user, song=song, stars=5, song_list=song_list)
            for song in ordered[:3]:
                rating_set(user=user, song=song, stars=2, song_list=song_list)

    mine, theirs = a_list(owner), a_list(other)

    assert warmth(mine) > 0.3
    assert warmth(theirs) < -0.3
    assert len(set(ids(mine)) & set(ids(theirs))) < 8


@pytest.mark.parametrize(("stars", "back"), [(1, False), (2, False), (3, True), (4, True)])
def test_a_dislike_hides_the_song_in_that_mood(
    owner: Any, songs: list[Song], a_list: Make, stars: int, back: bool
) -> None:
    happy = a_list(owner)
    song = happy.items.first().song  # type: ignore[union-attr]

    rating_set(user=owner, song=song, stars=stars, song_list=happy)

    assert (song.pk in ids(a_list(owner, size=50))) is back
    rating_clear(user=owner, song=song)
    assert song.pk in ids(a_list(owner, size=50))
    assert not Rating.objects.exists()


def test_a_dislike_in_one_mood_leaves_the_song_in_others(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    song = a_list(owner, "surprise").items.first().song  # type: ignore[union-attr]
    happy = a_list(owner, "happy", size=50)
    assert song.pk in ids(happy)

    rating_set(user=owner, song=song, stars=2, song_list=happy)

    assert song.pk not in ids(a_list(owner, "happy", size=50))
    assert song.pk in ids(a_list(owner, "surprise", size=50))


def test_a_dislike_without_a_mood_hides_the_song_until_a_mood_s_own_rating(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    happy = a_list(owner)
    song = happy.items.first().song  # type: ignore[union-attr]

    rating_set(user=owner, song=song, stars=1)
    assert song.pk not in ids(a_list(owner, size=50))

    rating_set(user=owner, song=song, stars=5, song_list=happy)
    assert song.pk in ids(a_list(owner, size=50))


def test_a_second_rating_in_a_mood_replaces_the_first(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    happy, sad = a_list(owner, "happy"), a_list(owner, "sad")

    rating_set(user=owner, song=songs[0], stars=5, song_list=happy)
    rating_set(user=owner, song=songs[0], stars=2, song_list=happy)
    rating_set(user=owner, song=songs[0], stars=4, song_list=sad)

    rows = Rating.objects.order_by("emotion").values_list("emotion", "stars")
    assert list(rows) == [("happy", 2), ("sad", 4)]


@pytest.mark.parametrize("stars", [0, 6, -1, True, 2.5])
def test_only_one_to_five_stars(owner: Any, songs: list[Song], stars: Any) -> None:
    with pytest.raises(DomainError) as refused:
        rating_set(user=owner, song=songs[0], stars=stars)

    assert refused.value.status == 400
    assert not Rating.objects.exists()


def test_another_listener_s_list_is_not_found(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    theirs = a_list(other)

    for attempt in (
        lambda: rating_set(user=owner, song=songs[0], stars=5, song_list=theirs),
        lambda: play_start(user=owner, song=songs[0], song_list=theirs),
        lambda: verdict_set(user=owner, song=songs[0], kind="never", song_list=theirs),
    ):
        with pytest.raises(DomainError) as refused:
            attempt()
        assert refused.value.status == 404
    assert [m.objects.count() for m in (Rating, Play, Verdict)] == [0, 0, 0]


def test_three_dislikes_push_the_artist_out(owner: Any, songs: list[Song], a_list: Make) -> None:
    happy = a_list(owner, size=50)
    artist = songs[0].artist_id
    of_artist = [song for song in songs if song.artist_id == artist]
    assert len(of_artist) == 3
    extra = Song.objects.get(pk=songs[1].pk)
    extra.artist_id, extra.revision = artist, 10**6
    extra.save()
    from recommendations.store import STORE

    STORE.clear()

    for song in of_artist:
        rating_set(user=owner, song=song, stars=1, song_list=happy)

    assert extra.pk not in ids(a_list(owner))


# --- Verdicts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "here", "elsewhere", "later"),
    [
        ("never", False, False, False),
        ("not_for_this_mood", False, True, False),
        ("not_now", False, False, True),
    ],
)
def test_each_verdict_has_its_effect_and_undo_restores(
    owner: Any,
    songs: list[Song],
    a_list: Make,
    kind: str,
    here: bool,
    elsewhere: bool,
    later: bool,
) -> None:
    surprised = a_list(owner, "surprise")
    song = surprised.items.first().song  # type: ignore[union-attr]
    assert song.pk in ids(a_list(owner, "happy", size=50))

    verdict = verdict_set(user=owner, song=song, kind=kind, song_list=surprised)

    assert (song.pk in ids(a_list(owner, "surprise", size=50))) is here
    assert (song.pk in ids(a_list(owner, "happy", size=50))) is elsewhere
    Verdict.objects.update(created_at=timezone.now() - NOT_NOW - timedelta(seconds=1))
    assert (song.pk in ids(a_list(owner, "surprise", size=50))) is later
    verdict_undo(verdict=verdict)
    assert song.pk in ids(a_list(owner, "surprise", size=50))
    assert song.pk in ids(a_list(owner, "happy", size=50))


def test_undo_restores_the_list_exactly(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    song = songs[0]
    a_list(owner), a_list(other)

    verdict_undo(verdict=verdict_set(user=owner, song=song, kind="never"))

    assert ids(a_list(owner)) == ids(a_list(other))


@pytest.mark.parametrize("kind", ["not_for_this_mood", "wrong_mood"])
def test_verdicts_about_a_mood_need_the_list(owner: Any, songs: list[Song], kind: str) -> None:
    with pytest.raises(DomainError) as refused:
        verdict_set(user=owner, song=songs[0], kind=kind)

    assert (refused.value.code, refused.value.status) == ("list_needed", 400)


def test_a_repeated_not_now_counts_from_the_latest(owner: Any, songs: list[Song]) -> None:
    first = verdict_set(user=owner, song=songs[0], kind="not_now")
    Verdict.objects.update(created_at=timezone.now() - timedelta(hours=5))

    again = verdict_set(user=owner, song=songs[0], kind="not_now")

    assert again.pk == first.pk
    assert timezone.now() - Verdict.objects.get().created_at < timedelta(minutes=1)


def test_turning_everything_down_is_told_and_never_broken(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    Verdict.objects.bulk_create(Verdict(user=owner, song=s, kind="never") for s in songs[3:])
    assert set(ids(a_list(owner))) == {song.pk for song in songs[:3]}

    Verdict.objects.bulk_create(Verdict(user=owner, song=s, kind="never") for s in songs[:3])
    with pytest.raises(DomainError) as refused:
        a_list(owner)
    assert refused.value.code == "no_songs"


# --- Plays ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("position", "reported", "outcome"),
    [
        (3, "skipped", "abandoned"),  # under five seconds is browsing
        (6, "skipped", "skipped"),
        (24.9, "skipped", "skipped"),
        (25, None, "completed"),  # half of 50 s, whatever the client says
        (40, "skipped", "completed"),
        (10, "abandoned", "abandoned"),
        (10, "completed", "abandoned"),  # the position has the last word
        (10, None, "playing"),
        (10, "playing", "playing"),
        (9999, "completed", "completed"),
    ],
)
def test_what_a_play_was_follows_from_its_position(
    owner: Any, songs: list[Song], position: float, reported: str | None, outcome: str
) -> None:
    play = play_start(user=owner, song=songs[0])

    play = play_update(play=play, position_s=position, outcome=reported)

    assert play.outcome == outcome
    assert play.position_s == min(position, 50)


def test_in_a_long_song_a_skip_is_a_stop_before_a_quarter_and_four_minutes_are_a_play(
    owner: Any, songs: list[Song]
) -> None:
    song = songs[0]
    Song.objects.filter(pk=song.pk).update(duration_s=1200)

    outcomes = {}
    for position in (29, 200, 239):
        play = play_start(user=owner, song=song)
        outcomes[position] = play_update(play=play, position_s=position, outcome="skipped").outcome
    play = play_update(play=play_start(user=owner, song=song), position_s=240)

    assert outcomes == {29: "skipped", 200: "skipped", 239: "skipped"}
    assert play.outcome == "completed"
    Song.objects.filter(pk=song.pk).update(duration_s=300)
    between = play_update(play=play_start(user=owner, song=song), position_s=100, outcome="skipped")
    assert between.outcome == "abandoned"


def test_reports_repeat_and_come_late_without_effect(owner: Any, songs: list[Song]) -> None:
    play = play_start(user=owner, song=songs[0])
    play_update(play=play, position_s=12)
    play_update(play=play, position_s=8)
    assert Play.objects.get().position_s == 12

    play_update(play=play, position_s=14, outcome="skipped")
    ended = Play.objects.get()
    for position, outcome in ((14, "skipped"), (3, "abandoned"), (48, "completed")):
        play_update(play=play, position_s=position, outcome=outcome)

    after = Play.objects.get()
    assert (after.outcome, after.position_s) == ("skipped", 48)
    assert after.updated_at == ended.updated_at


def test_an_abandoned_play_that_goes_on_after_a_reload_may_still_be_completed(
    owner: Any, songs: list[Song]
) -> None:
    play = play_start(user=owner, song=songs[0])
    play_update(play=play, position_s=12, outcome="abandoned")

    told = [play_update(play=play, position_s=position).outcome for position in (5, 12, 20, 30)]

    assert told == ["abandoned", "abandoned", "abandoned", "completed"]
    assert Play.objects.get().position_s == 30


@pytest.mark.parametrize("position", [-1, float("nan"), float("inf")])
def test_a_position_is_a_time(owner: Any, songs: list[Song], position: float) -> None:
    play = play_start(user=owner, song=songs[0])

    with pytest.raises(DomainError):
        play_update(play=play, position_s=position)


def test_heard_songs_step_back_for_a_day(owner: Any, songs: list[Song], a_list: Make) -> None:
    first = a_list(owner)
    song = first.items.first().song  # type: ignore[union-attr]
    play_update(play=play_start(user=owner, song=song, song_list=first), position_s=30)
    parts = {item.song_id: item.parts for item in a_list(owner, size=50).items.all()}
    assert parts[song.pk]["fresh"] == pytest.approx(-0.2)  # heard -.10, shown -.12, at most -.20

    Play.objects.update(updated_at=timezone.now() - timedelta(hours=25))
    SongList.objects.all().delete()

    parts = {item.song_id: item.parts for item in a_list(owner, size=50).items.all()}
    assert parts[song.pk]["fresh"] == 0
    assert parts[song.pk]["taste"] > 0


def test_skips_and_completed_plays_move_the_list(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    for user, position, outcome in ((owner, 50, "completed"), (other, 8, "skipped")):
        song_list = a_list(user)
        for song in by_warmth(song_list)[-4:]:
            play = play_start(user=user, song=song, song_list=song_list)
            play_update(play=play, position_s=position, outcome=outcome)
        Play.objects.update(updated_at=timezone.now() - timedelta(days=2))
        SongList.objects.filter(user=user).delete()

    assert warmth(a_list(owner)) > warmth(a_list(other))


# --- Listeners know nothing of each other ---------------------------------------------------------


def test_feedback_changes_nobody_else_s_lists(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    before = ids(a_list(other))
    SongList.objects.all().delete()
    for song in songs[:10]:
        rating_set(user=owner, song=song, stars=1)
        verdict_set(user=owner, song=song, kind="never")

    assert ids(a_list(other)) == before
