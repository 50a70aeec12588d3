"""Stretches of days in the listener's time zone: a day, a week from Monday, a month, a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

VIEWS = ("day", "week", "month", "year")
#: Years that a period may lie in; what lies outside is nobody's journal.
FIRST_YEAR, LAST_YEAR = 1970, 2199
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from `first` to `last`, both inside; `view` is "" for a stretch of any length."""

    view: str
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first day's midnight in the zone that is active now."""
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The midnight after the last day: the first moment that lies outside."""
        return midnight(self.last + ONE_DAY)

    @property
    def earlier(self) -> date:
        """A day of the period before this one."""
        return self.first - ONE_DAY

    @property
    def later(self) -> date:
        """The first day of the period after this one."""
        return self.last + ONE_DAY

    @property
    def days(self) -> list[date]:
        """Every day of it, in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def midnight(day: date) -> datetime:
    """When a day begins where the listener is.

    Days of 23 and 25 hours come out right: both ends of a day are looked up in the zone.
    """
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def period_of(view: str, day: date) -> Period:
    """The day, week (from Monday), month or year that holds `day`.

    Raises
    ------
    ValueError
        for another view, or a day out of all journals.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"no journal has the year {day.year}")
    if view == "day":
        return Period(view, day, day)
    if view == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(view, monday, monday + timedelta(days=6))
    if view == "month":
        first = day.replace(day=1)
        return Period(view, first, (first + timedelta(days=31)).replace(day=1) - ONE_DAY)
    if view == "year":
        return Period(view, date(day.year, 1, 1), date(day.year, 12, 31))
    raise ValueError(f"no view is called {view}")


def stretch_of(first: date | None, last: date | None) -> Period:
    """From `first` to `last`; without one of them, or beyond, as far as journals reach."""
    least, most = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    return Period("", min(max(first or least, least), most), min(max(last or most, least), most))
