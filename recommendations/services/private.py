"""Private stretches: for a time, nothing is learnt from a listener."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from moodmusic.problems import DomainError
from recommendations.models import PrivateStretch

#: Minutes of a stretch: at least, at most, and unless said otherwise.
LEAST_MINUTES, MOST_MINUTES, MINUTES = 1, 12 * 60, 60


def private_start(
    *, user: User, minutes: int = MINUTES, now: datetime | None = None
) -> PrivateStretch:
    """Learn nothing from this listener for so many minutes; a running stretch gets this new end.

    Raises
    ------
    DomainError
        `invalid` (400) for less than a minute or more than twelve hours.
    """
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        words = _("A private stretch lasts %(least)d to %(most)d minutes.") % {
            "least": LEAST_MINUTES,
            "most": MOST_MINUTES,
        }
        raise DomainError("invalid", words, errors={"minutes": [words]})
    until = (now or timezone.now()) + timedelta(minutes=minutes)
    stretch, _new = PrivateStretch.objects.update_or_create(user=user, defaults={"until": until})
    return stretch


def private_end(*, user: User) -> None:
    """End the listener's stretch now; nothing happens without one."""
    PrivateStretch.objects.filter(user=user).delete()
