"""Live sessions: one reading every so often while the music plays, until something ends them.

The row is the truth. What ends a session is looked at whenever somebody asks for it, so that no
clock has to run: a session whose page is gone costs nothing.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import consent_standing
from emotions.models import Capture, LiveSession
from moodmusic.problems import DomainError

#: Seconds between two readings.
EVERY_S = 15
#: How long a session lasts at most.
LONGEST = timedelta(hours=1)
#: So many captures in a row without a face (two minutes), and the listener has gone away.
AWAY_AFTER = 8

End = LiveSession.End


@transaction.atomic
def live_start(*, user: User) -> LiveSession:
    """Begin a live session; one that still runs elsewhere ends, as nobody has two faces.

    Raises
    ------
    DomainError
        consent_required 403.
    """
    if not consent_standing(user=user):
        raise DomainError("consent_required", _("Reading a face needs your consent first."), 403)
    User.objects.select_for_update().get(pk=user.pk)
    for running in LiveSession.objects.filter(user=user, ended_at=None):
        live_end(session=running)
    return LiveSession.objects.create(user=user)


def live_end(*, session: LiveSession, reason: str = End.STOPPED) -> None:
    """End a session; the first reason stays, and ending it again changes nothing."""
    LiveSession.objects.filter(pk=session.pk, ended_at=None).update(
        ended_at=timezone.now(), end=reason
    )
    session.refresh_from_db()


def live_lock(*, session: LiveSession, locked: bool) -> None:
    """Keep the list as it is while the readings go on, or let it follow them again."""
    session.locked = locked
    session.save(update_fields=["locked"])


def live_refresh(*, session: LiveSession) -> LiveSession:
    """The session as it stands now: over when its time is up, nobody sits there, or the listener
    has withdrawn consent.
    """
    if session.ended_at is None and (reason := _over(session)):
        live_end(session=session, reason=reason)
    return session


def live_named(*, user: User, named: object) -> LiveSession | None:
    """The running session that a form names; None where it names none.

    Raises
    ------
    Http404
        For a session that is not the listener's.
    DomainError
        live_ended 409.
    """
    if not named:
        return None
    mine = LiveSession.objects.filter(user=user)
    session = live_refresh(session=get_object_or_404(mine, pk=_uuid(named)))
    if session.ended_at is not None:
        raise DomainError("live_ended", _("This live session is over. Start a new one."), 409)
    return session


def _over(session: LiveSession) -> str:
    if timezone.now() - session.started_at >= LONGEST:
        return End.TIME
    if not consent_standing(user=session.user):
        return End.CONSENT
    latest = session.captures.order_by("-created_at").values_list("state", flat=True)[:AWAY_AFTER]
    if len(latest) == AWAY_AFTER and set(latest) == {Capture.State.REFUSED}:
        return End.AWAY
    return ""


def _uuid(named: object) -> UUID | None:
    try:
        return UUID(str(named))
    except ValueError:
        return None
