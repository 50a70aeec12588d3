"""More and less like a song over the API, and the rest of a list ranked anew."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.personal import PersonalView, listener_of
from catalog.selectors import songs_browsable
from emotions.selectors import readings_of
from moodmusic.api import problem_responses
from recommendations import services
from recommendations.api.bodies import given_in, named_list
from recommendations.api.lists import ListThrottle
from recommendations.selectors import lists_of, nudges_of
from recommendations.serializers import (
    ListSerializer,
    NudgeSerializer,
    NudgeSetSerializer,
    TailMakeSerializer,
)


@extend_schema(tags=["feedback"])
class SongNudges(PersonalView):
    @extend_schema(
        operation_id="nudge_set",
        summary="More like this, or less like this now",
        description=(
            "`more` leans the lists of the list's mood towards songs like this one, and fades over "
            "months; `less` leads away from them for some hours, whatever the mood. Neither hides "
            "the song. A list that plays follows through its tail."
        ),
        request=NudgeSetSerializer,
        responses={201: NudgeSerializer},
    )
    def post(self, request: Request, song_id: UUID) -> Response:
        given = given_in(NudgeSetSerializer(data=request.data))
        user = listener_of(request)
        nudge = services.nudge_set(
            user=user,
            song=get_object_or_404(songs_browsable(user=user), pk=song_id),
            kind=given["kind"],
            song_list=named_list(user, given),
        )
        return Response(NudgeSerializer(nudge).data, status=201)


@extend_schema(tags=["feedback"])
class NudgeDetail(PersonalView):
    @extend_schema(
        operation_id="nudge_undo",
        summary="Undo",
        description="All it did is undone.",
        responses={204: None},
    )
    def delete(self, request: Request, nudge_id: UUID) -> Response:
        nudge = get_object_or_404(nudges_of(listener_of(request)), pk=nudge_id)
        services.nudge_undo(nudge=nudge)
        return Response(status=204)


@extend_schema(tags=["lists"])
class ListTail(PersonalView):
    def get_throttles(self) -> list[BaseThrottle]:
        return [ListThrottle()]

    @extend_schema(
        operation_id="list_tail",
        summary="Rank the rest of a list anew",
        description=(
            "A new list of the same goal: what was played stays in front as it was, the rest is "
            "chosen by all that was said by now."
        ),
        request=TailMakeSerializer,
        responses={
            201: ListSerializer,
            **problem_responses((409, "no_songs, no_policy"), (429, "throttled")),
        },
    )
    def post(self, request: Request, list_id: UUID) -> Response:
        given = given_in(TailMakeSerializer(data=request.data))
        user = listener_of(request)
        reading = None
        if given.get("reading"):
            reading = get_object_or_404(readings_of(user), pk=given["reading"])
        song_list = services.tail_make(
            user=user,
            song_list=get_object_or_404(lists_of(user), pk=list_id),
            played=given["played"],
            reading=reading,
        )
        return Response(ListSerializer(song_list, context={"request": request}).data, status=201)
