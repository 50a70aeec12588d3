"""The mood a piece of feedback belongs to."""

from __future__ import annotations

from accounts.models import User
from moodmusic.problems import DomainError
from recommendations.models import SongList


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
