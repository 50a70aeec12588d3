"""Pages of the library besides playlists: overview, favourites, most played and history."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from catalog.paging import key_of
from moodmusic.web import personal, see_other, tell
from recommendations.beliefs import edits
from recommendations.favourites import favourites_of
from recommendations.library.selectors import (
    PERIODS,
    by_day,
    favourite_songs,
    history_page,
    most_played,
    playlists_of,
    songs_of,
)
from recommendations.models import Play
from recommendations.selectors import lists_as_left

#: Rows of a page, and of each part of the overview.
PAGE, BESIDE = 50, 5
PERIOD_WORDS = {
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "year": gettext_lazy("Year"),
    "all": gettext_lazy("All time"),
}


@personal
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """A little of everything, each with the way to the rest."""
    user = cast("User", request.user)
    plays, _more = history_page(user=user, limit=BESIDE)
    context = {
        "playlists": playlists_of(user)[:BESIDE],
        "lists": lists_as_left(user)[:4],
        "most": most_played(user=user, period="month", limit=BESIDE),
        "plays": plays,
    }
    return render(request, "library/overview.html", context)


@personal
@require_safe
def favourites(request: HttpRequest) -> HttpResponse:
    """Songs with four or five stars, and the artists and genres that were named."""
    user = cast("User", request.user)
    page = Paginator(favourite_songs(user), PAGE).get_page(request.GET.get("page"))
    songs = songs_of(user, [row["song"] for row in page])
    rows = [
        {"song": songs[row["song"]], "stars": row["best"]} for row in page if row["song"] in songs
    ]
    context = {"page": page, "rows": rows, "named": favourites_of(user)}
    return render(request, "library/favourites.html", context)


@personal
@require_safe
def played(request: HttpRequest) -> HttpResponse:
    """What was played to the end most often within a period."""
    period = request.GET.get("period", "month")
    period = period if period in PERIODS else "month"
    context = {
        "period": period,
        "periods": PERIOD_WORDS,
        "rows": most_played(user=cast("User", request.user), period=period),
    }
    return render(request, "library/played.html", context)


@personal
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """What was played, newest first, under its days."""
    user = cast("User", request.user)
    key = key_of(request.GET.get("after", ""))
    after = Play.objects.filter(user=user, pk=key).first() if key else None
    plays, last = history_page(user=user, after=after, limit=PAGE)
    context = {"days": by_day(plays), "after": last.pk if last else None, "here": _here(request)}
    return render(request, "library/history.html", context)


@personal
@require_POST
def history_remove(request: HttpRequest, play_id: UUID) -> HttpResponse:
    """Take one play out of the history and out of all that was learnt."""
    user = cast("User", request.user)
    play = get_object_or_404(Play.objects.select_related("song"), user=user, pk=play_id)
    edits.event_remove(user=user, event=play)
    tell(request, _("%(song)s: that play is removed.") % {"song": play.song.title})
    return see_other(_back(request))


@personal
@require_POST
def play_use(request: HttpRequest, play_id: UUID) -> HttpResponse:
    """Say that a play is not to be used, or is again."""
    user = cast("User", request.user)
    play = get_object_or_404(Play.objects.select_related("song"), user=user, pk=play_id)
    if request.POST.get("use") == "yes":
        edits.play_reuse(user=user, play=play)
        words = _("%(song)s: that play counts again.")
    else:
        edits.play_disuse(user=user, play=play)
        words = _("%(song)s: that play is not used any more.")
    tell(request, words % {"song": play.song.title})
    return see_other(_back(request))


@personal
@require_POST
def history_clear(request: HttpRequest) -> HttpResponse:
    """Take everything out of the history, for good."""
    edits.history_clear(user=cast("User", request.user))
    tell(request, _("Your history is empty, and nothing of it is used."))
    return see_other(reverse("library_history"))


def _here(request: HttpRequest) -> str:
    """The place of the history to come back to."""
    return key.hex if (key := key_of(request.GET.get("after", ""))) else ""


def _back(request: HttpRequest) -> str:
    address = reverse("library_history")
    key = key_of(request.POST.get("here", ""))
    return f"{address}?after={key}" if key else address
