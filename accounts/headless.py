"""Sign-up and sign-in for phones: the endpoints of allauth's headless API that we offer.

allauth would mount every endpoint it has below `app/v1/`. We name the useful ones, directly below
our own prefix, so that telephone numbers, one-time codes and JWT are not on offer by accident.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.headless.account import inputs
from allauth.headless.account import views as account
from allauth.headless.base import views as base
from allauth.headless.base.views import APIView
from allauth.headless.constants import Client
from allauth.headless.usersessions import views as sessions
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from accounts.models import User
from moodmusic.problems import problem_response


class SignupInput(inputs.SignupInput):
    """Also compares the password with the address, as the web form does and allauth's does not."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("password"):
            try:
                validate_password(cleaned["password"], User(email=cleaned.get("email", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class SignupView(account.SignupView):
    input_class = {"POST": SignupInput}


class ResetPasswordView(account.ResetPasswordView):
    """Answers 400 to keys that name no user, which allauth's form trips over."""

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        sent = json.loads(request.body or "{}").get("key")
        for key in (sent, request.headers.get("X-Password-Reset-Key")):
            if str(key).strip().startswith("-"):
                return problem_response("malformed", _("That key is not whole."), 400)
        response: HttpResponseBase = super().handle(request, *args, **kwargs)
        return response


class SessionsView(sessions.SessionsView):
    """Answers 400 to session numbers that no database column holds."""

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with transaction.atomic():
                response: HttpResponseBase = super().handle(request, *args, **kwargs)
                return response
        except (OverflowError, DataError):
            return problem_response("malformed", _("There are no such sessions."), 400)


#: Path below /api/v1/ (the same as in allauth's own specification) -> (name, view).
ENDPOINTS: dict[str, tuple[str, type[APIView]]] = {
    "config": ("auth_config", base.ConfigView),
    "auth/signup": ("auth_signup", SignupView),
    "auth/login": ("auth_login", account.LoginView),
    "auth/session": ("auth_session", account.SessionView),
    "auth/sessions": ("auth_sessions", SessionsView),
    "auth/reauthenticate": ("auth_reauthenticate", account.ReauthenticateView),
    "auth/email/verify": ("auth_verify_email", account.VerifyEmailView),
    "auth/password/request": ("auth_password_request", account.RequestPasswordResetView),
    "auth/password/reset": ("auth_password_reset", ResetPasswordView),
    "account/email": ("account_emails", account.ManageEmailView),
    "account/password/change": ("account_password_change", account.ChangePasswordView),
}


def readable_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 400 to bodies that allauth's parser lets through but that would break it later.

    These are nesting beyond the interpreter's stack, and text that is not Unicode (lone
    surrogates), which no password hash or database column takes.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.body:
            try:
                parsed = json.loads(request.body)
                json.dumps(parsed, ensure_ascii=False).encode()
            except (ValueError, RecursionError):
                parsed = None
            if not isinstance(parsed, dict):
                return problem_response("malformed", _("The body must be a JSON object."), 400)
        return view(request, *args, **kwargs)

    return guarded


def view_of(view: type[APIView]) -> Callable[..., HttpResponse]:
    """The view for token clients: no cookies in or out, hence no CSRF token either."""
    return readable_json(view.as_api_view(client=Client.APP))
