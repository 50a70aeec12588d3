"""One change of an event, as page and API ask for it."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from moodmusic.problems import DomainError
from recommendations.beliefs import edits
from recommendations.beliefs.events import event_named
from recommendations.models import Play, Rating, TasteEdit


def change(
    *, user: User, kind: str, key: str, do: str, stars: int | None = None
) -> TasteEdit | None:
    """Change one of the listener's events; None where it is so already.

    Raises
    ------
    Http404
        there is no such event.
    DomainError
        `invalid` (400) for what cannot be done to it, or stars that are none.
    """
    event = event_named(user=user, kind=kind, key=key)
    if event is None:
        raise Http404
    if do == "stars" and isinstance(event, Rating):
        return edits.rating_change(user=user, rating=event, stars=stars or 0)
    if do == "disuse" and isinstance(event, Play):
        return edits.play_disuse(user=user, play=event)
    if do == "remove":
        return edits.event_remove(user=user, event=event)
    raise DomainError("invalid", _("That cannot be done."))
