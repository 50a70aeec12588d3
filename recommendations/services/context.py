"""What a piece of feedback belongs to: a mood and a situation, and perhaps a private stretch."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from moodmusic.problems import DomainError
from recommendations.models import SongList
from recommendations.selectors import private_until

#: How long a device may keep what it could not send.
KEPT_AT_MOST = timedelta(days=30)


def emotion_of(*, user: User, song_list: SongList | None) -> str:
    """The emotion of the list the song was heard in, or "" without a list.

    Raises
    ------
    DomainError
        `not_found` (404) for another listener's list.
    """
    if song_list is None:
        return ""
    if song_list.user_id != user.pk:
        raise DomainError("not_found", _("There is no such list."), 404)
    return song_list.emotion


def situation_of(song_list: SongList | None) -> dict[str, str]:
    """{field: value} of the list's situation; empty values without a list, or if turned off."""
    if song_list is None or not settings.CONTEXT:
        return {"activity": "", "daypart": ""}
    return {"activity": song_list.activity, "daypart": song_list.daypart}


def moment_of(at: datetime | None) -> datetime:
    """When something happened, by the word of a device: never in the future, and at most
    `KEPT_AT_MOST` ago, as clocks of devices may be wrong. None means now.
    """
    now = timezone.now()
    return now if at is None else min(max(at, now - KEPT_AT_MOST), now)


def private_now(*, user: User, at: datetime | None = None) -> bool:
    """Whether the listener is in a private stretch, or was at `at`.

    Of a stretch only its end is known, so what happened before one that still runs counts as
    private too: the doubt is the listener's.
    """
    return private_until(user=user, now=at or timezone.now()) is not None
