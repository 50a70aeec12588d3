"""What the journal's page shows of a period."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Min, Prefetch
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from emotions.journal.entries import MOST_SHOWN, UNSHOWN, entries_of, runs_of
from emotions.journal.periods import VIEWS, Period, period_of
from emotions.journal.tallies import Said, days_of, hours_of, noted, said_of
from emotions.models import NOTE_MOST, Emotion, Reading
from recommendations.journal import pictures
from recommendations.journal.after import asks_after, helped_of
from recommendations.journal.export import FORMATS
from recommendations.journal.played import played_of
from recommendations.models import SongList
from recommendations.selectors import lists_of_reading

#: Notes named below the picture of a month or a year, the latest ones.
LATEST_NOTES = 10


def journal_context(*, user: User, period: Period) -> dict[str, Any]:
    """Everything the page of one period needs; the number of queries never grows."""
    hours = hours_of(user=user, period=period)
    days = days_of(hours)
    said = said_of(user=user, period=period)
    context = {
        "period": period,
        "title": title_of(period),
        "views": [(name, name == period.view) for name in VIEWS],
        "day": _day_within(period),
        "said": said,
        "number": sum(one.counts for one in said),
        "summary": _summary(said, None if period.view == "day" else len(days)),
        "trend": pictures.trend_of(period, hours),
        "played": played_of(user=user, period=period),
        "note_most": NOTE_MOST,
        "formats": list(FORMATS),
        "asks_after": asks_after(user=user),
        "emotions": Emotion.values,
        **_neighbours(user, period),
    }
    if period.view in ("day", "week"):
        return {**context, **_entries(user, period)}
    pattern = pictures.week_pattern(hours)
    year = period.view == "year"
    return {
        **context,
        "grid": pictures.year_grid(period, days) if year else pictures.month_grid(period, days),
        "grid_table": pictures.year_table(days) if year else pictures.day_table(days),
        "pattern": pictures.pattern_grid(pattern),
        "pattern_parts": list(pictures.part_words().values()),
        "pattern_table": pictures.pattern_table(pattern),
        "notes": noted(user=user, period=period).defer(*UNSHOWN)[:LATEST_NOTES],
        "helped": helped_of(user=user),
    }


def _summary(said: list[Said], days: int | None) -> str:
    """How many readings, on how many days, and where they came from; `days` is None on a day."""
    number = sum(one.counts for one in said)
    by_face, by_hand = sum(one.read for one in said), sum(one.by_hand for one in said)
    overruled = sum(one.overruled for one in said)
    ways = []
    if by_face:
        words = ngettext("%(counter)s from your face", "%(counter)s from your face", by_face)
        ways.append(words % {"counter": localize(by_face)})
    if by_face and overruled:
        words = ngettext(
            "%(counter)s of them corrected by you",
            "%(counter)s of them corrected by you",
            overruled,
        )
        ways.append(words % {"counter": localize(overruled)})
    if by_hand:
        words = ngettext("%(counter)s by hand", "%(counter)s by hand", by_hand)
        ways.append(words % {"counter": localize(by_hand)})
    readings = ngettext("%(counter)s reading", "%(counter)s readings", number)
    told = {"readings": readings % {"counter": localize(number)}, "ways": ", ".join(ways)}
    if days is None:
        return _("%(readings)s: %(ways)s.") % told
    on_days = ngettext("on %(counter)s day", "on %(counter)s days", days)
    told["days"] = on_days % {"counter": localize(days)}
    return _("%(readings)s %(days)s: %(ways)s.") % told


def title_of(period: Period) -> str:
    """The period in words."""
    if period.view == "day":
        return date_format(period.first, "l, j F Y")
    if period.view == "month":
        return date_format(period.first, "F Y")
    if period.view == "year":
        return date_format(period.first, "Y")
    first = date_format(period.first, "j F")
    return _("%(first)s to %(last)s") % {
        "first": first,
        "last": date_format(period.last, "j F Y"),
    }


def _day_within(period: Period) -> date:
    """The day that another view of the same time opens at: today, where it lies inside."""
    today = timezone.localdate()
    return today if period.first <= today <= period.last else period.first


def _neighbours(user: User, period: Period) -> dict[str, date | None]:
    """The periods before and after, where a journal may have anything."""
    first = Reading.objects.filter(user=user).aggregate(Min("created_at"))["created_at__min"]
    begun = timezone.localdate(first) if first else period.first
    return {
        "earlier": period.earlier if begun < period.first else None,
        "later": period.later if period.last < timezone.localdate() else None,
    }


def _entries(user: User, period: Period) -> dict[str, Any]:
    # As their last changes left them, and those with an answer.
    answered = SongList.objects.filter(mood_after__answer__gt="")
    lists = (lists_of_reading() | answered).select_related("mood_after").order_by("created_at")
    newest = entries_of(user=user, period=period).prefetch_related(Prefetch("lists", lists))
    readings = list(newest[: MOST_SHOWN + 1])
    return {
        "entries": list(runs_of(readings[:MOST_SHOWN])),
        "more": len(readings) > MOST_SHOWN,
        "most_shown": MOST_SHOWN,
    }


def period_at(view: str, on: str) -> Period:
    """The period of an address; today's without a day.

    Raises
    ------
    ValueError
        where the address names no period.
    """
    return period_of(view, date.fromisoformat(on) if on else timezone.localdate())
