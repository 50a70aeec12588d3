"""The journal's pages: a period, notes, deleting, playing again, and who may see them."""

from __future__ import annotations

import re
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import Song
from emotions.journal.notes import note_set
from emotions.models import NOTE_MOST, Capture, Reading
from emotions.personal import corrections_of
from moodmusic.problems import DomainError
from recommendations.journal.played import songs_again
from recommendations.models import MoodAfter, Play, Rating, SongList, Verdict
from recommendations.services import verdict_set
from tests.emotions.factories import ReadingFactory
from tests.moodmusic.pages import HTMX, text_of
from tests.recommendations.factories import NamedReadingFactory
from tests.recommendations.journal.factories import (
    answered,
    list_for,
    ninety_days,
    play_of,
    reading_at,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
DAY = "/journal/day/2026-06-01/"
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|javascript:", re.IGNORECASE)


def table_of(html: str, id: str) -> dict[str, list[int]]:
    """{row: numbers} of a table of a page."""
    table = html[html.index(f'id="{id}"') :]
    rows = re.findall(r"<tr>(.*?)</tr>", table[: table.index("</table>")], re.DOTALL)
    return {
        re.sub("<.*?>", "", row[: row.index("</th>")]): [
            int(number) for number in re.findall(r"<td>(\d+)</td>", row)
        ]
        for row in rows
        if "<td>" in row
    }


def test_detected_and_corrected_stand_apart(client_of: Any, owner: Any) -> None:
    reading_at(owner, NOON, "happy", source="face")
    reading_at(
        owner, NOON + timedelta(hours=1), "happy", source="face", corrected_to="sad",
        corrected_at=NOON,
    )  # fmt: skip
    reading_at(owner, NOON + timedelta(hours=2), "sad")

    html = client_of(owner).get(DAY).content.decode()

    text = re.sub(r"[ \n]+", " ", re.sub("<[^>]+>", "", html))
    assert "3 readings: 2 from your face, 1 of them corrected by you, 1 by hand." in text
    assert "Your face was read as happy (80\N{NO-BREAK SPACE}%); you said sad." in text
    assert "By hand" in text
    # Read, overruled, said instead, by hand, counts
    rows = table_of(html, "said-table")
    assert (rows["Happy"], rows["Sad"]) == ([2, 1, 0, 0, 1], [0, 0, 1, 1, 2])
    assert rows["Angry"] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("view", ["day", "week", "month", "year"])
def test_the_pages_numbers_are_those_of_sql(
    client_of: Any, owner: Any, songs: list[Song], view: str
) -> None:
    ninety_days(owner, datetime(2026, 6, 30, 21, 0, tzinfo=UTC), songs[:12])
    first, last = {
        "day": ("2026-06-10", "2026-06-11"),
        "week": ("2026-06-08", "2026-06-15"),
        "month": ("2026-06-01", "2026-07-01"),
        "year": ("2026-01-01", "2027-01-01"),
    }[view]

    html = client_of(owner).get(f"/journal/{view}/2026-06-10/").content.decode()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM emotions_reading WHERE created_at >= %s AND created_at < %s",
            [first, last],
        )
        (number,) = cursor.fetchone()
    rows = table_of(html, "said-table") if number else {}
    assert sum(row[-1] for row in rows.values()) == number
    assert INLINE.search(html) is None
    if view == "year":
        days = {one.date() for one in Reading.objects.values_list("created_at", flat=True)}
        linked = re.findall(r'class="moods__day is-\w+" href="/journal/day/([\d-]+)/"', html)
        assert {date.fromisoformat(one) for one in linked} == days
        assert len(linked) == len(days) > 60


def test_a_year_has_a_square_for_each_day_up_to_today(client_of: Any, owner: Any) -> None:
    today = timezone.localdate()
    reading_at(owner, timezone.now(), "happy")

    html = client_of(owner).get("/journal/year/").content.decode()

    squares = re.findall(r'href="/journal/day/([\d-]+)/"', html)
    assert len(set(squares)) == (today - today.replace(month=1, day=1)).days + 1
    assert f'href="/journal/day/{today}/"' in html
    assert "happy, 1 reading" in html


def test_without_readings_it_invites_and_shows_no_picture(client_of: Any, owner: Any) -> None:
    for view in ("day", "week", "month", "year"):
        response = client_of(owner).get(f"/journal/{view}/")

        assert "Nothing here yet" in text_of(response)
        assert "said-table" not in response.content.decode()


@pytest.mark.parametrize(
    "address", ["decade/", "day/2026-02-30/", "day/1066-10-14/", "week/tomorrow/", "moods/joy/"]
)
def test_there_is_no_such_page(client_of: Any, owner: Any, address: str) -> None:
    assert client_of(owner).get(f"/journal/{address}").status_code == 404


# --- Notes ----------------------------------------------------------------------------------------


