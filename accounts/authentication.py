"""How an API request says who it is from: the token of sign-in in the X-Session-Token header."""

from __future__ import annotations

from typing import Any

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from rest_framework.request import Request

from accounts.sessions import session_seen
from moodmusic.local import account_activate


class SessionTokenAuthentication(XSessionTokenAuthentication):
    """allauth's token, with a challenge: without one, DRF answers 403 where 401 is meant."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The token's user, whose language and time zone hold from here on."""
        found: tuple[Any, Any] | None = super().authenticate(request)
        if found is not None:
            account_activate(found[0])
            session_seen(session_key=str(self.get_session_token(request)))
        return found

    def authenticate_header(self, request: Request) -> str:
        return 'X-Session-Token realm="MoodMusic"'
