"""What a piece of feedback belongs to: a mood and a situation, and perhaps a private stretch."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from moodmusic.problems import DomainError
from recommendations.models import SongList
from recommendations.selectors import private_until


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
        raise DomainError("not_found", "There is no such list.", 404)
    return song_list.emotion


def situation_of(song_list: SongList | None) -> dict[str, str]:
    """{field: value} of the list's situation; empty values without a list, or if turned off."""
    if song_list is None or not settings.CONTEXT:
        return {"activity": "", "daypart": ""}
    return {"activity": song_list.activity, "daypart": song_list.daypart}


def private_now(*, user: User) -> bool:
    """Whether the listener is in a private stretch."""
    return private_until(user=user, now=timezone.now()) is not None
