"""The privacy page: what is kept, and every choice about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import keeping, services, sessions
from accounts.consent import CURRENT
from accounts.export import export_name, export_write
from accounts.forms import ConsentAnswerForm, KeepForForm
from accounts.models import Consent, KeepFor
from accounts.selectors import consent_of
from moodmusic.problems import DomainError
from moodmusic.web import personal, see_other, tell


@personal
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of the listener, and what they can do about it."""
    return _page(request)


@personal
@require_POST
def consent_answer(request: HttpRequest) -> HttpResponse:
    """Agree to the text on the page, or withdraw."""
    assert request.user.is_authenticated  # noqa: S101 - `personal` stands before every view here
    if request.POST.get("answer") == "withdraw":
        services.consent_withdraw(user=request.user)
        tell(request, _("Withdrawn. No picture of yours is accepted from now on."))
        return see_other(f"{reverse('privacy')}#consent")
    form = ConsentAnswerForm(request.POST)
    if form.is_valid() and form.cleaned_data["answer"] == "allow":
        services.consent_grant(user=request.user, version=form.cleaned_data["version"])
        tell(request, _("You agreed. Your expression is read when you send a picture."))
    return see_other(f"{reverse('privacy')}#consent")


@personal
@require_POST
def keep_for(request: HttpRequest) -> HttpResponse:
    """Set how long moods are kept; what would go is shown first, and asked about."""
    assert request.user.is_authenticated  # noqa: S101
    form = KeepForForm(request.POST)
    if not form.is_valid():
        return _page(request, status=400)
    days = form.cleaned_data["days"]
    would_go = keeping.going(user=request.user, days=days)
    if would_go and not form.cleaned_data["sure"]:
        return _page(request, would_go=would_go, wanted=KeepFor(days))
    keeping.keep_for_set(user=request.user, days=days)
    label = KeepFor(days).label
    tell(request, _("Saved. Your moods are kept: %(how_long)s.") % {"how_long": label})
    return see_other(f"{reverse('privacy')}#keep")


@personal
@require_POST
def device_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign one device out."""
    assert request.user.is_authenticated  # noqa: S101
    if not sessions.session_end(user=request.user, session_id=session_id):
        raise Http404
    tell(request, _("That device is signed out."))
    return see_other(f"{reverse('privacy')}#devices")


@personal
@require_POST
def devices_end(request: HttpRequest) -> HttpResponse:
    """Sign all devices out but this one."""
    assert request.user.is_authenticated  # noqa: S101
    ended = sessions.sessions_end_others(user=request.user, session_key=request.session.session_key)
    words = ngettext(
        "%(count)d other device is signed out.", "%(count)d other devices are signed out.", ended
    )
    tell(request, words % {"count": ended})
    return see_other(f"{reverse('privacy')}#devices")


@personal
@require_POST
def download(request: HttpRequest) -> Any:
    """Everything, as a zip."""
    assert request.user.is_authenticated  # noqa: S101
    return FileResponse(
        export_write(user=request.user),
        as_attachment=True,
        filename=export_name(now=timezone.localtime()),
        content_type="application/zip",
    )


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
        return _page(request, status=error.status, erase_error=True)
    logout(request)
    tell(request, _("Your account and everything that belonged to it is deleted."))
    return see_other(reverse("home"))


@require_safe
def details(request: HttpRequest) -> HttpResponse:
    """The whole account of what is kept and why: docs/privacy.md as it is."""
    text = (settings.BASE_DIR / "docs" / "privacy.md").read_text(encoding="utf-8")
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    assert request.user.is_authenticated  # noqa: S101
    user = request.user
    context = {
        "text": CURRENT,
        "consent": consent_of(user=user),
        "history": Consent.objects.filter(user=user),
        "keep_for": KeepFor(user.keep_days),
        "choices": [(one, one.label) for one in KeepFor],
        "devices": sessions.devices_of(user=user, session_key=request.session.session_key),
        **more,
    }
    return render(request, "accounts/privacy.html", context, status=status)
