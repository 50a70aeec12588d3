"""The addresses a player loads songs and covers from: signed-in listeners, byte ranges."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from catalog.library.formats import plain_type
from catalog.models import Song
from catalog.selectors import cover_seen, songs_audible
from catalog.services import audio_prepare
from catalog.services.files import audio_missing, file_to_play
from catalog.services.transcoding import file_transcoded
from moodmusic.api import problem_responses
from moodmusic.file_view import FileView
from moodmusic.http_range import DEFAULT_CACHE_CONTROL, ranged_file_response

MP3 = "audio/mpeg"
#: Of files; what is sent of a song is one of these.
CONTENT_TYPES = (MP3, "audio/mp4", "audio/flac", "audio/ogg", "audio/wav")
#: A cover's name is made of its content, so it never changes; shared caches must not keep it.
COVER_NAME = re.compile(r"[0-9a-f]{64}\.jpg")
COVER_CACHE_CONTROL = "private, max-age=31536000, immutable"


class MediaView(FileView):
    """Audio and pictures, for pages (session) and phones (X-Session-Token) alike."""


class SongAudioView(MediaView):
    """One song's audio."""

    @extend_schema(
        operation_id="songs_audio",
        parameters=[
            OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="bytes=first-last"),
            OpenApiParameter(
                "If-Range",
                str,
                OpenApiParameter.HEADER,
                description="ETag or date of the last part",
            ),
        ],
        responses={
            **{(200, kind): OpenApiTypes.BINARY for kind in CONTENT_TYPES},
            **{(206, kind): OpenApiTypes.BINARY for kind in CONTENT_TYPES},
            304: OpenApiResponse(description="The client's copy is still good."),
            416: OpenApiResponse(description="No byte of the file lies in the range."),
            **problem_responses(
                (404, "no_audio"), (404, "audio_missing"), (503, "audio_unavailable")
            ),
        },
    )
    def get(self, request: Request, song_id: UUID) -> HttpResponseBase:
        """The song's audio: MP3 of generated songs, else the file as it was imported. The first
        request for a song may take a second to begin."""
        song = get_object_or_404(songs_audible(user=request.user), pk=song_id)
        try:
            path, content_type, tag = audio_of(song)
            return sent(
                request._request,
                path,
                content_type=content_type,
                # The name, or the content's digest, tells contents apart; size and date tell what
                # was written over since.
                etag=f'"{tag}-{path.stat().st_size:x}"',
            )
        except FileNotFoundError as error:
            # In the moment between finding and opening it; the next request finds that out.
            raise audio_missing() from error


def audio_of(song: Song) -> tuple[Path, str, str]:
    """Path and type of what is played of a song, and a word that names its content.

    Raises
    ------
    DomainError
        `no_audio`, `audio_missing` (404), `audio_unavailable` (503)
    """
    if song.piece:
        path = audio_prepare(song=song)
        return path, MP3, path.stem
    file, path = file_to_play(song=song)
    made = file_transcoded(file=file, path=path)
    if made is not None:
        return made, MP3, made.stem
    changed = path.stat().st_mtime_ns
    return path, plain_type(file.content_type), f"{file.digest[:32]}-{changed:x}"


class CoverView(MediaView):
    """One album's cover."""

    @extend_schema(
        operation_id="covers_get",
        responses={
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="The client's copy is still good."),
        },
    )
    def get(self, request: Request, name: str) -> HttpResponseBase:
        """A cover, for whoever may hear a song of its album. It never changes."""
        if not COVER_NAME.fullmatch(name) or not cover_seen(user=request.user, name=name):
            raise Http404
        path = Path(settings.COVERS_DIR) / name
        try:
            return ranged_file_response(
                request._request,
                path,
                content_type="image/jpeg",
                etag=f'"{path.stem[:32]}"',
                cache_control=COVER_CACHE_CONTROL,
            )
        except FileNotFoundError as error:
            raise Http404 from error


def sent(request: HttpRequest, path: Path, *, content_type: str, etag: str) -> HttpResponseBase:
    """The file, by this process or, where the proxy in front can read it, by the proxy."""
    if not settings.X_ACCEL:
        return ranged_file_response(request, path, content_type=content_type, etag=etag)
    response = HttpResponse(content_type=content_type)
    response.headers["X-Accel-Redirect"] = settings.X_ACCEL + quote(str(path))
    response.headers["Cache-Control"] = DEFAULT_CACHE_CONTROL
    return response


#: The pages' addresses of the same views; the schema describes the API's alone.
song_audio = SongAudioView.as_view(schema=None)
cover = CoverView.as_view(schema=None)
