"""What a listener says on a page: stars, "not this", taking it back, and "don't learn from this".

With htmx each answers with the piece of the page that changed; without, it leads back to the list.
"""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from catalog.models import Song
from catalog.selectors import songs_browsable
from moodmusic.problems import DomainError
from moodmusic.templatetags.words import verdict_words
from moodmusic.web import local_address, personal, see_other, tell, wants_fragment
from recommendations import services
from recommendations.models import SongList
from recommendations.selectors import list_items, lists_of, verdicts_of
from recommendations.views import STARS


@personal
@require_POST
def rating_set(request: HttpRequest, song_id: UUID) -> HttpResponse:
    """Set 1-5 stars; 0 takes the rating back. Pages with scripts do so over the API."""
    user = cast("User", request.user)
    song, song_list = song_of(user, song_id), list_named(request)
    stars = request.POST.get("stars", "")
    if stars == "0":
        services.rating_clear(user=user, song=song)
        words = _("Taken back")
    else:
        services.rating_set(user=user, song=song, stars=_whole(stars), song_list=song_list)
        words = _("Saved")
    told = {"title": song.title, "words": words.lower()}
    tell(request, _("%(title)s: %(words)s.") % told)
    return see_other(back_to(song_list))


@personal
@require_POST
def verdict_create(request: HttpRequest, song_id: UUID) -> HttpResponse:
    """ "Not this", in one of its four meanings."""
    user = cast("User", request.user)
    song, song_list = song_of(user, song_id), list_named(request)
    verdict = services.verdict_set(
        user=user, song=song, kind=request.POST.get("kind", ""), song_list=song_list
    )
    told = {"title": song.title, "words": verdict_words(verdict.kind)}
    words = _("%(title)s: %(words)s.") % told
    if song_list is not None and wants_fragment(request):
        undo = reverse("verdict_undo", args=[verdict.pk])
        return _row(request, song_list, song_id, toast={"words": words, "undo_url": undo})
    tell(request, words)
    return see_other(back_to(song_list))


@personal
@require_POST
def verdict_undo(request: HttpRequest, verdict_id: UUID) -> HttpResponse:
    """Take a verdict back."""
    verdict = get_object_or_404(verdicts_of(cast("User", request.user)), pk=verdict_id)
    song_list = list_named(request)
    services.verdict_undo(verdict=verdict)
    if song_list is not None and wants_fragment(request):
        return _row(request, song_list, verdict.song_id)
    tell(request, _("%(title)s is back.") % {"title": verdict.song.title})
    return see_other(back_to(song_list))


@personal
@require_POST
def private_set(request: HttpRequest) -> HttpResponse:
    """Start a private stretch of so many minutes; 0 ends the one that runs."""
    user = cast("User", request.user)
    minutes = request.POST.get("minutes", "")
    if minutes == "0":
        services.private_end(user=user)
        tell(request, _("Learning from you again. What was private stays so."))
    else:
        services.private_start(user=user, minutes=_whole(minutes))
    return see_other(local_address(request, request.POST.get("next", ""), reverse("list_index")))


def _whole(text: str) -> int:
    """A short number of a form; -1, which no service takes, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else -1


def song_of(user: User, song_id: UUID) -> Song:
    return get_object_or_404(songs_browsable(user=user).defer("features"), pk=song_id)


def list_named(request: HttpRequest) -> SongList | None:
    """The listener's list that the form names; None without one, 404 for anybody else's."""
    named = request.POST.get("list", "")
    if not named:
        return None
    try:
        list_id = UUID(named)
    except ValueError as error:
        raise DomainError("not_found", _("There is no such list."), 404) from error
    return get_object_or_404(lists_of(cast("User", request.user)), pk=list_id)


def back_to(song_list: SongList | None) -> str:
    if song_list is None:
        return reverse("list_index")
    return reverse("list_detail", args=[song_list.pk])


def _row(
    request: HttpRequest, song_list: SongList, song_id: UUID, toast: dict[str, str] | None = None
) -> HttpResponse:
    """The song's row as it is now, with a toast beside it where one is given."""
    item = next((i for i in list_items(song_list) if i.song_id == song_id), None)
    if item is None:
        raise DomainError("not_found", _("The song is not in this list."), 404)
    context = {"item": item, "song_list": song_list, "star_values": STARS, "focus": True}
    html = render_to_string("recommendations/_song.html", context, request)
    if toast is not None:
        html += render_to_string("recommendations/_toast.html", {**context, **toast}, request)
    return HttpResponse(html)
