"""What allauth asks of us."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from accounts.models import User
from moodmusic.mail import html_add

TAKEN = gettext_lazy("There is an account with this address by now. Please sign in.")


class AccountAdapter(DefaultAccountAdapter):
    """allauth's behaviour, and an answer for two sign-ups with one address at the same moment."""

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """A mail of templates/account/email, as text and in the product's look."""
        message: EmailMultiAlternatives = super().render_mail(
            template_prefix, email, context, headers
        )
        html_add(message)
        return message

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Save a new user; a double click, whose second half finds the address taken, signs in.

        Hashing the password takes a tenth of a second, so both halves pass the form's check.
        """
        try:
            with transaction.atomic():
                saved: User = super().save_user(request, user, form, commit)
                return saved
        except IntegrityError as error:
            raise ImmediateHttpResponse(_address_taken(request)) from error


def _address_taken(request: HttpRequest) -> HttpResponse:
    """The refusal in allauth's own shape for token clients, the sign-in page for browsers."""
    if hasattr(request.allauth, "headless"):  # type: ignore[attr-defined]
        refusal = {"message": TAKEN, "code": "email_taken", "param": "email"}
        return JsonResponse({"status": 400, "errors": [refusal]}, status=400)
    messages.info(request, TAKEN)
    return redirect("account_login")
