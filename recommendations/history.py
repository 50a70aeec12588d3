"""A listener's events, read once and seen as confidences and as likings."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Count, Func, Max
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from ml.recommend.feedback import faded, liking_value, signed_value
from recommendations.models import Play, Rating, Verdict

#: How long "not now" keeps a song away.
NOT_NOW = timedelta(hours=6)
#: How long a song counts as just heard.
JUST_HEARD = timedelta(days=1)
#: Seconds under which a start is browsing, not hearing.
BROWSING_S = 5.0

FINISHED = (Play.Outcome.COMPLETED, Play.Outcome.SKIPPED)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one song in one mood ("" where no mood was named); plays as faded."""

    stars: int | None = None
    completed: float = 0
    skipped: float = 0

    @property
    def liking(self) -> float:
        return liking_value(stars=self.stars, completed=self.completed, skipped=self.skipped)


class Turned(NamedTuple):
    """When a song was turned down, and whether in a private stretch: then it teaches nothing."""

    at: datetime
    private: bool


@dataclass(slots=True)
class History:
    """All feedback of one listener, as of a month.

    `said` is {song: {emotion: Said}}; `verdicts` {song: {(kind, emotion): Turned}}; `heard` {song:
    time last heard}. `events` and `latest` change whenever what a model may learn from changes;
    what it makes of them changes with `month` too, because plays fade (see `month_of`).
    """

    month: int
    said: dict[UUID, dict[str, Said]] = field(default_factory=dict)
    verdicts: dict[UUID, dict[tuple[str, str], Turned]] = field(default_factory=dict)
    heard: dict[UUID, datetime] = field(default_factory=dict)
    events: int = 0
    latest: datetime | None = None

    def confidences(self) -> dict[UUID, float]:
        """{song: signed confidence} for the collaborative model; silent songs are left out."""
        values = {song: self._confidence(song) for song in self._songs()}
        return {song: value for song, value in values.items() if value}

    def _confidence(self, song: UUID) -> float:
        said = self.said.get(song, {}).values()
        stars = [one.stars for one in said if one.stars is not None]
        return signed_value(
            stars=sum(stars) / len(stars) if stars else None,
            completed=math.fsum(one.completed for one in said),
            skipped=math.fsum(one.skipped for one in said),
            never=self._taught(song, Verdict.Kind.NEVER, ""),
        )

    def _songs(self) -> list[UUID]:
        """The songs in one order, so that the same events give the same sums to the last bit."""
        return sorted({*self.said, *self.verdicts}, key=lambda song: song.int)

    def _taught(self, song: UUID, kind: Verdict.Kind, emotion: str) -> bool:
        turned = self.verdicts.get(song, {}).get((kind, emotion))
        return turned is not None and not turned.private

    def excluded(self, *, emotion: str, now: datetime) -> set[UUID]:
        """Songs that a list for this emotion must not hold.

        A rating in this mood counts before one that names none. Verdicts said in private hide as
        others do.
        """
        songs = set()
        for song, said in self.said.items():
            here = [said[key].stars for key in (emotion, "") if key in said]
            stars = next((one for one in here if one is not None), None)
            if stars is not None and stars <= 2:
                songs.add(song)
        for song, verdicts in self.verdicts.items():
            for (kind, where), turned in verdicts.items():
                if (
                    kind == Verdict.Kind.NEVER
                    or (kind == Verdict.Kind.NOT_NOW and turned.at > now - NOT_NOW)
                    or (kind == Verdict.Kind.NOT_FOR_THIS_MOOD and where == emotion)
                ):
                    songs.add(song)
        return songs

    def likings(self, *, emotion: str) -> dict[UUID, tuple[float, float]]:
        """{song: (liking in this mood or in none, mean liking in other moods)}, each -1..1.

        "Not now" says nothing about the song's worth to the listener.
        """
        result: dict[UUID, tuple[float, float]] = {}
        for song in self._songs():
            if self._taught(song, Verdict.Kind.NEVER, ""):
                result[song] = (-1.0, -1.0)
                continue
            said = self.said.get(song, {})
            named = [said[key].liking for key in (emotion, "") if key in said]
            here = next((liking for liking in named if liking), 0.0)
            if self._taught(song, Verdict.Kind.NOT_FOR_THIS_MOOD, emotion):
                here = -1.0
            others = [one.liking for key, one in said.items() if key not in (emotion, "")]
            elsewhere = math.fsum(others) / len(others) if others else 0.0
            if here or elsewhere:
                result[song] = (here, elsewhere)
        return result

    def just_heard(self, *, now: datetime) -> list[UUID]:
        return [song for song, at in self.heard.items() if at > now - JUST_HEARD]


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
) -> dict[int, History]:
    """{user id: history} of one listener, of a range of ids (both ends in it) or of all; three
    queries.

    What was rated or played in a private stretch is left out.

    Parameters
    ----------
    before : leaves out later events
    now : when the plays' age is counted from; by default `before`, or else the present
    """
    ratings = Rating.objects.filter(private=False)
    plays = Play.objects.filter(private=False)
    verdicts = Verdict.objects.exclude(kind=Verdict.Kind.WRONG_MOOD)
    if user_id is not None:
        ratings, plays = ratings.filter(user=user_id), plays.filter(user=user_id)
        verdicts = verdicts.filter(user=user_id)
    if users is not None:
        among = {"user__gte": users[0], "user__lte": users[1]}
        ratings, plays = ratings.filter(**among), plays.filter(**among)
        verdicts = verdicts.filter(**among)
    if before is not None:
        ratings, plays = ratings.filter(updated_at__lt=before), plays.filter(updated_at__lt=before)
        verdicts = verdicts.filter(created_at__lt=before)
    found = _Found(month_of(now or before or timezone.now()))
    _add_ratings(found, ratings.values_list("user", "song", "emotion", "stars", "updated_at"))
    _add_plays(
        found,
        plays.annotate(month=_Month("updated_at"))
        .order_by("month")
        .values_list("user", "song", "emotion", "outcome", "month")
        .annotate(Count("pk"), Max("updated_at"), Max("position_s")),
    )
    _add_verdicts(
        found, verdicts.values_list("user", "song", "kind", "emotion", "created_at", "private")
    )
    return dict(found)


def history_of(*, user_id: int, now: datetime | None = None) -> History:
    """The history of one listener; three queries."""
    now = now or timezone.now()
    return histories(user_id=user_id, now=now).get(user_id, History(month_of(now)))


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


def _add_ratings(found: _Found, rows: Iterable[tuple[int, UUID, str, int, datetime]]) -> None:
    for user, song, emotion, stars, at in rows:
        history = found[user]
        history.said.setdefault(song, {})[emotion] = Said(stars=stars)
        _count(history, 1, at)


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


def _add_verdicts(
    found: _Found, rows: Iterable[tuple[int, UUID, str, str, datetime, bool]]
) -> None:
    for user, song, kind, emotion, at, private in rows:
        history = found[user]
        history.verdicts.setdefault(song, {})[kind, emotion] = Turned(at, private)
        if kind == Verdict.Kind.NEVER and not private:
            _count(history, 1, at)
