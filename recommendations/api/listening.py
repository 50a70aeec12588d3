"""Plays over the API, and listening without being learnt from."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.personal import PersonalView, listener_of
from catalog.selectors import songs_browsable
from moodmusic.api import problem_responses
from recommendations import services
from recommendations.api.bodies import given_in, named_list
from recommendations.api.kept import ACCOUNT, OTHER_ACCOUNT, meant_for
from recommendations.selectors import plays_of, private_until
from recommendations.serializers import (
    PlaySerializer,
    PlayStartSerializer,
    PlayUpdateSerializer,
    PrivateSerializer,
    PrivateStartSerializer,
)


@extend_schema(tags=["feedback"])
class Plays(PersonalView):
    @extend_schema(
        operation_id="play_start",
        summary="A song starts",
        description=(
            "Told again with the same `id`, it stays one play: so what a device could not send is "
            "kept there and sent until it is answered."
        ),
        parameters=[ACCOUNT],
        request=PlayStartSerializer,
        responses={201: PlaySerializer, **problem_responses((409, "id_taken"), OTHER_ACCOUNT)},
    )
    def post(self, request: Request) -> Response:
        user = meant_for(request)
        given = given_in(PlayStartSerializer(data=request.data))
        play = services.play_start(
            user=user,
            song=get_object_or_404(songs_browsable(user=user), pk=given["song"]),
            song_list=named_list(user, given),
            play_id=given.get("id"),
            at=given.get("at"),
        )
        return Response(PlaySerializer(play).data, status=201)


@extend_schema(tags=["feedback"])
class PlayDetail(PersonalView):
    @extend_schema(
        operation_id="play_update",
        summary="How far it got",
        description="The position only grows and the outcome is decided once. Idempotent.",
        parameters=[ACCOUNT],
        request=PlayUpdateSerializer,
        responses={200: PlaySerializer, **problem_responses(OTHER_ACCOUNT)},
    )
    def patch(self, request: Request, play_id: UUID) -> Response:
        user = meant_for(request)
        given = given_in(PlayUpdateSerializer(data=request.data))
        play = services.play_update(
            play=get_object_or_404(plays_of(user), pk=play_id),
            position_s=given["position_s"],
            outcome=given.get("outcome"),
        )
        return Response(PlaySerializer(play).data)


@extend_schema(tags=["feedback"])
class PrivateListening(PersonalView):
    @extend_schema(
        operation_id="private",
        summary="Whether anything is learnt from me",
        responses=PrivateSerializer,
    )
    def get(self, request: Request) -> Response:
        until = private_until(user=listener_of(request), now=timezone.now())
        return Response(PrivateSerializer({"until": until}).data)

    @extend_schema(
        operation_id="private_start",
        summary="Learn nothing from me for a while",
        description=(
            "Plays that start and ratings given until then change no list and no model, then or "
            "later; verdicts only hide their song. Repeating it sets a new end."
        ),
        request=PrivateStartSerializer,
        responses=PrivateSerializer,
    )
    def put(self, request: Request) -> Response:
        given = given_in(PrivateStartSerializer(data=request.data))
        stretch = services.private_start(user=listener_of(request), minutes=given["minutes"])
        return Response(PrivateSerializer(stretch).data)

    @extend_schema(
        operation_id="private_end",
        summary="Learn from me again",
        description="Idempotent. What was private stays so.",
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        services.private_end(user=listener_of(request))
        return Response(status=204)
