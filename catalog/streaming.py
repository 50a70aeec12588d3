"""The address a player loads a song from: signed-in listeners, byte ranges."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog.selectors import songs_audible
from catalog.services import audio_prepare
from moodmusic.api import problem_responses
from moodmusic.http_range import ranged_file_response

CONTENT_TYPE = "audio/mpeg"


class SongAudioView(APIView):
    """One song as MP3, for pages (session) and phones (X-Session-Token) alike."""

    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        # Players ask for audio, refusals are JSON: neither depends on what is said to be accepted.
        renderer = self.get_renderers()[0]
        return renderer, str(renderer.media_type)

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
            (200, CONTENT_TYPE): OpenApiTypes.BINARY,
            (206, CONTENT_TYPE): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="The client's copy is still good."),
            416: OpenApiResponse(description="No byte of the file lies in the range."),
            **problem_responses((503, "audio_unavailable")),
        },
    )
    def get(self, request: Request, song_id: UUID) -> HttpResponseBase:
        """The song's audio. The first request for a song may take a second to begin."""
        song = get_object_or_404(songs_audible(user=request.user), pk=song_id)
        path = audio_prepare(song=song)
        return ranged_file_response(
            request._request,
            path,
            content_type=CONTENT_TYPE,
            # The name carries the generator's version; the size differs where encoders do.
            etag=f'"{path.stem}-{path.stat().st_size:x}"',
        )


#: The pages' address of the same view; the schema describes the API's alone.
song_audio = SongAudioView.as_view(schema=None)
