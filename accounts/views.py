"""Pages about the listener's account: consent after sign-up, settings, language."""

from __future__ import annotations

from django.conf import settings as configuration
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.consent import CURRENT
from accounts.forms import ConsentAnswerForm, LocalForm
from accounts.models import Language
from accounts.selectors import consent_of
from moodmusic.local import account_activate
from moodmusic.web import local_address, page_before, personal, see_other, tell


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Ask for consent to face reading; going on without it is as easy.

    A new listener goes on to naming favourites, others to where they came from.
    """
    assert request.user.is_authenticated  # noqa: S101 - `personal` stands before every view here
    if request.method == "POST":
        form = ConsentAnswerForm(request.POST)
        if form.is_valid():
            onward = local_address(request, form.cleaned_data["next"], reverse("favourites"))
            if form.cleaned_data["answer"] == "allow":
                services.consent_grant(user=request.user, version=form.cleaned_data["version"])
            return see_other(onward)
    after = local_address(request, request.GET.get("next", ""), reverse("favourites"))
    return render(request, "accounts/welcome.html", {"text": CURRENT, "next": after})


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Language, time zone, and links to everything about the account."""
    assert request.user.is_authenticated  # noqa: S101
    if request.method != "POST":
        return _settings_page(request, LocalForm(instance=request.user))
    if request.POST.get("consent") == "withdraw":
        services.consent_withdraw(user=request.user)
        tell(request, _("Withdrawn. No picture of yours is accepted from now on."))
        return see_other(reverse("settings"))
    form = LocalForm(request.POST, instance=request.user)
    if not form.is_valid():
        # The form has put what was sent into the user, whom the page is about.
        request.user.refresh_from_db()
        return _settings_page(request, form, status=400)
    services.local_set(user=request.user, **form.cleaned_data)
    account_activate(request.user)
    tell(request, _("Saved."))
    return see_other(reverse("settings"))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose a language: for the account of whoever is signed in, else in a cookie."""
    chosen = request.POST.get("language", "")
    response = see_other(page_before(request, reverse("home")))
    if chosen not in Language.values:
        return response
    if request.user.is_authenticated:
        services.local_set(user=request.user, language=chosen)
        return response
    response.set_cookie(
        configuration.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=configuration.LANGUAGE_COOKIE_AGE,
        secure=configuration.LANGUAGE_COOKIE_SECURE,
        httponly=configuration.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


def _settings_page(request: HttpRequest, form: LocalForm, *, status: int = 200) -> HttpResponse:
    assert request.user.is_authenticated  # noqa: S101
    context = {"form": form, "consent": consent_of(user=request.user)}
    return render(request, "accounts/settings.html", context, status=status)
