"""Live sessions over the API; others' sessions are not found."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.personal import PersonalView, listener_of
from emotions import live
from emotions.models import LiveSession
from moodmusic.api import problem_responses
from recommendations.api.bodies import given_in, named_list
from recommendations.live import live_look
from recommendations.serializers.live import (
    LiveListSerializer,
    LiveLockSerializer,
    LiveLookSerializer,
    LiveSerializer,
)


@extend_schema(tags=["live"])
class LiveSessions(PersonalView):
    @extend_schema(
        operation_id="live_start",
        summary="Follow my face while the music plays",
        description=(
            "Needs the listener's consent. Send a picture every `every_s` seconds as `POST "
            "/captures` with `live`, then poll the session until it is not `busy`. An earlier "
            "session ends. Keep the camera on only while the listener can see that it is."
        ),
        request=None,
        responses={201: LiveSerializer, **problem_responses((403, "consent_required"))},
    )
    def post(self, request: Request) -> Response:
        session = live.live_start(user=listener_of(request))
        return Response(LiveSerializer(session).data, status=201)


@extend_schema(tags=["live"])
class LiveDetail(PersonalView):
    @extend_schema(
        operation_id="live",
        summary="How a live session stands",
        description=(
            "`change` names a reading once the two latest ones agree, surely, on a mood that is "
            "not the list's: then `POST /lists/{id}/tail` with it. It stays null while the session "
            "is locked. A session ends by itself after an hour, after eight pictures in a row "
            "without a face, and when consent is withdrawn."
        ),
        parameters=[
            OpenApiParameter("list", UUID, description="The list that plays; names its mood.")
        ],
        responses=LiveLookSerializer,
    )
    def get(self, request: Request, live_id: UUID) -> Response:
        given = given_in(LiveListSerializer(data=request.query_params))
        song_list = named_list(listener_of(request), given)
        look = live_look(session=_session(request, live_id), song_list=song_list)
        return Response(LiveLookSerializer(look).data)

    @extend_schema(
        operation_id="live_lock",
        summary="Keep the list, or let it follow again",
        description="Idempotent.",
        request=LiveLockSerializer,
        responses=LiveSerializer,
    )
    def put(self, request: Request, live_id: UUID) -> Response:
        given = given_in(LiveLockSerializer(data=request.data))
        session = _session(request, live_id)
        live.live_lock(session=session, locked=given["locked"])
        return Response(LiveSerializer(session).data)

    @extend_schema(
        operation_id="live_end",
        summary="Stop following my face",
        description="Idempotent.",
        responses={204: None},
    )
    def delete(self, request: Request, live_id: UUID) -> Response:
        live.live_end(session=_session(request, live_id))
        return Response(status=204)


def _session(request: Request, live_id: UUID) -> LiveSession:
    mine = LiveSession.objects.filter(user=listener_of(request)).select_related("user")
    found: LiveSession = get_object_or_404(mine, pk=live_id)
    return found
