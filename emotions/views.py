"""Pages from a face, or a word, to a reading."""

from __future__ import annotations

import math
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseLocation

from accounts.consent import CURRENT
from accounts.selectors import consent_of
from accounts.services import consent_grant, consent_withdraw
from emotions import services, uploads
from emotions.model_card import model_card
from emotions.models import Capture
from emotions.points import point_in_words
from emotions.reasons import CAMERA_FAULTS, advice_of, title_of
from emotions.selectors import captures_of, readings_of
from moodmusic.problems import DomainError
from moodmusic.web import personal, see_other, tell, wants_fragment

#: Order of the faces on pages: from bright to heavy, the plain one last.
FACES = ("happy", "surprise", "sad", "angry", "fear", "disgust", "neutral")
WAYS = ("camera", "photo", "hand")
#: Milliseconds between looks at an unfinished capture: the first, the growth, the longest.
FIRST_LOOK, GROWTH, LONGEST_LOOK = 400, 1.25, 2000
#: Looks after which the page says that it takes long (about ten seconds).
SLOW_AFTER = 9


@personal
@require_safe
def mood(request: HttpRequest) -> HttpResponse:
    """Camera, photo or by hand."""
    return _mood_page(request, way=request.GET.get("way", ""))


@personal
@require_POST
def consent_answer(request: HttpRequest) -> HttpResponse:
    """Allow the reading of faces on the page that reads them, or withdraw that there."""
    assert request.user.is_authenticated  # noqa: S101
    way = request.POST.get("way", "")
    way = way if way in WAYS else WAYS[0]
    if request.POST.get("answer") == "allow":
        version = _whole_number(request.POST.get("version"))
        try:
            consent_grant(user=request.user, version=version)
        except DomainError as error:
            tell(request, error.detail, error=True)
            return _mood_page(request, way=way, status=error.status)
    else:
        consent_withdraw(user=request.user)
        tell(request, _("Withdrawn. No picture of yours is accepted from now on."))
    return see_other(f"{reverse('mood')}?way={way}")


@personal
@require_POST
def capture_create(request: HttpRequest) -> HttpResponse:
    """Take the frames of camera or photo and go to the page that waits for their reading."""
    assert request.user.is_authenticated  # noqa: S101 - `personal` stands before this view
    try:
        services.capture_permit(user=request.user)
        frames = uploads.frames_read(request.FILES.getlist("frames"))
        capture = services.capture_submit(user=request.user, frames=frames)
    except DomainError as error:
        tell(request, error.detail, error=True)
        return _mood_page(request, way="photo", status=error.status)
    return see_other(reverse("capture_detail", args=[capture.pk]))


@personal
@require_safe
def capture_detail(request: HttpRequest, capture_id: UUID) -> HttpResponse:
    """Wait for a capture's end; then its reading, or its refusal with advice.

    htmx asks for the waiting fragment again and again, each time with a longer delay; without
    JavaScript the page reloads itself.
    """
    assert request.user.is_authenticated  # noqa: S101
    capture = get_object_or_404(captures_of(request.user), pk=capture_id)
    fragment = wants_fragment(request)
    if capture.state == Capture.State.READ:
        reading = get_object_or_404(readings_of(request.user), capture=capture)
        address = reverse("reading_detail", args=[reading.pk])
        if fragment:
            # Not HX-Redirect, which would load a whole page and silence the player.
            return HttpResponseLocation(address, target="#page", swap="outerHTML", select="#page")
        return redirect(address)
    look = _whole_number(request.GET.get("look"))
    context = {
        "capture": capture,
        "title": title_of(capture.reason),
        "advice": advice_of(capture.reason),
        "next_look": look + 1,
        "delay_ms": round(min(LONGEST_LOOK, FIRST_LOOK * GROWTH**look)),
        "slow": look >= SLOW_AFTER,
    }
    return render(
        request, "emotions/_capture.html" if fragment else "emotions/capture.html", context
    )


@personal
@require_POST
def reading_create(request: HttpRequest) -> HttpResponse:
    """A reading by hand: an emotion, or a point of the plane where none is named."""
    assert request.user.is_authenticated  # noqa: S101
    emotion = request.POST.get("emotion", "")
    if not emotion and "valence" in request.POST:
        reading = services.reading_at_point(
            user=request.user,
            valence=_number(request.POST["valence"]),
            arousal=_number(request.POST.get("arousal", "")),
        )
    else:
        reading = services.reading_by_hand(user=request.user, emotion=emotion)
    return see_other(reverse("reading_detail", args=[reading.pk]))


@require_safe
def about_model(request: HttpRequest) -> HttpResponse:
    """How well faces are read, from the evaluation that lies beside the weights."""
    return render(request, "emotions/about_model.html", {"card": model_card()})


def _mood_page(request: HttpRequest, *, way: str, status: int = 200) -> HttpResponse:
    assert request.user.is_authenticated  # noqa: S101
    context = {
        "way": way if way in WAYS else WAYS[0],
        "consent": consent_of(user=request.user),
        "text": CURRENT,
        "pad_words": "|".join(point_in_words(v, a) for a in (-1, 0, 1) for v in (-1, 0, 1)),
        "faults": [
            {"code": code, "title": title, "advice": advice}
            for code, (title, advice) in CAMERA_FAULTS.items()
        ],
        "emotions": FACES,
    }
    return render(request, "emotions/mood.html", context, status=status)


def _number(text: str) -> float:
    """A number of a form; for anything else one that no service takes."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _whole_number(text: str | None) -> int:
    """A small count from the address bar; 0 for anything else."""
    return min(int(text), 100) if text and text.isascii() and text.isdigit() else 0
