"""The first page: what this is, for anyone; how are you, for a listener."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from emotions.views import FACES
from moodmusic.web import personal
from recommendations.landing import example
from recommendations.selectors import lists_as_left

#: The listener's latest lists that are shown.
LATEST = 4


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A visitor sees what it looks like, a listener is asked how they are."""
    if not request.user.is_authenticated:
        return render(request, "recommendations/home.html", {"example": example()})
    return _listener_home(request)


@personal
def _listener_home(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated  # noqa: S101 - `home` asks before calling
    context = {"emotions": FACES, "lists": lists_as_left(request.user)[:LATEST]}
    return render(request, "recommendations/home.html", context)
