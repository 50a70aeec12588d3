"""A listener's list as a file for other players: M3U8, JSPF, XSPF or CSV."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from accounts.models import User
from accounts.personal import PersonalFileView, listener_of
from catalog.exports import shown_record
from catalog.models import Song
from catalog.tables.writing import WRITERS
from moodmusic.api import problem_responses
from moodmusic.problems import DomainError
from moodmusic.templatetags.words import feeling, goal_name
from moodmusic.web import personal
from recommendations.selectors import lists_of

FORMATS = ("m3u8", "jspf", "xspf", "csv")
#: What an address that gives songs as a file answers, for the schema.
FILE_RESPONSES = {
    **{
        (200, kind): OpenApiTypes.OBJECT if kind.endswith("json") else OpenApiTypes.STR
        for kind in (WRITERS[name][2].partition(";")[0] for name in FORMATS)
    },
    **problem_responses((400, "unknown_format")),
}


def songs_file(songs: Iterable[Song], *, name: str, stem: str, format: str) -> HttpResponse:
    """These songs, in order, as a file `moodmusic-<stem>` of one of FORMATS, titled `name`."""
    write, suffix, content_type = WRITERS[format]
    lines = write([shown_record(song) for song in songs], name=name, own=False)
    response = HttpResponse("".join(lines).encode(), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="moodmusic-{stem}.{suffix}"'
    return response


def list_file(*, user: User, list_id: UUID, format: str) -> HttpResponse:
    """One of the listener's lists as a file to keep.

    Raises
    ------
    Http404
        the list is not the listener's.
    DomainError
        unknown_format 400.
    """
    song_list = get_object_or_404(lists_of(user), pk=list_id)
    if format not in FORMATS:
        words = _("A list can be had as %(formats)s.") % {"formats": ", ".join(FORMATS)}
        raise DomainError("unknown_format", words)
    items = song_list.items.select_related("song__artist", "song__album__artist")
    # Songs that were hidden since are in no list any more.
    heard = items.filter(song__hidden=False).prefetch_related("song__moods")
    day = localdate(song_list.created_at).isoformat()
    name = f"{goal_name(song_list.goal)}, {feeling(song_list.emotion)}, {day}"
    stem = f"{song_list.emotion}-{song_list.goal}-{day}"
    return songs_file((item.song for item in heard), name=name, stem=stem, format=format)


@personal
@require_safe
def list_export(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """What the list's page offers to save; `?format=` is one of FORMATS."""
    assert request.user.is_authenticated  # noqa: S101 - `personal` stands before this view
    return list_file(
        user=request.user, list_id=list_id, format=request.GET.get("format", FORMATS[0])
    )


@extend_schema(tags=["lists"])
class ListExport(PersonalFileView):
    @extend_schema(
        operation_id="list_export",
        summary="One of my lists as a file for other players",
        parameters=[OpenApiParameter("format", str, enum=FORMATS, default=FORMATS[0])],
        responses=FILE_RESPONSES,
    )
    def get(self, request: Request, list_id: UUID) -> HttpResponse:
        return list_file(
            user=listener_of(request),
            list_id=list_id,
            format=request.query_params.get("format", FORMATS[0]),
        )
