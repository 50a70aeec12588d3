"""The library: overview, favourites, most played songs and the history of plays."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Song
from recommendations.beliefs import edits
from recommendations.history import history_of
from recommendations.library.selectors import by_day, favourite_songs, history_page, most_played
from recommendations.models import Play, TasteEdit
from recommendations.services import favourites_set, rating_set
from tests.recommendations.factories import PlayFactory, RatingFactory

#: Plays of a listener of many years, and the seconds that reading of them may take at the 95th
#: percentile. Counted are seconds of the processor: the database runs in this process.
MANY, QUICK_S = 50_000, 0.1
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def played(user: Any, song: Song, at: datetime, **fields: Any) -> Play:
    play = PlayFactory(user=user, song=song, **{"outcome": "completed", **fields})
    Play.objects.filter(pk=play.pk).update(started_at=at, updated_at=at)
    play.refresh_from_db()
    return play


def titles_of(client: Client, name: str, **asked: str) -> list[str]:
    """The titles of the page's rows, in order."""
    page = client.get(reverse(name), asked).content.decode()
    rows = page.split('class="song__title">')[1:]
    return [row.split("</")[0].split(">")[-1] for row in rows]


# --- Favourites and most played -------------------------------------------------------------------


def test_favourites_are_songs_of_four_or_five_stars_in_any_mood(
    owner: Any, other: Any, songs: list[Song], client_of: Any
) -> None:
    RatingFactory(user=owner, song=songs[0], stars=4, emotion="sad")
    RatingFactory(user=owner, song=songs[1], stars=3)
    RatingFactory(user=owner, song=songs[2], stars=5)
    RatingFactory(user=owner, song=songs[0], stars=1, emotion="happy")
    RatingFactory(user=owner, song=songs[3], stars=5, emotion="fear")
    RatingFactory(user=other, song=songs[4], stars=5)
    favourites_set(user=owner, artists=[songs[9].artist.name], genres=["test"])

    client = client_of(owner)
    page = client.get(reverse("library_favourites")).content.decode()

    assert titles_of(client, "library_favourites") == [songs[number].title for number in (3, 2, 0)]
    assert songs[9].artist.name in page
    assert ">Test</a>" in page


def test_most_played_counts_what_was_heard_within_the_time(
    owner: Any, other: Any, songs: list[Song]
) -> None:
    for days, song, times in ((1, 0, 1), (20, 1, 3), (100, 2, 5), (800, 3, 9)):
        for minute in range(times):
            played(owner, songs[song], NOON - timedelta(days=days, minutes=minute))
    played(owner, songs[4], NOON, outcome="skipped")
    played(owner, songs[5], NOON, private=True)
    played(other, songs[6], NOON)

    def found(period: str) -> list[tuple[str, int]]:
        rows = most_played(user=owner, period=period, now=NOON)
        return [(row.song.title, row.plays) for row in rows]

    first, second, third, fourth = (songs[number].title for number in range(4))
    assert found("week") == [(first, 1)]
    assert found("month") == [(second, 3), (first, 1)]
    assert found("year") == [(third, 5), (second, 3), (first, 1)]
    assert found("all") == [(fourth, 9), (third, 5), (second, 3), (first, 1)]


def test_songs_hidden_meanwhile_are_no_rows_to_play(
    owner: Any, songs: list[Song], client_of: Any
) -> None:
    for song in songs[:2]:
        played(owner, song, timezone.now())
        rating_set(user=owner, song=song, stars=5)
    Song.objects.filter(pk=songs[0].pk).update(hidden=True)

    client = client_of(owner)

    for name in ("library_favourites", "library_played", "library_history"):
        assert titles_of(client, name) == [songs[1].title], name
    page = client.get(reverse("library_history")).content.decode()
    assert "A song that is not here any more" in page
    assert songs[0].title + "<" not in page


def test_rows_can_be_played_as_the_player_expects(
    owner: Any, songs: list[Song], client_of: Any
) -> None:
    Song.objects.filter(pk=songs[0].pk).update(piece="happy-001")
    for song in songs[:2]:
        played(owner, song, timezone.now())

    page = client_of(owner).get(reverse("library_played")).content.decode()

    assert 'data-list=""' in page
    assert "data-play-all" in page
    audio = reverse("song_audio", args=[songs[0].pk])
    assert f'data-song="{songs[0].pk}" data-audio="{audio}"' in page
    assert f'data-song="{songs[1].pk}"' not in page  # no audio of it is here


# --- History --------------------------------------------------------------------------------------


def test_history_is_grouped_by_the_days_of_the_listeners_zone(
    owner: Any, songs: list[Song]
) -> None:
    late = datetime(2026, 6, 14, 22, 30, tzinfo=UTC)
    for number, at in enumerate((late, late + timedelta(hours=3), NOON)):
        played(owner, songs[number], at)
    plays, _last = history_page(user=owner, limit=10)

    with timezone.override("UTC"):
        in_utc = [[play.song.title for play in day.plays] for day in by_day(plays)]
    with timezone.override("Asia/Kolkata"):
        in_india = [[play.song.title for play in day.plays] for day in by_day(plays)]

    first, second, third = (song.title for song in songs[:3])
    assert in_utc == [[third, second], [first]]
    assert in_india == [[third, second, first]]


