"""What whoever has the link sees of a playlist, signed in or not."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from recommendations.library.selectors import playlist_items_shared, playlist_shared


@never_cache
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The playlist's songs that everybody may see; listening is for those who are signed in here,
    as everywhere. Who made it is not told, and search engines and other sites learn no address.
    """
    playlist = playlist_shared(token=token)
    if playlist is None:
        raise Http404
    items = playlist_items_shared(playlist)
    context = {
        "playlist": playlist,
        "items": items,
        "own": playlist.user_id == request.user.pk,
        "any_audio": any(item.song.has_audio for item in items),
    }
    response = render(request, "library/shared.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
