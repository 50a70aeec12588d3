"""How often each mood was in force, counted by the database.

The database counts by quarters of an hour of UTC, which every time zone's days and hours are made
of, and the few rows that come back are put into the listener's days here. So each zone's midnights
and its days of 23 or 25 hours come out right, and no row is read for its own sake.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Case, Count, F, FloatField, Func, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from accounts.models import User
from emotions.journal.periods import Period
from emotions.models import Emotion, Reading
from emotions.selectors import one_hot, point_of

QUARTER_S = 900

#: The seven, in their order; asked for once, because choices make their list anew each time.
ORDER: tuple[str, ...] = tuple(Emotion.values)


class Quarter(Func):
    """Quarters of an hour since 1970, UTC."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = f"CAST(strftime('%%%%s', %(expressions)s) AS INTEGER) / {QUARTER_S}"
        return super().as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = f"FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / {QUARTER_S})::integer"
        return super().as_sql(compiler, connection, template=template, **extra)


#: The emotion in force, as `Reading.emotion`.
IN_FORCE = Coalesce(NullIf(F("corrected_to"), Value("")), F("label"))


def _axis(name: str, place: int) -> Case:
    """Valence or arousal in force: of the listener's own word where there is one."""
    said = [
        When(corrected_to=emotion, then=Value(point_of(one_hot(emotion))[place]))
        for emotion in ORDER
    ]
    return Case(*said, default=F(name), output_field=FloatField())


@dataclass(slots=True)
class Hour:
    """One hour of the listener's clock in which something was read.

    `valence` and `arousal` are sums over the readings, each -1..1; `at` is the hour's beginning.
    """

    at: datetime
    counts: Counter[str] = field(default_factory=Counter)
    valence: float = 0.0
    arousal: float = 0.0

    @property
    def number(self) -> int:
        return self.counts.total()


@dataclass(frozen=True, slots=True)
class Mood:
    """What some hours were like; every hour weighs the same, however often it was looked at."""

    emotion: str
    number: int
    valence: float
    arousal: float


def readings_in(*, user: User, period: Period) -> Any:
    """The listener's readings of a period, unordered."""
    return Reading.objects.filter(
        user=user, created_at__gte=period.start, created_at__lt=period.end
    ).order_by()


def hours_of(*, user: User, period: Period) -> list[Hour]:
    """The period's hours with readings, in order; one query."""
    rows = (
        readings_in(user=user, period=period)
        .annotate(quarter=Quarter("created_at"), felt=IN_FORCE)
        .values_list("quarter", "felt")
        .annotate(number=Count("pk"), v=Sum(_axis("valence", 0)), a=Sum(_axis("arousal", 1)))
    )
    zone = timezone.get_current_timezone()
    hours: dict[tuple[datetime, int], Hour] = {}
    for quarter, felt, number, valence, arousal in rows:
        local = datetime.fromtimestamp(quarter * QUARTER_S, UTC).astimezone(zone)
        at = local.replace(minute=0)
        # Of the two hours of that name when clocks go back, `fold` tells the second.
        hour = hours.setdefault((at, at.fold), Hour(at))
        hour.counts[felt] += number
        hour.valence += valence
        hour.arousal += arousal
    return sorted(hours.values(), key=lambda hour: hour.at.astimezone(UTC))


def mood_of(hours: Iterable[Hour]) -> Mood:
    """The prevailing mood of hours, of which there is at least one.

    Each hour is shared among its readings, so that a live session of two hundred does not outweigh
    the rest of the day. Of equal ones, the first in the order of the seven.
    """
    shares: dict[str, float] = defaultdict(float)
    number, valence, arousal, length = 0, 0.0, 0.0, 0
    for hour in hours:
        for emotion, count in hour.counts.items():
            shares[emotion] += count / hour.number
        number += hour.number
        valence += hour.valence / hour.number
        arousal += hour.arousal / hour.number
        length += 1
    most = max(ORDER, key=lambda emotion: round(shares[emotion], 9))
    return Mood(most, number, valence / length, arousal / length)


def moods_by(hours: Iterable[Hour], key: Any) -> dict[Any, Mood]:
    """The prevailing mood of each group of hours; `key` names the group of an hour."""
    groups: dict[Any, list[Hour]] = defaultdict(list)
    for hour in hours:
        groups[key(hour.at)].append(hour)
    return {name: mood_of(group) for name, group in groups.items()}


def days_of(hours: Iterable[Hour]) -> Mapping[date, Mood]:
    """The prevailing mood of each day that has readings."""
    return moods_by(hours, lambda at: at.date())


@dataclass(slots=True)
class Said:
    """How often one emotion was read, and how often it counts.

    Attributes
    ----------
    read : faces read as it
    overruled : those of them of which the listener said something else
    said : faces read as something else of which the listener said this
    by_hand : moods named by hand
    """

    emotion: str
    read: int = 0
    overruled: int = 0
    said: int = 0
    by_hand: int = 0

    @property
    def stood(self) -> int:
        return self.read - self.overruled

    @property
    def counts(self) -> int:
        """How often it is in force."""
        return self.stood + self.said + self.by_hand


def said_of(*, user: User, period: Period) -> list[Said]:
    """All seven emotions, in their order, detected and corrected apart; one query."""
    found = {emotion: Said(emotion) for emotion in ORDER}
    rows = (
        readings_in(user=user, period=period)
        .values_list("source", "label", "corrected_to")
        .annotate(number=Count("pk"))
    )
    for source, label, corrected_to, number in rows:
        if source != Reading.Source.FACE:
            found[corrected_to or label].by_hand += number
            continue
        found[label].read += number
        if corrected_to and corrected_to != label:
            found[label].overruled += number
            found[corrected_to].said += number
    return list(found.values())


def noted(*, user: User, period: Period) -> Any:
    """Readings of the period that have a note, newest first."""
    return readings_in(user=user, period=period).filter(~Q(note="")).order_by("-created_at")
