"""The page on which a listener names favourites: after sign-up, and later from the settings."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from moodmusic.problems import DomainError
from moodmusic.web import local_address, personal, see_other, tell
from recommendations import services
from recommendations.favourites import (
    LONGEST_SEARCH,
    MOST_FAVOURITES,
    favourite_choices,
    favourites_of,
)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def favourites(request: HttpRequest) -> HttpResponse:
    """Show favourites and what there is to choose from; a POST names one or takes one back."""
    user = cast("User", request.user)
    asked = request.POST if request.method == "POST" else request.GET
    search = asked.get("q", "").strip()[:LONGEST_SEARCH]
    onward = local_address(request, asked.get("next", ""), reverse("home"))
    if request.method == "POST":
        try:
            _change(request, user)
        except DomainError as error:
            tell(request, error.detail, error=True)
        kept = {name: value for name, value in (("q", search), ("next", onward)) if value}
        return see_other(f"{reverse('favourites')}?{urlencode(kept)}")
    named = list(favourites_of(user))
    context = {
        "named": named,
        "room": MOST_FAVOURITES - len(named),
        "empty_slots": range(MOST_FAVOURITES - len(named)),
        "most": MOST_FAVOURITES,
        "taken": {one.artist.name if one.artist else one.genre for one in named},
        "choices": favourite_choices(search=search),
        "search": search,
        "next": onward,
    }
    return render(request, "recommendations/favourites.html", context)


def _change(request: HttpRequest, user: User) -> None:
    """Add the artist or genre of the form to the favourites, or remove it."""
    named = list(favourites_of(user))
    chosen = {
        "artist": [one.artist.name for one in named if one.artist],
        "genre": [one.genre for one in named if one.genre],
    }
    for kind, names in chosen.items():
        if added := request.POST.get(f"add_{kind}"):
            names.append(added)
        if (removed := request.POST.get(f"remove_{kind}")) in names:
            names.remove(removed)
    services.favourites_set(user=user, artists=chosen["artist"], genres=chosen["genre"])
