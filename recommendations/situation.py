"""The situation a list is for, and what its listener said of songs in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.conf import settings
from django.utils import timezone

from ml.recommend.context import InContext
from ml.recommend.taste import OTHER_MOOD
from recommendations.history import History
from recommendations.models import DayPart

HOURS_OF_A_PART = 6
#: Where a session of the pages keeps the activity that its listener named last.
ACTIVITY_KEY = "activity"


@dataclass(frozen=True, slots=True)
class Situation:
    """An activity as the listener named it, and the part of the day; "" where nothing is known."""

    activity: str = ""
    daypart: str = ""

    @property
    def known(self) -> dict[str, str]:
        """{field of an event: its value}, of what is known."""
        return {name: value for name, value in asdict(self).items() if value}


def situation_now(*, activity: str, now: datetime) -> Situation:
    """What is kept of the present situation: nothing where the operator has turned it off."""
    return Situation(activity, daypart_of(now)) if settings.CONTEXT else Situation()


def daypart_of(at: datetime) -> DayPart:
    """In the time zone of whoever is being answered, see `moodmusic.local`."""
    return list(DayPart)[timezone.localtime(at).hour // HOURS_OF_A_PART]


def contexts_of(
    *, history: History, emotion: str, row_of: Mapping[UUID, int]
) -> tuple[InContext, ...]:
    """What was said in the situation that the history was read for.

    Parameters
    ----------
    row_of : {song: row} of the listener's likings in this mood
    """
    contexts = []
    for name, within in history.within.items():
        values = {
            row_of[song]: here or OTHER_MOOD * elsewhere
            for song, (here, elsewhere) in within.likings(emotion=emotion).items()
            if song in row_of
        }
        contexts.append(
            InContext(
                name,
                np.fromiter(values.keys(), dtype=np.int64, count=len(values)),
                np.fromiter(values.values(), dtype=np.float64, count=len(values)),
                chosen=name == "activity",
            )
        )
    return tuple(contexts)
