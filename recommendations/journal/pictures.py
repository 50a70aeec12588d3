"""What the journal's pictures show of a period: cells, points, and the tables beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emotions.journal.periods import Period
from emotions.journal.tallies import Hour, Mood, mood_of, moods_by
from moodmusic.templatetags.journal_charts import Cell, Grid, Point, Trend
from moodmusic.templatetags.words import feeling
from recommendations.models import DayPart
from recommendations.situation import HOURS_OF_A_PART

#: Points of a line that lie this many steps apart are not joined.
JOINED_STEPS = 3
#: Pixels of a cell, and of the words beside the cells, of each grid.
YEAR_CELL, MONTH_CELL, WEEK_CELL = (26, 22), (48, 0), (38, 68)


def day_address(day: date) -> str:
    """The page of one day."""
    return reverse("journal_period", args=["day", day.isoformat()])


def mood_words(mood: Mood | None) -> str:
    """`happy, 3 readings`."""
    if mood is None:
        return _("no reading")
    number = ngettext("%(n)s reading", "%(n)s readings", mood.number) % {"n": mood.number}
    return f"{feeling(mood.emotion)}, {number}"


def year_grid(period: Period, days: Mapping[date, Mood]) -> Grid:
    """A column for each month and a square for each of its days, linked to the day's page."""
    return Grid(
        id="year",
        title=_("%(year)s in pixels") % {"year": period.first.year},
        desc=_("A square for each day with its prevailing mood; each leads to its day."),
        columns=[str(MONTHS_3[month]).capitalize() for month in range(1, 13)],
        rows=[str(number) for number in range(1, 32)],
        cells=_days(period, days, place=lambda day: (day.month - 1, day.day - 1)),
        size=YEAR_CELL[0],
        left=YEAR_CELL[1],
    )


