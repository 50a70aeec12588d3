"""Pages about the listener's account: consent after sign-up, settings, leaving."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.consent import CURRENT
from accounts.forms import ConsentAnswerForm
from accounts.selectors import consent_of
from moodmusic.problems import DomainError
from moodmusic.web import local_address, personal, see_other, tell


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
    """Consent as it stands, and links to everything about the account."""
    assert request.user.is_authenticated  # noqa: S101
    if request.method == "POST":
        if request.POST.get("consent") == "withdraw":
            services.consent_withdraw(user=request.user)
            tell(request, "Withdrawn. No picture of yours is accepted from now on.")
        return see_other(reverse("settings"))
    return _settings_page(request)


@sensitive_post_parameters("password")
@personal
@require_POST
def account_erase(request: HttpRequest) -> HttpResponse:
    """Delete the account with all its data, after the password is given once more."""
    assert request.user.is_authenticated  # noqa: S101
    try:
        services.account_erase(user=request.user, password=request.POST.get("password", ""))
    except DomainError as error:
        tell(request, error.detail, error=True)
        return _settings_page(request, status=error.status, erase_error=True)
    logout(request)
    tell(request, "Your account and everything that belonged to it is deleted.")
    return see_other(reverse("home"))


def _settings_page(
    request: HttpRequest, *, status: int = 200, erase_error: bool = False
) -> HttpResponse:
    assert request.user.is_authenticated  # noqa: S101
    context = {
        "text": CURRENT,
        "consent": consent_of(user=request.user),
        "erase_error": erase_error,
    }
    return render(request, "accounts/settings.html", context, status=status)
