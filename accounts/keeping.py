"""How long the history of a listener's moods is kept, and letting go of what is older."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.holdings import holdings
from accounts.models import KeepFor, User
from moodmusic.problems import DomainError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Going:
    """Rows of one kind that are too old."""

    name: str
    count: int
    #: "3 readings".
    words: str


def limit_of(*, days: int, now: datetime) -> datetime | None:
    """The time before which moods are too old; None where they are kept for ever."""
    return now - timedelta(days=days) if days else None


def going(*, user: User, days: int) -> list[Going]:
    """What would be let go if moods were kept for so many days; nothing is changed."""
    before = limit_of(days=days, now=timezone.now())
    if before is None:
        return []
    counted = [
        (ageing, ageing.rows(user, before).count())
        for holding in holdings()
        for ageing in holding.ageing
    ]
    return [Going(one.name, count, one.words(count)) for one, count in counted if count]


@transaction.atomic
def keep_for_set(*, user: User, days: int) -> list[Going]:
    """Keep moods for `days` (one of `KeepFor`) from now on, and let go of older ones at once.

    Returns
    -------
    What went.

    Raises
    ------
    DomainError
        `invalid` (400) for another number of days.
    """
    if days not in KeepFor.values:
        words = _("Choose 30 days, 90 days or for ever.")
        raise DomainError("invalid", words, errors={"days": [words]})
    user.keep_days = days
    user.save(update_fields=["keep_days"])
    return moods_purge(user=user)


@transaction.atomic
def moods_purge(*, user: User) -> list[Going]:
    """Let go of what is older than the listener lets moods be kept; returns what went.

    Twice at once, the second waits and finds nothing.
    """
    locked = User.objects.select_for_update().filter(pk=user.pk).first()
    if locked is None:
        return []
    went = going(user=locked, days=locked.keep_days)
    before = limit_of(days=locked.keep_days, now=timezone.now())
    if before is None or not went:
        return []
    # The apps above first: what they made of a mood goes before the mood.
    for holding in reversed(holdings()):
        for ageing in holding.ageing:
            ageing.forget(ageing.rows(locked, before), before)
    for holding in holdings():
        if holding.purged:
            holding.purged(locked.pk)
    return went


def moods_purge_all() -> int:
    """Do so for everybody who set a limit; returns for how many something went.

    What breaks for one listener, whose moods then stay whole until the next day, is logged and
    keeps nobody else's.
    """
    limited = User.objects.exclude(keep_days=KeepFor.FOREVER)
    went = 0
    for user in limited.iterator():
        try:
            went += bool(moods_purge(user=user))
        except Exception:
            logger.exception("could not let go of the old moods of user %s", user.pk)
    return went