def test_a_note_is_written_changed_and_deleted(client_of: Any, owner: Any) -> None:
    client, reading = client_of(owner), reading_at(owner, NOON)
    address = reverse("journal_note", args=[reading.pk])

    plain = client.post(address, {"note": "  A walk.\r\n<b>By the river</b>\0 "})
    reading.refresh_from_db()
    assert plain["Location"] == f"{DAY}#reading-{reading.pk}"
    assert reading.note == "A walk.\n<b>By the river</b>"
    page = client.get(DAY).content.decode()
    assert "A walk.<br>&lt;b&gt;By the river&lt;/b&gt;" in page

    fragment = client.post(address, {"note": "Another."}, **HTMX).content.decode()
    assert "Another." in fragment
    assert "<html" not in fragment

    client.post(address, {"note": " "})
    reading.refresh_from_db()
    assert reading.note == ""


def test_a_note_has_an_end(client_of: Any, owner: Any) -> None:
    reading = reading_at(owner, NOON)
    address = reverse("journal_note", args=[reading.pk])

    kept = client_of(owner).post(address, {"note": "x" * NOTE_MOST})
    refused = client_of(owner).post(address, {"note": "y" * (NOTE_MOST + 1)}, **HTMX)

    reading.refresh_from_db()
    assert (kept.status_code, refused.status_code) == (303, 400)
    assert refused.content.decode() == "A note may have at most 4000 characters; this one has 4001."
    assert reading.note == "x" * NOTE_MOST


def test_a_note_on_a_reading_that_another_window_deleted_is_not_kept(owner: Any) -> None:
    reading = reading_at(owner, NOON)
    Reading.objects.all().delete()

    with pytest.raises(DomainError) as refused:
        note_set(reading=reading, note="Late.")

    assert (refused.value.code, refused.value.status) == ("not_found", 404)


# --- Deleting -------------------------------------------------------------------------------------


def test_deleting_asks_first_and_takes_the_lists_along(
    client_of: Any, owner: Any, songs: list[Song]
) -> None:
    capture = Capture.objects.create(user=owner, state=Capture.State.READ, frame_count=1)
    reading = ReadingFactory(user=owner, capture=capture, corrected_to="sad", corrected_at=NOON)
    kept = NamedReadingFactory(user=owner)
    made, other_list = list_for(reading), list_for(kept)
    play = play_of(made, songs[0], NOON)
    Rating.objects.create(user=owner, song=songs[0], emotion="sad", stars=4, song_list=made)
    answered(made, "better", NOON)
    verdict_set(user=owner, song=songs[1], kind="wrong_mood", song_list=made, right_emotion="angry")
    client, address = client_of(owner), reverse("journal_delete", args=[reading.pk])

    asked = text_of(client.get(address))
    assert "Delete this reading?" in asked
    assert "1 list made from it" in asked
    assert Reading.objects.filter(pk=reading.pk).exists()

    answer = client.post(address, {"next": "/journal/"})

    assert (answer.status_code, answer["Location"]) == (303, "/journal/")
    assert list(Reading.objects.all()) == [kept]
    assert list(SongList.objects.all()) == [other_list]
    assert not Capture.objects.exists()
    assert not MoodAfter.objects.exists()
    assert not Verdict.objects.exists()
    # What was said of songs stays, in its mood, and what reads it goes on working
    play.refresh_from_db()
    assert (play.song_list, play.emotion) == (None, "sad")
    assert Rating.objects.get().song_list is None
    assert len(corrections_of(owner.pk).said) == 0
    for page in ("/journal/", "/journal/moods/sad/", "/lists/", "/"):
        assert client.get(page).status_code == 200
    assert client.get(reverse("list_detail", args=[made.pk])).status_code == 404
    assert client.get(reverse("capture_detail", args=[capture.pk])).status_code == 404


def test_songs_gone_since_take_no_place_of_those_to_play_again(
    owner: Any, songs: list[Song], monkeypatch: Any
) -> None:
    monkeypatch.setattr("recommendations.journal.played.MOST_AGAIN", 2)
    made = list_for(reading_at(owner, NOON))
    for place, song in enumerate(songs[:3]):
        for _each in range(3 - place):
            play_of(made, song, NOON)
    Song.objects.filter(pk=songs[0].pk).update(hidden=True)

    assert songs_again(user=owner, emotion="happy") == songs[1:3]


def test_a_list_is_named_once_however_often_its_rest_was_ranked_anew(
    client_of: Any, owner: Any
) -> None:
    reading, later = reading_at(owner, NOON), reading_at(owner, NOON)
    first, *tails = [list_for(reading) for _each in range(4)]
    of_later = list_for(later)
    for minute, tail in enumerate([*tails, of_later], start=1):
        at = NOON + timedelta(minutes=minute)
        SongList.objects.filter(pk=tail.pk).update(began_as=first, created_at=at)
    answered(tails[0], "better", NOON)
    client = client_of(owner)

    day = client.get(f"/journal/day/{NOON:%Y-%m-%d}/").content.decode()

    shown = [one for one in (first, *tails, of_later) if f"/lists/{one.pk}/" in day]
    assert shown == [tails[0], tails[2], of_later]
    asked = text_of(client.get(reverse("journal_delete", args=[reading.pk])))
    assert "1 list made from it" in asked


# --- Playing again --------------------------------------------------------------------------------


