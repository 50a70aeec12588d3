"""What the journal counts: by the listener's days, and the same as the database's own totals."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import Song
from emotions.journal.entries import entries_of, runs_of
from emotions.journal.periods import Period, period_of, stretch_of
from emotions.journal.tallies import days_of, hours_of, said_of
from emotions.models import Emotion, Reading
from recommendations.journal.pictures import part_of, trend_of, week_pattern, year_grid
from recommendations.journal.played import played_of, songs_again
from recommendations.models import Play
from tests.recommendations.factories import VerdictFactory
from tests.recommendations.journal.factories import list_for, ninety_days, play_of, reading_at

pytestmark = pytest.mark.django_db
LAST = datetime(2026, 6, 30, 21, 0, tzinfo=UTC)


def in_berlin() -> Any:
    return timezone.override(ZoneInfo("Europe/Berlin"))


def sql(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


@pytest.fixture
def quarter_year() -> Period:
    return Period("", date(2026, 4, 1), date(2026, 6, 30))


def test_the_totals_of_ninety_days_are_those_of_sql(
    owner: Any, other: Any, songs: list[Song], quarter_year: Period
) -> None:
    kept = ninety_days(owner, LAST, songs[:12])
    ninety_days(other, LAST, [])

    said = said_of(user=owner, period=quarter_year)
    hours = hours_of(user=owner, period=quarter_year)

    # In force, by SQL alone
    in_force = dict(
        sql(
            "SELECT CASE WHEN corrected_to = '' THEN label ELSE corrected_to END AS felt, COUNT(*) "
            "FROM emotions_reading WHERE user_id = %s GROUP BY felt",
            owner.pk,
        )
    )
    assert {one.emotion: one.counts for one in said if one.counts} == in_force
    assert sum((hour.counts for hour in hours), Counter()) == in_force
    assert sum(in_force.values()) == len(kept) > 100
    # Read, and overruled
    read = dict(
        sql(
            "SELECT label, COUNT(*) FROM emotions_reading WHERE user_id = %s AND source = 'face' "
            "GROUP BY label",
            owner.pk,
        )
    )
    assert {one.emotion: one.read for one in said if one.read} == read
    [(overruled,)] = sql(
        "SELECT COUNT(*) FROM emotions_reading WHERE user_id = %s AND source = 'face' "
        "AND corrected_to <> '' AND corrected_to <> label",
        owner.pk,
    )
    assert sum(one.overruled for one in said) == sum(one.said for one in said) == overruled > 20
    # Plays by mood
    plays = dict(
        sql(
            "SELECT emotion, COUNT(*) FROM recommendations_play WHERE user_id = %s "
            "AND emotion <> '' GROUP BY emotion",
            owner.pk,
        )
    )
    assert {one.emotion: one.plays for one in played_of(user=owner, period=quarter_year)} == plays
    # The pictures draw exactly these: squares of days, and squares of the week
    days = days_of(hours)
    grid = year_grid(period_of("year", date(2026, 6, 1)), days)
    assert {cell.words.split(":")[0] for cell in grid.cells if cell.emotion} == {
        f"{day.day} {day:%B}" for day in {timezone.localdate(one.created_at) for one in kept}
    }
    assert sum(mood.number for mood in week_pattern(hours).values()) == len(kept)


def test_a_song_is_named_by_how_often_it_was_played_in_the_mood(
    owner: Any, songs: list[Song]
) -> None:
    sad = list_for(reading_at(owner, LAST, "sad"))
    happy = list_for(reading_at(owner, LAST, "happy"))
    for number, song in enumerate(songs[:5]):
        for _each in range(5 - number):
            play_of(sad, song, LAST)
    play_of(happy, songs[9], LAST)
    play_of(sad, songs[8], LAST, private=True)
    play_of(sad, songs[7], LAST, outcome="playing", position_s=2)

    first, second = played_of(user=owner)

    assert (first.emotion, first.plays, second.emotion, second.plays) == ("sad", 15, "happy", 1)
    assert [(row["song"], row["number"]) for row in first.songs] == [
        (songs[0].pk, 5),
        (songs[1].pk, 4),
        (songs[2].pk, 3),
    ]
    by_artist = Counter(song.artist.name for song in songs[:5])
    assert {row["name"] for row in first.artists} <= set(by_artist)

    # Played again: the most played first, without what was turned down since
    VerdictFactory(user=owner, song=songs[1], kind="never")
    VerdictFactory(user=owner, song=songs[2], kind="not_for_this_mood", emotion="sad")
    Song.objects.filter(pk=songs[3].pk).update(hidden=True)
    again = songs_again(user=owner, emotion="sad")
    assert [(song.pk, song.times) for song in again] == [(songs[0].pk, 5), (songs[4].pk, 1)]


# --- Days where the listener is -------------------------------------------------------------------


def test_days_are_cut_at_the_listeners_midnight(owner: Any) -> None:
    # 00:30 on 2 June in Berlin, 04:00 in Kolkata, 22:30 on 1 June in London
    reading_at(owner, datetime(2026, 6, 1, 22, 30, tzinfo=UTC), "sad")
    whole = stretch_of(None, None)

    with in_berlin():
        assert list(days_of(hours_of(user=owner, period=whole))) == [date(2026, 6, 2)]
        assert hours_of(user=owner, period=period_of("day", date(2026, 6, 1))) == []
    with timezone.override(ZoneInfo("Asia/Kolkata")):
        (hour,) = hours_of(user=owner, period=period_of("day", date(2026, 6, 2)))
        assert (hour.at.hour, part_of(hour.at)) == (4, "night")
    with timezone.override(UTC):
        assert list(days_of(hours_of(user=owner, period=whole))) == [date(2026, 6, 1)]


def test_a_zone_of_half_an_hour_cuts_within_the_hour(owner: Any) -> None:
    # Midnight in Kolkata is 18:30 UTC
    reading_at(owner, datetime(2026, 6, 1, 18, 29, 59, tzinfo=UTC), "sad")
    reading_at(owner, datetime(2026, 6, 1, 18, 30, tzinfo=UTC), "happy")

    with timezone.override(ZoneInfo("Asia/Kolkata")):
        days = days_of(hours_of(user=owner, period=stretch_of(None, None)))

    assert {day: mood.emotion for day, mood in days.items()} == {
        date(2026, 6, 1): "sad",
        date(2026, 6, 2): "happy",
    }


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_days_on_which_clocks_change_are_whole(owner: Any, day: date, hours: int) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Europe/Berlin"))
    first = start.astimezone(UTC)
    for number in range(-1, hours + 1):
        reading_at(owner, first + timedelta(hours=number), "happy")

    with in_berlin():
        period = period_of("day", day)
        found = hours_of(user=owner, period=period)
        days = days_of(hours_of(user=owner, period=stretch_of(None, None)))
        length = period.end.astimezone(UTC) - period.start.astimezone(UTC)

    assert length == timedelta(hours=hours)
    assert len(found) == hours
    assert days[day].number == hours
    with in_berlin():
        trend = trend_of(period, found)
    assert trend is not None
    assert len(trend.points) == hours


# --- Live sessions --------------------------------------------------------------------------------


def test_a_live_session_does_not_outweigh_the_day(owner: Any) -> None:
    noon = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    for hour in (8, 15, 20):
        reading_at(owner, noon.replace(hour=hour), "sad")
    for number in range(200):
        reading_at(owner, noon + timedelta(seconds=15 * number), "happy", source="face")

    day = days_of(hours_of(user=owner, period=period_of("day", noon.date())))[noon.date()]

    assert (day.emotion, day.number) == ("sad", 203)


def test_many_readings_within_minutes_are_one_entry_that_opens(owner: Any) -> None:
    noon = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    for number in range(40):
        label = "neutral" if number == 3 else "happy"
        reading_at(owner, noon + timedelta(seconds=15 * number), label, source="face")
    reading_at(owner, noon - timedelta(hours=3), "sad")
    reading_at(owner, noon - timedelta(hours=3, minutes=2), "fear")

    ((day, runs),) = runs_of(entries_of(user=owner, period=period_of("day", noon.date())))

    assert day == noon.date()
    assert [(run.folded, len(run.readings), run.emotion) for run in runs] == [
        (True, 40, "happy"),
        (False, 1, "sad"),
        (False, 1, "fear"),
    ]
    assert runs[0].others == ["neutral"]


def test_a_correction_moves_the_line_to_the_listeners_word(owner: Any) -> None:
    at = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    read = reading_at(owner, at, "happy", source="face", corrected_to="sad", corrected_at=at)
    said = reading_at(owner, at + timedelta(days=1), "sad")

    first, second = hours_of(user=owner, period=stretch_of(None, None))

    assert read.valence > 0 > said.valence
    assert (first.valence, first.arousal) == pytest.approx((second.valence, second.arousal))
    assert Play.objects.count() == 0


def test_every_emotion_has_its_row_also_without_readings(owner: Any) -> None:
    rows = said_of(user=owner, period=stretch_of(None, None))

    assert [row.emotion for row in rows] == Emotion.values
    assert not any(row.counts or row.read for row in rows)
    assert Reading.objects.count() == 0