def test_history_goes_on_page_by_page_without_a_gap(
    owner: Any, other: Any, songs: list[Song], client_of: Any
) -> None:
    # Given more plays than a page holds, some at the very same time
    for number in range(120):
        played(owner, songs[number], NOON - timedelta(minutes=number // 3), emotion="sad")
    played(other, songs[150], NOON)
    client = client_of(owner)

    seen: list[str] = []
    asked: dict[str, str] = {}
    for _page in range(3):
        answer = client.get(reverse("library_history"), asked)
        seen += titles_of(client, "library_history", **asked)
        asked = {"after": str(answer.context["after"])}
    assert answer.context["after"] is None
    assert sorted(seen) == sorted(song.title for song in songs[:120])
    assert "when sad" in answer.content.decode()


def test_a_removed_play_is_gone_from_history_and_learning_until_undone(
    owner: Any, songs: list[Song], client_of: Any
) -> None:
    play = played(owner, songs[0], timezone.now())
    played(owner, songs[1], timezone.now())
    before = history_of(user_id=owner.pk)
    client = client_of(owner)

    client.post(reverse("history_remove", args=[play.pk]))

    assert titles_of(client, "library_history") == [songs[1].title]
    assert songs[0].pk not in history_of(user_id=owner.pk).said
    client.post(reverse("taste_undo", args=[TasteEdit.objects.get().pk]))
    assert history_of(user_id=owner.pk) == before


def test_a_play_that_is_not_used_stays_in_the_history(
    owner: Any, songs: list[Song], client_of: Any
) -> None:
    play = played(owner, songs[0], timezone.now())
    before = history_of(user_id=owner.pk)
    client, address = client_of(owner), reverse("play_use", args=[play.pk])

    client.post(address, {"use": "no"})
    client.post(address, {"use": "no"})

    assert history_of(user_id=owner.pk).said == {}
    assert "not used" in client.get(reverse("library_history")).content.decode()
    assert titles_of(client, "library_played") == []
    assert TasteEdit.objects.count() == 1
    client.post(address, {"use": "yes"})
    assert history_of(user_id=owner.pk) == before
    assert not TasteEdit.objects.exists()


def test_what_was_private_from_the_start_stays_so(
    owner: Any, songs: list[Song], client_of: Any
) -> None:
    play = played(owner, songs[0], timezone.now(), private=True)

    client_of(owner).post(reverse("play_use", args=[play.pk]), {"use": "yes"})

    play.refresh_from_db()
    assert play.private


def test_a_history_that_is_cleared_is_gone_for_good(
    owner: Any, other: Any, songs: list[Song], client_of: Any
) -> None:
    for song in songs[:3]:
        played(owner, song, timezone.now())
    kept = played(other, songs[0], timezone.now())
    edits.event_remove(user=owner, event=owner.plays.first())
    edits.play_disuse(user=owner, play=owner.plays.first())
    rating_set(user=owner, song=songs[0], stars=5)

    client_of(owner).post(reverse("history_clear"))

    assert not owner.plays.exists()
    assert not TasteEdit.objects.exists()  # nothing that was kept aside comes back
    assert owner.ratings.count() == 1
    assert list(Play.objects.all()) == [kept]


def test_others_plays_are_not_found(
    owner: Any, other: Any, anonymous: Any, songs: list[Song], client_of: Any
) -> None:
    play = played(owner, songs[0], timezone.now())

    for name in ("history_remove", "play_use"):
        address = reverse(name, args=[play.pk])
        assert client_of(other).post(address, {"use": "no"}).status_code == 404
        assert client_of(anonymous).post(address).status_code == 302
    client_of(other).post(reverse("history_clear"))
    assert titles_of(client_of(other), "library_history", after=str(play.pk)) == []

    play.refresh_from_db()
    assert not play.private


# --- Every page -----------------------------------------------------------------------------------

PAGES = ("library", "playlists", "library_favourites", "library_played", "library_history")


@pytest.mark.parametrize("name", [*PAGES, "list_index", "taste"])
def test_pages_are_personal_and_have_words_where_nothing_is_yet(
    name: str, owner: Any, anonymous: Any, client_of: Any
) -> None:
    answer = client_of(owner).get(reverse(name))

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"
    assert client_of(anonymous).get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", PAGES)
def test_more_rows_cost_no_more_queries(
    name: str,
    owner: Any,
    songs: list[Song],
    client_of: Any,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client = client_of(owner)
    for number, song in enumerate(songs[:60]):
        played(owner, song, timezone.now() - timedelta(minutes=number))
        RatingFactory(user=owner, song=song, stars=5)

    with django_assert_max_num_queries(14):
        assert client.get(reverse(name)).status_code == 200


@pytest.mark.slow
def test_fifty_thousand_plays_are_read_at_once(
    owner: Any, songs: list[Song], monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = np.random.default_rng(3)
    of_song = np.minimum(chance.geometric(0.02, MANY), len(songs)) - 1
    now = timezone.now()
    # One every twenty minutes, for two years; a new play would be of now.
    monkeypatch.setattr(Play._meta.get_field("started_at"), "auto_now_add", False)
    Play.objects.bulk_create(
        (
            Play(
                user=owner,
                song=songs[place],
                outcome="completed",
                emotion="happy",
                started_at=now - timedelta(minutes=20 * number),
            )
            for number, place in enumerate(of_song.tolist())
        ),
        batch_size=5000,
    )
    deep = Play.objects.filter(user=owner).order_by("started_at")[100]

    def p95(ask: Callable[[], object]) -> float:
        spent = []
        for _turn in range(21):
            began = time.process_time()
            ask()
            spent.append(time.process_time() - began)
        return sorted(spent)[19]

    times = {
        "history": p95(lambda: history_page(user=owner, limit=50)),
        "deep": p95(lambda: history_page(user=owner, after=deep, limit=50)),
        **{
            period: p95(lambda period=period: most_played(user=owner, period=period))  # type: ignore[misc]
            for period in ("week", "month", "year", "all")
        },
    }
    print({name: f"{1000 * seconds:.0f} ms" for name, seconds in times.items()})
    assert max(times.values()) < QUICK_S
    assert favourite_songs(owner).count() == 0
