"""Where a listener is signed in: browsers and phones, and ending them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.browsers import browser_name
from accounts.models import User

#: Seconds between two notes of when a session was last seen: one at each request would cost a
#: write at each request.
SEEN_EVERY_S = 900


@dataclass(frozen=True, slots=True)
class Device:
    """One session of a listener."""

    id: int
    browser: str
    #: The network address it signed in from.
    address: str
    since: datetime
    #: To `SEEN_EVERY_S`.
    last_seen: datetime
    #: Whether it is the one that asks.
    current: bool


def devices_of(*, user: User, session_key: str | None) -> list[Device]:
    """The listener's sessions that are alive: the one that asks, then those seen last.

    Browsers and programs that signed in over the API are told alike: a token is a session.
    """
    devices = [
        Device(
            id=row.pk,
            browser=browser_name(row.user_agent),
            address=row.ip,
            since=row.created_at,
            last_seen=row.last_seen_at,
            current=row.session_key == session_key,
        )
        for row in _rows(user)
        if not row.purge()
    ]
    return sorted(devices, key=lambda one: (one.current, one.last_seen), reverse=True)


def session_end(*, user: User, session_id: int) -> bool:
    """End one session of the listener; False where the listener has none of that number."""
    row = _rows(user).filter(pk=session_id).first()
    if row is None:
        return False
    row.end()
    return True


def sessions_end_others(*, user: User, session_key: str | None) -> int:
    """End all sessions of the listener but one; returns how many."""
    rows = list(_rows(user).exclude(session_key=session_key or ""))
    for row in rows:
        row.end()
    return len(rows)


@transaction.atomic
def sessions_forget(user_id: int, email: str) -> None:
    """Delete every session that names a user, also one that is half-way through signing in.

    All are looked through: what a session holds is sealed, and no column of it names its user.
    """
    from django.contrib.sessions.models import Session

    key = str(user_id)
    for session in Session.objects.iterator():
        if _holds(session.get_decoded(), key, email):
            session.delete()


def names(text: str, email: str) -> bool:
    """Whether a text names an address: it, and no longer one that it is part of."""
    whole = rf"(?<![\w.%+-]){re.escape(email)}(?![\w-]|\.\w)"
    return re.search(whole, text, re.IGNORECASE) is not None


def session_seen(*, session_key: str) -> None:
    """Note that a session is used, at most every `SEEN_EVERY_S` seconds."""
    digest = hashlib.sha256(session_key.encode()).hexdigest()[:32]
    if cache.add(f"accounts:seen:{digest}", 1, SEEN_EVERY_S):
        from allauth.usersessions.models import UserSession

        UserSession.objects.filter(session_key=session_key).update(last_seen_at=timezone.now())


def seen(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: note when a browser's session was last seen."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            session_seen(session_key=str(request.session.session_key))
        return get_response(request)

    return middleware


def _rows(user: User) -> QuerySet[Any]:
    # Imported here: the model exists only once the apps are ready, which services need not be.
    from allauth.usersessions.models import UserSession

    found: QuerySet[Any] = UserSession.objects.filter(user=user)
    return found


def _holds(held: Any, key: str, email: str) -> bool:
    """Whether a user's id or address is among the values a session holds, however deep."""
    if isinstance(held, dict):
        return any(_holds(value, key, email) for value in held.values())
    if isinstance(held, list | tuple):
        return any(_holds(value, key, email) for value in held)
    return held == key or (isinstance(held, str) and names(held, email))
