"""How an API request says who it is from: the token of sign-in in the X-Session-Token header."""

from __future__ import annotations

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from rest_framework.request import Request


class SessionTokenAuthentication(XSessionTokenAuthentication):
    """allauth's token, with a challenge: without one, DRF answers 403 where 401 is meant."""

    def authenticate_header(self, request: Request) -> str:
        return 'X-Session-Token realm="MoodMusic"'
