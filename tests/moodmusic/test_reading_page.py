"""The page of a reading with its songs: the first list, goals in place, the map, corrections."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from catalog.models import Song
from emotions.models import Reading
from emotions.services import reading_at_point
from recommendations.models import SongList, Verdict
from recommendations.templatetags.mood_map import beside, drawn
from tests.emotions.factories import ReadingFactory
from tests.moodmusic.pages import HTMX, text_of
from tests.things import Things, things_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(owner: Any) -> Things:
    return things_of(owner)


@pytest.fixture
def fresh(owner: Any, things: Things) -> Reading:
    """A reading without a list, in a catalogue with songs."""
    return ReadingFactory(user=owner)


def page_of(client: Any, reading: Reading) -> str:
    html: str = client.get(reverse("reading_detail", args=[reading.pk])).content.decode()
    return html


def goals_pressed(html: str) -> list[str]:
    return re.findall(r'id="goal-(\w+)"[^>]*aria-pressed="true"', html)


# --- The first list -------------------------------------------------------------------------------


def test_a_reading_asks_for_its_first_list_by_itself(
    client_of: Any, owner: Any, fresh: Reading
) -> None:
    client, make = client_of(owner), reverse("list_create", args=[fresh.pk])
    assert f'hx-post="{make}" hx-trigger="load, submit"' in page_of(client, fresh)
    assert "Make my list" in page_of(client, fresh)

    answer = client.post(make, {"goal": "match", "first": "1"}, **HTMX).content.decode()

    song_list = SongList.objects.get(reading=fresh)
    assert (song_list.goal, song_list.journey) == ("match", False)
    assert f'data-list="{song_list.pk}"' in answer
    assert "<html" not in answer
    assert goals_pressed(answer) == ["match"]


def test_loading_it_again_makes_no_second_list(client_of: Any, owner: Any, fresh: Reading) -> None:
    client, make = client_of(owner), reverse("list_create", args=[fresh.pk])
    first = {"goal": "match", "first": "1"}

    client.post(make, first, **HTMX)
    client.post(make, first, **HTMX)
    html = page_of(client, fresh)

    song_list = SongList.objects.get(reading=fresh)
    assert f'data-list="{song_list.pk}"' in html
    assert 'hx-trigger="load' not in html


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_make_one_list(client_of: Any, owner: Any, fresh: Reading) -> None:
    make, barrier = reverse("list_create", args=[fresh.pk]), Barrier(4)
    clients = [client_of(owner) for _ in range(4)]

    def ask(client: Any) -> int:
        barrier.wait()
        try:
            status: int = client.post(make, {"goal": "match", "first": "1"}, **HTMX).status_code
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, clients)) == [200] * 4
    assert SongList.objects.filter(reading=fresh).count() == 1


def test_the_page_shows_the_latest_list(client_of: Any, owner: Any, fresh: Reading) -> None:
    client, make = client_of(owner), reverse("list_create", args=[fresh.pk])
    client.post(make, {"goal": "match"})
    client.post(make, {"goal": "calm"})

    html = page_of(client, fresh)

    assert goals_pressed(html) == ["calm"]
    assert f'data-list="{SongList.objects.get(reading=fresh, goal="calm").pk}"' in html


def test_without_songs_the_first_list_says_why(client_of: Any, owner: Any) -> None:
    reading = ReadingFactory(user=owner)

    answer = client_of(owner).post(
        reverse("list_create", args=[reading.pk]), {"goal": "match", "first": "1"}, **HTMX
    )

    assert answer.status_code == 200
    assert "There is no song left for this mood" in text_of(answer)
    assert "load, submit" not in answer.content.decode()
    assert not SongList.objects.exists()


# --- Goals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "goal", "journey", "pressed"),
    [
        ({"goal": "lift"}, "lift", False, ["lift"]),
        ({"goal": "focus", "journey": "1"}, "focus", True, ["focus", "way"]),
        ({"goal": "calm", "way": "journey"}, "calm", True, ["calm", "way"]),
        ({"goal": "calm", "journey": "1", "way": "straight"}, "calm", False, ["calm"]),
        # A way to where one is already leads to a lift; and "match" ends a journey
        ({"goal": "match", "way": "journey"}, "lift", True, ["lift", "way"]),
        ({"goal": "match", "journey": "1"}, "match", False, ["match"]),
    ],
)
def test_a_goal_is_taken_in_place(
    client_of: Any,
    owner: Any,
    things: Things,
    form: dict[str, str],
    goal: str,
    journey: bool,
    pressed: list[str],
) -> None:
    Verdict.objects.all().delete()

    answer = client_of(owner).post(reverse("list_create", args=[things.reading.pk]), form, **HTMX)

    made = SongList.objects.latest("created_at")
    html = answer.content.decode()
    assert (made.goal, made.journey) == (goal, journey)
    assert goals_pressed(html) == pressed
    assert answer["HX-Push-Url"] == reverse("list_detail", args=[made.pk])
    assert '<p id="list-said" hx-swap-oob="innerHTML">' in html
    assert "<h2" in html
    assert "<h1" not in html


def test_on_a_lists_own_page_the_new_list_brings_its_heading(
    client_of: Any, owner: Any, things: Things
) -> None:
    form = {"goal": "lift", "page": "list"}

    html = (
        client_of(owner)
        .post(reverse("list_create", args=[things.reading.pk]), form, **HTMX)
        .content.decode()
    )

    assert "<title>Lift for happy · MoodMusic</title>" in html
    assert re.search(r'<h1 id="list-title">\s*Up from <em>happy</em>', html)


def test_without_javascript_a_goal_leads_to_the_lists_page(
    client_of: Any, owner: Any, things: Things
) -> None:
    answer = client_of(owner).post(
        reverse("list_create", args=[things.reading.pk]), {"goal": "lift"}
    )

    made = SongList.objects.latest("created_at")
    assert (answer.status_code, answer["Location"]) == (303, reverse("list_detail", args=[made.pk]))


# --- The map --------------------------------------------------------------------------------------


def test_each_song_of_the_list_is_a_dot_that_leads_to_its_row(
    client_of: Any, owner: Any, things: Things
) -> None:
    Verdict.objects.all().delete()
    client = client_of(owner)
    client.post(reverse("list_create", args=[things.reading.pk]), {"goal": "match"})

    html = page_of(client, things.reading)

    items = SongList.objects.latest("created_at").items.select_related("song__artist")
    assert len(items) == 2
    for item in items:
        assert f'href="#song-{item.song_id}"' in html
        assert f'id="song-{item.song_id}"' in html
        assert f'aria-label="{item.position}. {item.song.title} by' in html
    assert "2 songs of the list lie here." in html
    assert "The music aims at valence" in html


def test_a_song_without_moods_has_no_place(things: Things) -> None:
    Song.objects.filter(pk=things.song.pk).update(placed=False)
    songs = list(enumerate(Song.objects.select_related("artist"), start=1))

    shown = drawn((0.5, 0.5), None, songs)

    assert [dot["song"].pk for dot in shown["dots"]] == [
        song.pk for _, song in songs if song.pk != things.song.pk
    ]
    assert shown["aim"] is None


def test_songs_at_one_point_are_drawn_side_by_side() -> None:
    drawn_at = [beside((166.4, 58.2), number) for number in range(20)]

    assert drawn_at[0] == (166.4, 58.2)
    gaps = [
        ((a - c) ** 2 + (b - d) ** 2) ** 0.5
        for at, (a, b) in enumerate(drawn_at)
        for c, d in drawn_at[:at]
    ]
    assert min(gaps) > 4
    assert all(10 <= value <= 190 for pair in drawn_at for value in pair)


# --- Corrections ----------------------------------------------------------------------------------


def test_a_correction_changes_reading_and_songs_in_place(
    client_of: Any, owner: Any, things: Things
) -> None:
    client = client_of(owner)
    client.post(reverse("list_create", args=[things.reading.pk]), {"goal": "lift"})
    correct = reverse("reading_correct", args=[things.reading.pk])

    html = client.post(correct, {"emotion": "sad"}, **HTMX).content.decode()

    made = SongList.objects.latest("created_at")
    assert (made.emotion, made.goal) == ("sad", "lift")
    assert "<title>You are sad · MoodMusic</title>" in html
    assert f'data-list="{made.pk}"' in html
    assert re.search(r'id="correct-sad"[^>]*aria-pressed="true"', html)
    assert "Up from <em>sad</em>" in html.partition('id="list-said"')[2]

    # The same word again makes no other list, and taking it back does
    client.post(correct, {"emotion": "sad"}, **HTMX)
    assert SongList.objects.latest("created_at").pk == made.pk
    client.post(correct, {"emotion": ""}, **HTMX)
    assert SongList.objects.latest("created_at").emotion == "happy"


def test_a_correction_without_javascript_makes_the_songs_follow(
    client_of: Any, owner: Any, things: Things
) -> None:
    client, correct = client_of(owner), reverse("reading_correct", args=[things.reading.pk])

    answer = client.post(correct, {"emotion": "angry"}, follow=True)

    assert answer.redirect_chain == [(reverse("reading_detail", args=[things.reading.pk]), 303)]
    assert "You say angry." in text_of(answer)
    assert SongList.objects.latest("created_at").emotion == "angry"


def test_a_correction_before_any_list_makes_none(
    client_of: Any, owner: Any, fresh: Reading
) -> None:
    client_of(owner).post(reverse("reading_correct", args=[fresh.pk]), {"emotion": "sad"})

    assert not SongList.objects.filter(reading=fresh).exists()


def test_a_correction_stands_where_no_song_is_left(
    client_of: Any, owner: Any, things: Things
) -> None:
    Song.objects.update(hidden=True)
    from recommendations.store import STORE

    STORE.clear()

    answer = client_of(owner).post(
        reverse("reading_correct", args=[things.reading.pk]), {"emotion": "sad"}, **HTMX
    )

    assert answer.status_code == 200
    assert "There is no song left" in text_of(answer)
    assert Reading.objects.get(pk=things.reading.pk).corrected_to == "sad"


def test_all_seven_corrections_are_visible_and_four_bars_are_folded(
    client_of: Any, owner: Any, things: Things
) -> None:
    html = page_of(client_of(owner), things.reading)

    before, _, folded = html.partition('<details class="fold read__more">')
    assert len(re.findall(r'id="correct-\w+" name="emotion"', html)) == 7
    assert before.count('class="odds__row') == 3
    assert folded.partition("</details>")[0].count('class="odds__row') == 4


def test_a_list_for_a_point_says_so(client_of: Any, owner: Any, things: Things) -> None:
    reading = reading_at_point(user=owner, valence=0.7, arousal=-0.5)

    html = page_of(client_of(owner), reading)

    assert "<title>Near neutral · MoodMusic</title>" in html
    assert "You are at valence +0.70, arousal \N{MINUS SIGN}0.50" in html
    assert 'aria-pressed="true"' not in html.partition('id="list-block"')[0]
