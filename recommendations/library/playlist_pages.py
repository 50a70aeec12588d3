"""Pages of playlists: all of them, one, adding a song, sharing and saving."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from catalog.paging import key_of
from catalog.selectors import songs_browsable
from moodmusic.problems import DomainError
from moodmusic.templatetags.words import feeling, goal_name
from moodmusic.web import local_address, personal, see_other, tell, wants_fragment
from recommendations.library import playlists as services
from recommendations.library.exports import playlist_file
from recommendations.library.selectors import playlist_items, playlists_of
from recommendations.list_export import FORMATS
from recommendations.models import Playlist
from recommendations.models.playlists import LONGEST_DESCRIPTION, LONGEST_NAME
from recommendations.selectors import lists_of

#: Digits of a playlist's version.
MOST_DIGITS = 10


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def playlists(request: HttpRequest) -> HttpResponse:
    """All playlists; a POST makes one."""
    user = cast("User", request.user)
    context: dict[str, object] = {"longest_name": LONGEST_NAME}
    status = 200
    if request.method == "POST":
        try:
            made = services.playlist_make(user=user, name=request.POST.get("name", ""))
        except DomainError as error:
            context |= {"error": error.detail, "name": request.POST.get("name", "")}
            status = error.status
        else:
            return see_other(reverse("playlist", args=[made.pk]))
    context["playlists"] = playlists_of(user)
    return render(request, "library/playlists.html", context, status=status)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def playlist(request: HttpRequest, playlist_id: UUID) -> HttpResponse:
    """One playlist with its songs; a POST gives it a name and a description."""
    mine = _mine(request, playlist_id)
    context: dict[str, object] = {}
    status = 200
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in ("name", "description")}
        try:
            services.playlist_describe(playlist=mine, **given)
        except DomainError as error:
            context, status = {"error": error.detail, "given": given}, error.status
            mine = _mine(request, playlist_id)
        else:
            tell(request, _("Saved."))
            return see_other(reverse("playlist", args=[mine.pk]))
    return render(
        request, "library/playlist.html", {**_shown(request, mine), **context}, status=status
    )


@personal
@require_POST
def playlist_songs(request: HttpRequest, playlist_id: UUID) -> HttpResponse:
    """Put the songs in an order, move one by a place, or take one out.

    With htmx the songs come back as they are now. A page that was overtaken by another window is
    shown anew.
    """
    mine = _mine(request, playlist_id)
    asked = request.POST
    try:
        _change_songs(mine, asked.getlist("order"), asked)
    except DomainError as error:
        if error.status != 409:
            raise
        tell(request, error.detail, error=True)
        if wants_fragment(request):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return see_other(reverse("playlist", args=[mine.pk]))
    if wants_fragment(request):
        return render(request, "library/_playlist_songs.html", _shown(request, mine))
    return see_other(reverse("playlist", args=[mine.pk]))


def _change_songs(mine: Playlist, order: list[str], asked: dict[str, str]) -> None:
    given = asked.get("version", "")
    # Text too long for a version is none; Python refuses to read numbers of thousands of digits.
    version = int(given) if given.isdecimal() and len(given) <= MOST_DIGITS else -1
    what, _colon, key = asked.get("do", "").partition(":")
    song_id = key_of(key)
    if what == "remove" and song_id:
        services.playlist_remove(playlist=mine, song_id=song_id)
    elif what in ("up", "down") and song_id:
        step = -1 if what == "up" else 1
        services.playlist_move(playlist=mine, song_id=song_id, step=step, version=version)
    else:
        songs = [found for text in order if (found := key_of(text))]
        services.playlist_order(playlist=mine, songs=songs, version=version)


@personal
@require_POST
def playlist_share(request: HttpRequest, playlist_id: UUID) -> HttpResponse:
    """Make a link to the playlist, or take it back."""
    mine = _mine(request, playlist_id)
    if request.POST.get("shared") == "no":
        services.playlist_unshare(playlist=mine)
        tell(request, _("The link leads nowhere any more."))
    else:
        services.playlist_share(playlist=mine)
    return see_other(reverse("playlist", args=[mine.pk]) + "#share")


@personal
@require_POST
def playlist_delete(request: HttpRequest, playlist_id: UUID) -> HttpResponse:
    """Delete the playlist; the form stands in a fold that says what that means."""
    mine = _mine(request, playlist_id)
    services.playlist_delete(playlist=mine)
    tell(request, _("The playlist “%(name)s” is deleted.") % {"name": mine.name})
    return see_other(reverse("playlists"))


@personal
@require_safe
def playlist_export(request: HttpRequest, playlist_id: UUID) -> HttpResponse:
    """What the page offers to save; `?format=` is one of FORMATS."""
    mine = _mine(request, playlist_id)
    return playlist_file(playlist=mine, format=request.GET.get("format", FORMATS[0]))


@personal
@require_POST
def list_keep(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Make a playlist of a whole list, and go to it."""
    user = cast("User", request.user)
    song_list = get_object_or_404(lists_of(user), pk=list_id)
    day = date_format(localtime(song_list.created_at), "DATE_FORMAT")
    name = f"{goal_name(song_list.goal)}, {feeling(song_list.emotion)}, {day}"
    made = services.playlist_of_list(user=user, song_list=song_list, name=services.name_short(name))
    tell(request, _("The list is a playlist now. Give it a name of your own if you like."))
    return see_other(reverse("playlist", args=[made.pk]))


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def playlist_add(request: HttpRequest, song_id: UUID) -> HttpResponse:
    """Choose a playlist for a song, in a row of a page or on a page of its own; a POST adds it to
    that playlist, takes it out, or makes a new one with it.
    """
    user = cast("User", request.user)
    song = get_object_or_404(songs_browsable(user=user).defer("features"), pk=song_id)
    said, error, status = "", "", 200
    if request.method == "POST":
        try:
            said = _put(request, user, song_id)
        except DomainError as refused:
            error = refused.detail
            # htmx puts the words into the row, whatever they are.
            status = 200 if wants_fragment(request) else refused.status
        if not error and not wants_fragment(request):
            tell(request, said)
            return see_other(local_address(request, request.POST.get("next", ""), request.path))
    held = set(Playlist.objects.filter(user=user, items__song=song).values_list("pk", flat=True))
    context = {
        "song": song,
        "playlists": playlists_of(user),
        "held": held,
        "said": said,
        "error": error,
        "longest_name": LONGEST_NAME,
        "next": local_address(request, request.GET.get("next", ""), ""),
    }
    template = "library/_add.html" if wants_fragment(request) else "library/add.html"
    return render(request, template, context, status=status)


