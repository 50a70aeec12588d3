"""The journal's entries: readings, and runs of many within minutes as one entry that opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from emotions.journal.periods import Period
from emotions.journal.tallies import readings_in
from emotions.models import Reading

#: Readings no farther apart than this belong to one run.
RUN_GAP = timedelta(minutes=10)
#: So many of them make an entry that opens; fewer stand alone.
RUN_LENGTH = 3
#: Of the readings in force of one period, so many are shown at once.
MOST_SHOWN = 400
#: What an entry does not show, and what makes a row long.
UNSHOWN = ("probabilities", "network_probabilities", "burst")


@dataclass(frozen=True, slots=True)
class Run:
    """Readings within minutes of each other on one day, newest first; often just one."""

    readings: list[Reading]

    @property
    def folded(self) -> bool:
        return len(self.readings) >= RUN_LENGTH

    @property
    def last(self) -> Reading:
        return self.readings[0]

    @property
    def first(self) -> Reading:
        return self.readings[-1]

    @property
    def emotion(self) -> str:
        """The commonest one in force; of equal ones, the latest."""
        return Counter(one.emotion for one in self.readings).most_common(1)[0][0]

    @property
    def others(self) -> list[str]:
        """The other emotions in force, the commonest first."""
        commonest = Counter(one.emotion for one in self.readings).most_common()
        return [name for name, _number in commonest[1:]]

    @property
    def notes(self) -> int:
        return sum(bool(one.note) for one in self.readings)


def entries_of(*, user: User, period: Period) -> QuerySet[Reading]:
    """The period's readings, newest first, without what an entry does not show."""
    readings: QuerySet[Reading] = readings_in(user=user, period=period)
    return readings.order_by("-created_at").defer(*UNSHOWN)


def runs_of(readings: Iterable[Reading]) -> Iterator[tuple[date, list[Run]]]:
    """Readings, newest first, as runs, by the listener's days."""
    for day, of_day in groupby(readings, lambda one: timezone.localdate(one.created_at)):
        runs: list[Run] = []
        for reading in of_day:
            near = runs and runs[-1].first.created_at - reading.created_at <= RUN_GAP
            if near:
                runs[-1].readings.append(reading)
            else:
                runs.append(Run([reading]))
        yield day, [part for run in runs for part in _parts(run)]


def _parts(run: Run) -> list[Run]:
    """A run too short to fold as entries of their own."""
    return [run] if run.folded else [Run([one]) for one in run.readings]
