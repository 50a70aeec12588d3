"""Histories read from the events, as few rows as hold them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Count, Func, Max
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from ml.recommend.feedback import faded
from recommendations.history.said import BROWSING_S, FINISHED, History, Said, Turned
from recommendations.models import Nudge, Play, Rating, Verdict

#: Columns of a rating's or a play's row before those of the situation.
KEY = 5
#: No situation to tell apart.
NOTHING: Mapping[str, str] = MappingProxyType({})


def month_of(now: datetime) -> int:
    """Months since the year 0: the step in which plays fade.

    By month, the database hands over a song's plays of a month as one row, and a listener's factors
    stay what they are until the month ends.
    """
    return 12 * now.year + now.month - 1


def histories(
    *,
    user_id: int | None = None,
    users: tuple[int, int] | None = None,
    before: datetime | None = None,
    now: datetime | None = None,
    situation: Mapping[str, str] = NOTHING,
) -> dict[int, History]:
    """{user id: history} of one listener, of a range of ids (both ends in it) or of all; three
    queries.

    What was rated or played in a private stretch is left out.

    Parameters
    ----------
    before : leaves out later events
    now : when the plays' age is counted from; by default `before`, or else the present
    situation : {field of ratings and plays: value} of which to tell apart what was said in it
    """
    ratings = Rating.objects.filter(private=False)
    plays = Play.objects.filter(private=False)
    verdicts = Verdict.objects.exclude(kind=Verdict.Kind.WRONG_MOOD)
    nudges = Nudge.objects.all()
    if user_id is not None:
        ratings, plays = ratings.filter(user=user_id), plays.filter(user=user_id)
        verdicts, nudges = verdicts.filter(user=user_id), nudges.filter(user=user_id)
    if users is not None:
        among = {"user__gte": users[0], "user__lte": users[1]}
        ratings, plays = ratings.filter(**among), plays.filter(**among)
        verdicts, nudges = verdicts.filter(**among), nudges.filter(**among)
    if before is not None:
        ratings, plays = ratings.filter(updated_at__lt=before), plays.filter(updated_at__lt=before)
        verdicts = verdicts.filter(created_at__lt=before)
        nudges = nudges.filter(created_at__lt=before)
    rated = list(
        ratings.annotate(at=Cast("updated_at", CharField())).values_list(
            "user", "song", "emotion", "stars", "at", *situation
        )
    )
    played = list(
        plays.annotate(month=_Month("updated_at"))
        .order_by("month")
        .values_list("user", "song", "emotion", "outcome", "month", *situation)
        .annotate(Count("pk"), Max("updated_at"), Max("position_s"))
    )
    month = month_of(now or before or timezone.now())
    found = _Found(month)
    _add_ratings(found, (row[:KEY] for row in rated))
    _add_plays(found, _whatever_the_situation(played) if situation else played)
    told = ("user", "song", "kind", "emotion", "created_at", "private")
    # Two tables of one shape in one query.
    _add_words(found, verdicts.values_list(*told).union(nudges.values_list(*told), all=True))
    for place, (name, value) in enumerate(situation.items(), start=KEY):
        within = _Found(month)
        _add_ratings(within, (row[:KEY] for row in rated if row[place] == value))
        _add_plays(within, (row[:KEY] + row[-3:] for row in played if row[place] == value))
        for user, history in within.items():
            found[user].within[name] = history
    return dict(found)


def _whatever_the_situation(played: Iterable[tuple[Any, ...]]) -> Iterable[Any]:
    """The rows as the database would hand them over without the situation.

    Numbers are added before they fade, so that the sums are the same to the last bit.
    """
    rows: dict[tuple[Any, ...], tuple[int, datetime, float]] = {}
    for row in played:
        number, at, furthest = row[-3:]
        if kept := rows.get(row[:KEY]):
            number, at, furthest = number + kept[0], max(at, kept[1]), max(furthest, kept[2])
        rows[row[:KEY]] = (number, at, furthest)
    return (key + told for key, told in rows.items())


def history_of(
    *, user_id: int, now: datetime | None = None, situation: Mapping[str, str] = NOTHING
) -> History:
    """The history of one listener; three queries."""
    now = now or timezone.now()
    found = histories(user_id=user_id, now=now, situation=situation)
    return found.get(user_id, History(month_of(now)))


class _Found(dict[int, History]):
    """Histories of one month, made when they are first asked for."""

    def __init__(self, month: int) -> None:
        super().__init__()
        self.month = month

    def __missing__(self, user: int) -> History:
        self[user] = History(self.month)
        return self[user]


class _Month(Func):
    """The month of a time in UTC, as "2026-11".

    Django's own TruncMonth calls Python for each row on SQLite, which keeps times as UTC text.
    """

    function = "substr"
    template = "%(function)s(%(expressions)s, 1, 7)"
    output_field = CharField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM')"
        return self.as_sql(compiler, connection, template=template, **context)


def _count(history: History, number: int, at: datetime) -> None:
    history.events += number
    history.latest = max(history.latest, at) if history.latest else at


@cache
def _rated(stars: int) -> Said:
    """One for each number of stars: making two hundred anew takes longer than reading them."""
    return Said(stars=stars)


def _add_ratings(found: _Found, rows: Iterable[tuple[int, UUID, str, int, str]]) -> None:
    """Times come as text, in the order of the times: only the latest is worth reading."""
    latest: dict[int, str] = {}
    for user, song, emotion, stars, at in rows:
        history = found[user]
        history.said.setdefault(song, {})[emotion] = _rated(stars)
        history.events += 1
        latest[user] = max(latest.get(user, ""), at)
    for user, at in latest.items():
        time = datetime.fromisoformat(at)
        _count(found[user], 0, time if time.tzinfo else time.replace(tzinfo=UTC))


def _add_plays(
    found: _Found, rows: Iterable[tuple[int, UUID, str, str, str, int, datetime, float]]
) -> None:
    for user, song, emotion, outcome, month, number, at, furthest in rows:
        history = found[user]
        if outcome == Play.Outcome.COMPLETED or furthest >= BROWSING_S:
            before = history.heard.get(song)
            history.heard[song] = max(before, at) if before else at
        if outcome not in FINISHED:
            continue
        moods = history.said.setdefault(song, {})
        said = moods.get(emotion, Said())
        worth = faded(number, months=found.month - _month_number(month))
        completed = worth if outcome == Play.Outcome.COMPLETED else 0
        moods[emotion] = Said(
            said.stars, said.completed + completed, said.skipped + worth - completed
        )
        _count(history, number, at)


def _month_number(month: str) -> int:
    year, number = month.split("-")
    return 12 * int(year) + int(number) - 1


def _add_words(found: _Found, rows: Iterable[tuple[int, UUID, str, str, datetime, bool]]) -> None:
    """Verdicts and nudges."""
    for user, song, kind, emotion, at, private in rows:
        history = found[user]
        if kind in Nudge.Kind.values:
            history.nudges.setdefault(song, {})[kind, emotion] = Turned(at, private)
            continue
        history.verdicts.setdefault(song, {})[kind, emotion] = Turned(at, private)
        if kind == Verdict.Kind.NEVER and not private:
            _count(history, 1, at)
