"""Small middlewares that no package ships."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from moodmusic.local import account_activate, visitor_activate
from moodmusic.problems import API_PREFIX, DomainError, problem_response

Handler = Callable[[HttpRequest], HttpResponse]


def permissions_policy(get_response: Handler) -> Handler:
    """Allow the camera to our own pages only, and nothing else that we do not use."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        return response

    return middleware


def body_limit(get_response: Handler) -> Handler:
    """Refuse a request that is too long by its own header, before anything reads its body.

    It stands before the CSRF check, which reads a form and would first store gigabytes of files.
    A server that speaks WSGI reads no more of a body than its header says.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH") or "")
        if not length.isdecimal() or int(length) <= settings.MAX_BODY_BYTES:
            return get_response(request)
        limit = settings.MAX_BODY_BYTES // (1024 * 1024)
        words = _("A request may have at most %(limit)d MB.") % {"limit": limit}
        error = DomainError("upload_too_large", words, 413)
        if request.path.startswith(API_PREFIX):
            return problem_response(error.code, error.detail, error.status)
        return render(request, "refusal.html", {"error": error}, status=error.status)

    return middleware


def listeners_own(get_response: Handler) -> Handler:
    """Serve each request in its listener's language and time zone.

    It stands behind Django's own LocaleMiddleware, which has chosen by cookie and header. Requests
    without a session, such as probes, ask for no user; those with a token are told of theirs when
    the API has read it (`accounts.authentication`).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        visitor_activate(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            account_activate(request.user)
        return get_response(request)

    return middleware
