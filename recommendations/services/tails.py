"""Ranking the rest of a list anew while it plays."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from emotions.models import Reading
from moodmusic.problems import DomainError
from recommendations.models import SongList
from recommendations.services.lists import MOST_SIZE, Kept, list_make

#: Songs that a tail has at least, however much of the list was heard.
LEAST_TAIL = 5
#: Songs that may be named as heard.
MOST_PLAYED = 500


def tail_make(
    *, user: User, song_list: SongList, played: Sequence[UUID], reading: Reading | None = None
) -> SongList:
    """A new list that keeps what was heard of one and ranks the rest anew.

    The songs of `played` that are in the list stand in front in that order, as they were chosen;
    the rest is chosen by all that was said by now, for the same goal, and as long as it was. Songs
    that the list showed before pay no price for it.

    Parameters
    ----------
    played : songs heard or playing, in order; none of them, nor a version, comes in the rest
    reading : a newer one to follow; None for the list's own

    Raises
    ------
    DomainError
        `not_found` (404) for another listener's list or reading, and what `list_make` raises.
    """
    if song_list.user_id != user.pk:
        raise DomainError("not_found", _("There is no such list."), 404)
    items = {item.song_id: item for item in song_list.items.all()}
    heard = tuple(dict.fromkeys(played))
    kept = tuple(items[song] for song in heard if song in items)[: MOST_SIZE - LEAST_TAIL]
    return list_make(
        user=user,
        reading=reading or song_list.reading,
        goal=song_list.goal,
        size=max(len(items), len(kept) + LEAST_TAIL),
        journey=song_list.journey,
        activity=song_list.activity,
        kept=Kept(song_list.root_id, heard, kept),
    )


def tails_take_back(*, song_list: SongList) -> None:
    """Go back to a list: what ranked its rest anew since is the list no more."""
    since = SongList.objects.filter(began_as=song_list.root_id, created_at__gt=song_list.created_at)
    with transaction.atomic():
        since.update(taken_back=True)
        SongList.objects.filter(pk=song_list.pk).update(taken_back=False)
