""" "More like this", "less like this now", and taking it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Song
from moodmusic.problems import DomainError
from recommendations.models import Nudge, SongList
from recommendations.services.context import emotion_of, private_now


@transaction.atomic
def nudge_set(*, user: User, song: Song, kind: str, song_list: SongList | None = None) -> Nudge:
    """Ask for more songs like this one in the mood of the list, or for fewer for some hours.

    Saying it again renews its time. In a private stretch it counts while that runs.

    Raises
    ------
    DomainError
        `invalid` (400) for an unknown kind; `not_found` (404) for another listener's list.
    """
    if kind not in Nudge.Kind.values:
        words = _("The kind is one of %(kinds)s.") % {"kinds": ", ".join(Nudge.Kind.values)}
        raise DomainError("invalid", words, errors={"kind": [words]})
    private = private_now(user=user)
    nudge, new = Nudge.objects.get_or_create(
        user=user,
        song=song,
        kind=kind,
        emotion=emotion_of(user=user, song_list=song_list),
        defaults={"song_list": song_list, "private": private},
    )
    if not new:
        # What counts for good goes on counting, also when it is said again in private.
        nudge.private = nudge.private and private
        nudge.song_list, nudge.created_at = song_list, timezone.now()
        nudge.save(update_fields=["private", "song_list", "created_at"])
    return nudge


def nudge_undo(*, nudge: Nudge) -> None:
    """Take a nudge back. All it did follows from its row, so nothing of it remains."""
    Nudge.objects.filter(pk=nudge.pk).delete()
