""" "More like this" and "less like this now" on pages, and the rest of a list ranked anew.

With htmx each answers with the songs of the list as they are now; without, it leads to that list.
"""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from emotions.selectors import readings_of
from moodmusic.problems import DomainError
from moodmusic.web import personal, see_other, tell, wants_fragment
from recommendations import services
from recommendations.feedback import back_to, list_named, song_of
from recommendations.list_export import FORMATS
from recommendations.list_page import shows_list
from recommendations.models import Nudge, SongList
from recommendations.selectors import list_items, lists_of, nudges_of
from recommendations.services.tails import MOST_PLAYED
from recommendations.views import STARS


@personal
@require_POST
def tail_create(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Keep what was `played` of a list and rank the rest anew, perhaps for a newer `reading`."""
    user = cast("User", request.user)
    song_list = get_object_or_404(lists_of(user), pk=list_id)
    reading = None
    if named := request.POST.get("reading", ""):
        reading = get_object_or_404(readings_of(user), pk=_ids(named)[0])
    tail = services.tail_make(
        user=user, song_list=song_list, played=_played(request), reading=reading
    )
    return HttpResponse(_songs(request, tail)) if wants_fragment(request) else _to(tail)


@personal
@require_POST
def nudge_create(request: HttpRequest) -> HttpResponse:
    """More or less like a `song`: said once, and the list's rest follows at once."""
    user = cast("User", request.user)
    song = song_of(user, _ids(request.POST.get("song", ""))[0])
    song_list = list_named(request)
    nudge = services.nudge_set(
        user=user, song=song, kind=request.POST.get("kind", ""), song_list=song_list
    )
    words = {
        Nudge.Kind.MORE: _("More like %(title)s from now on."),
        Nudge.Kind.LESS: _("Less like %(title)s for some hours."),
    }[Nudge.Kind(nudge.kind)] % {"title": song.title}
    tail = _followed(user, song_list, _played(request))
    if wants_fragment(request):
        html = _songs(request, tail) if tail else ""
        context = {"words": words, "nudge": nudge, "song_list": song_list}
        html += render_to_string("recommendations/_nudged.html", context, request)
        return HttpResponse(html)
    tell(request, words)
    return _to(tail or song_list)


@personal
@require_POST
def nudge_undo(request: HttpRequest, nudge_id: UUID) -> HttpResponse:
    """Take a nudge back; the list it was said in comes back as it was."""
    nudge = get_object_or_404(nudges_of(cast("User", request.user)), pk=nudge_id)
    song_list = list_named(request)
    services.nudge_undo(nudge=nudge)
    if song_list is not None:
        services.tails_take_back(song_list=song_list)
    if wants_fragment(request):
        return HttpResponse(_songs(request, song_list) if song_list else "")
    tell(request, _("Taken back."))
    return _to(song_list)


def _followed(user: User, song_list: SongList | None, played: list[UUID]) -> SongList | None:
    """The list with its rest ranked anew; None where there is none, or nothing else to play."""
    if song_list is None:
        return None
    try:
        return services.tail_make(user=user, song_list=song_list, played=played)
    except DomainError as error:
        if error.code != "no_songs":
            raise
        return None


def _played(request: HttpRequest) -> list[UUID]:
    return _ids(request.POST.get("played", ""), least=0)


def _ids(text: str, least: int = 1) -> list[UUID]:
    """The ids of a form's field, between commas."""
    named = [one for one in text.split(",") if one]
    try:
        ids = [UUID(one) for one in named[: MOST_PLAYED + 1]]
    except ValueError as error:
        raise DomainError("not_found", _("There is no such thing."), 404) from error
    if not least <= len(ids) <= MOST_PLAYED:
        raise DomainError("invalid", _("Name the songs by their ids."))
    return ids


def _songs(request: HttpRequest, song_list: SongList) -> str:
    context = {
        "song_list": song_list,
        "items": list_items(song_list),
        "star_values": STARS,
        "on_list_page": shows_list(request),
        "export_formats": FORMATS,
    }
    return render_to_string("recommendations/_songs.html", context, request)


def _to(song_list: SongList | None) -> HttpResponse:
    return see_other(back_to(song_list))