def month_grid(period: Period, days: Mapping[date, Mood]) -> Grid:
    """A calendar from Monday to Sunday, each day linked to its page."""
    before = period.first.weekday()
    weeks = -(-(before + len(period.days)) // 7)
    return Grid(
        id="month",
        title=_("Calendar of %(month)s") % {"month": date_format(period.first, "F Y")},
        desc=_("A square for each day with its prevailing mood; each leads to its day."),
        columns=[str(WEEKDAYS_ABBR[weekday]) for weekday in range(7)],
        rows=[""] * weeks,
        cells=_days(
            period,
            days,
            place=lambda day: (day.weekday(), (before + day.day - 1) // 7),
            numbers=True,
        ),
        size=MONTH_CELL[0],
        left=MONTH_CELL[1],
    )


def _days(
    period: Period,
    days: Mapping[date, Mood],
    *,
    place: Callable[[date], tuple[int, int]],
    numbers: bool = False,
) -> list[Cell]:
    """A cell for each day, linked up to today; what days have in common is worked out once."""
    today = timezone.localdate()
    linked = day_address(today).replace(today.isoformat(), "{}")
    months = {month: str(name) for month, name in MONTHS.items()}
    said: dict[tuple[str, int] | None, str] = {None: mood_words(None)}
    cells = []
    for day in period.days:
        mood = days.get(day)
        kind = (mood.emotion, mood.number) if mood else None
        if kind not in said:
            said[kind] = mood_words(mood)
        column, row = place(day)
        cells.append(
            Cell(
                column=column,
                row=row,
                words=f"{day.day} {months[day.month]}: {said[kind]}",
                emotion=mood.emotion if mood else "",
                href=linked.format(day.isoformat()) if day <= today else "",
                number=str(day.day) if numbers else "",
                marked=day == today,
            )
        )
    return cells


def year_table(days: Mapping[date, Mood]) -> list[tuple[str, str]]:
    """Each month with how many of its days were of which mood."""
    months: dict[int, Counter[str]] = {}
    for day, mood in days.items():
        months.setdefault(day.month, Counter())[mood.emotion] += 1
    return [
        (
            str(MONTHS[month]),
            ", ".join(f"{feeling(name)} {number}" for name, number in counted.most_common()),
        )
        for month, counted in sorted(months.items())
    ]


def day_table(days: Mapping[date, Mood]) -> list[tuple[str, str]]:
    """Each day with its mood."""
    return [(date_format(day, "j F"), mood_words(mood)) for day, mood in sorted(days.items())]


# --- The pattern of the week ----------------------------------------------------------------------


def part_of(at: datetime) -> str:
    """The quarter of the listener's day that an hour lies in."""
    return list(DayPart)[at.hour // HOURS_OF_A_PART].value


def week_pattern(hours: Sequence[Hour]) -> dict[tuple[int, str], Mood]:
    """{(weekday from Monday 0, part of the day): prevailing mood}."""
    return moods_by(hours, lambda at: (at.weekday(), part_of(at)))


def part_words() -> dict[str, str]:
    """The parts of the day from morning to night, in words."""
    return {
        DayPart.MORNING.value: _("Morning"),
        DayPart.AFTERNOON.value: _("Afternoon"),
        DayPart.EVENING.value: _("Evening"),
        DayPart.NIGHT.value: _("Night"),
    }


def pattern_grid(pattern: Mapping[tuple[int, str], Mood]) -> Grid:
    """Weekdays across, parts of the day down, with the number of readings in each square."""
    parts = part_words()
    return Grid(
        id="pattern",
        title=_("Pattern of the week"),
        desc=_("The prevailing mood by weekday and part of the day, with the number of readings."),
        columns=[str(WEEKDAYS_ABBR[weekday]) for weekday in range(7)],
        rows=list(parts.values()),
        cells=[
            Cell(
                column=weekday,
                row=row,
                words=f"{WEEKDAYS[weekday]}, {words}: {mood_words(mood)}",
                emotion=mood.emotion if mood else "",
                number=str(mood.number) if mood else "",
            )
            for row, (part, words) in enumerate(parts.items())
            for weekday in range(7)
            for mood in [pattern.get((weekday, part))]
        ],
        size=WEEK_CELL[0],
        left=WEEK_CELL[1],
    )


def pattern_table(pattern: Mapping[tuple[int, str], Mood]) -> list[tuple[str, list[str]]]:
    """Each weekday with its moods from morning to night."""
    return [
        (
            str(WEEKDAYS[weekday]),
            [mood_words(pattern.get((weekday, part))) for part in part_words()],
        )
        for weekday in range(7)
    ]


# --- Valence and arousal over time ----------------------------------------------------------------


def trend_of(period: Period, hours: Sequence[Hour]) -> Trend | None:
    """Over the hours of a day, the days of a week or month, or the weeks of a year.

    None where there are fewer than two points, which make no line.
    """
    if period.view == "day":
        moods = {
            # The second of two hours of one name, when clocks go back, stands after the first.
            hour.at.hour + hour.at.fold / 2: (date_format(hour.at, "H:i"), mood_of([hour]))
            for hour in hours
        }
        steps, title = 24, _("Valence and arousal over the day")
        ticks = [(hour / 23, f"{hour}:00") for hour in (3, 9, 15, 21)]
    elif period.view == "year":
        weeks = moods_by(hours, lambda at: at.date() - timedelta(days=at.weekday()))
        moods = {
            max(0, (monday - period.first).days) / 7: (
                _("week of %(day)s") % {"day": date_format(monday, "j F")},
                mood,
            )
            for monday, mood in sorted(weeks.items())
        }
        steps, title = 53, _("Valence and arousal, week by week")
        ticks = [
            ((date(period.first.year, month, 1) - period.first).days / 7 / (steps - 1), name)
            for month in (1, 4, 7, 10)
            for name in [str(MONTHS_3[month]).capitalize()]
        ]
    else:
        days = moods_by(hours, lambda at: at.date())
        moods = {
            float((day - period.first).days): (date_format(day, "j F"), mood)
            for day, mood in days.items()
        }
        steps, title = len(period.days), _("Valence and arousal, day by day")
        every = 1 if steps == 7 else 7
        ticks = [
            (at / (steps - 1), date_format(day, "D" if steps == 7 else "j M"))
            for at, day in enumerate(period.days)
            if at % every == 0
        ]
    if len(moods) < 2:
        return None
    scale = max(1, steps - 1)
    return Trend(
        id="trend",
        title=title,
        desc=_(
            "Valence runs from unpleasant (-1) to pleasant (+1), arousal from calm (-1) to "
            "excited (+1)."
        ),
        points=[
            Point(min(1.0, at / scale), mood.valence, mood.arousal, words)
            for at, (words, mood) in moods.items()
        ],
        gap=JOINED_STEPS / scale,
        ticks=ticks,
    )