def test_what_was_heard_when_sad_is_there_to_play(
    client_of: Any, owner: Any, other: Any, songs: list[Song]
) -> None:
    Song.objects.update(has_files=True)
    theirs = list_for(reading_at(other, NOON, "sad"))
    play_of(theirs, songs[5], NOON)
    mine = list_for(reading_at(owner, NOON, "sad"))
    for number, song in enumerate(songs[:3]):
        for _each in range(number + 1):
            play_of(mine, song, NOON)

    html = client_of(owner).get("/journal/moods/sad/?play=1").content.decode()

    assert re.findall(r'data-song="([\w-]+)"', html) == [
        str(songs[place].pk) for place in (2, 1, 0)
    ]
    assert 'data-list=""' in html
    assert "data-play-all" in html
    assert "<replay-now>" in html
    assert "<replay-now>" not in client_of(owner).get("/journal/moods/sad/").content.decode()
    assert "You have not played a list when happy yet." in text_of(
        client_of(owner).get("/journal/moods/happy/")
    )


# --- Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["journal_note", "journal_delete", "mood_after_set"])
def test_what_is_somebody_elses_is_not_found(
    client_of: Any, owner: Any, other: Any, anonymous: Any, name: str
) -> None:
    reading = reading_at(owner, NOON, note="Mine.")
    thing = list_for(reading) if name == "mood_after_set" else reading
    address, form = reverse(name, args=[thing.pk]), {"note": "Theirs.", "answer": "better"}
    absent = reverse(name, args=[uuid.uuid4()])

    assert client_of(other).post(address, form).status_code == 404
    assert client_of(other).post(absent, form).status_code == 404
    assert client_of(anonymous).post(address, form)["Location"].startswith("/accounts/login/")
    reading.refresh_from_db()
    assert reading.note == "Mine."
    assert not MoodAfter.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["/journal/", DAY, "/journal/year/2026-06-01/", "/journal/moods/sad/", "/journal/export/"],
)
def test_a_journal_is_its_listeners_alone(
    client_of: Any, owner: Any, other: Any, anonymous: Any, songs: list[Song], address: str
) -> None:
    reading = reading_at(owner, NOON, "sad", note="Only mine.")
    play_of(list_for(reading), songs[0], NOON)

    seen = client_of(other).get(address)

    assert seen.status_code == 200
    assert "no-store" in seen["Cache-Control"]
    for secret in ("Only mine.", str(reading.pk), songs[0].title):
        assert secret not in seen.content.decode()
    assert client_of(anonymous).get(address).status_code == 302
    assert Play.objects.count() == 1


# --- Ten years ------------------------------------------------------------------------------------


@pytest.fixture
def ten_years(owner: Any, songs: list[Song]) -> None:
    """20,000 readings of ten years, 2,000 lists and 10,000 plays."""
    start = datetime(2017, 1, 1, 6, 0, tzinfo=UTC)
    moods = ("happy", "sad", "neutral", "angry")
    readings = [
        NamedReadingFactory.build(user=owner, label=moods[number * 7 % 4])
        for number in range(20000)
    ]
    for number, reading in enumerate(readings):
        reading.created_at = start + timedelta(minutes=262 * number)
    times = [reading.created_at for reading in readings]
    Reading.objects.bulk_create(readings, batch_size=1000)
    for reading, at in zip(readings, times, strict=True):
        reading.created_at = at
    Reading.objects.bulk_update(readings, ["created_at"], batch_size=500)
    lists = [
        SongList(
            user=owner, reading=reading, emotion=reading.label, goal="lift", valence=0, arousal=0,
            collaborative_weight=0,
        )
        for reading in readings[::10]
    ]  # fmt: skip
    SongList.objects.bulk_create(lists, batch_size=1000)
    plays = [
        Play(user=owner, song=songs[(at + of) % 200], song_list=made, emotion=made.emotion,
             outcome="completed", position_s=50)
        for at, made in enumerate(lists)
        for of in range(5)
    ]  # fmt: skip
    Play.objects.bulk_create(plays, batch_size=1000)
    for place, play in enumerate(plays):
        play.started_at = times[place // 5 * 10]
    Play.objects.bulk_update(plays, ["started_at"], batch_size=500)


@pytest.mark.slow
def test_a_year_of_ten_takes_few_queries_and_little_time(
    client_of: Any, owner: Any, ten_years: None
) -> None:
    client = client_of(owner)
    for view in ("day", "week", "month", "year"):
        address = f"/journal/{view}/2024-06-12/"
        client.get(address)  # templates are compiled once
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        assert len(queries) <= 20, [query["sql"][:90] for query in queries]
    took = []
    for _each in range(3):
        started = time.process_time()
        response = client.get("/journal/year/2024-06-12/")
        took.append(time.process_time() - started)

    number = sum(row[-1] for row in table_of(response.content.decode(), "said-table").values())
    assert number == Reading.objects.filter(created_at__year=2024).count() > 1900
    assert min(took) < 0.2, took
    print(f"a year's page took {min(took) * 1000:.0f} ms of processor")