def _put(request: HttpRequest, user: User, song_id: UUID) -> str:
    """What was done, in words."""
    asked = request.POST
    song = get_object_or_404(songs_browsable(user=user), pk=song_id)
    if asked.get("name", "").strip():
        made = services.playlist_make(user=user, name=asked["name"], songs=[song_id])
        return _("Added to “%(playlist)s”.") % {"playlist": made.name}
    what, _colon, key = asked.get("do", "").partition(":")
    chosen = key_of(key)
    if what not in ("add", "remove") or chosen is None:
        raise DomainError("invalid", _("Give the playlist a name."))
    mine = _mine(request, chosen)
    if what == "remove":
        services.playlist_remove(playlist=mine, song_id=song_id)
        return _("Taken out of “%(playlist)s”.") % {"playlist": mine.name}
    if services.playlist_add(playlist=mine, song=song):
        return _("Added to “%(playlist)s”.") % {"playlist": mine.name}
    return _("It is in “%(playlist)s” already.") % {"playlist": mine.name}


def _mine(request: HttpRequest, playlist_id: UUID) -> Playlist:
    return get_object_or_404(playlists_of(cast("User", request.user)), pk=playlist_id)


def _shown(request: HttpRequest, mine: Playlist) -> dict[str, object]:
    items = playlist_items(mine)
    minutes = round(sum(item.song.duration_s for item in items) / 60)
    link = ""
    if mine.share_token:
        link = request.build_absolute_uri(reverse("shared_playlist", args=[mine.share_token]))
    return {
        "playlist": mine,
        "items": items,
        "length": ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes)
        % {"minutes": minutes},
        "any_audio": any(item.song.has_audio for item in items),
        "link": link,
        "export_formats": FORMATS,
        "longest_name": LONGEST_NAME,
        "longest_description": LONGEST_DESCRIPTION,
    }
