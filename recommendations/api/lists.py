"""Lists over the API; others' lists are not found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, UserRateThrottle

from accounts.personal import PersonalView, listener_of
from emotions.selectors import readings_of
from moodmusic.api import problem_responses
from recommendations import services
from recommendations.api.bodies import given_in
from recommendations.models import SongList
from recommendations.selectors import lists_as_left, lists_of, wishes_of
from recommendations.serializers import (
    ListMakeSerializer,
    ListSerializer,
    ListSummarySerializer,
    ListWishesSerializer,
)

#: Stands for a reading's id in the examples of the schema.
READING = "6f3e0f0a-5f0e-4c1c-9d8e-0d3c1f0f7a52"


class ListThrottle(UserRateThrottle):
    """Lists cost the most of all requests that a worker does not carry."""

    scope = "list"


@extend_schema(tags=["lists"])
class Lists(PersonalView, generics.ListAPIView[SongList]):
    serializer_class = ListSummarySerializer
    queryset = SongList.objects.none()  # for the schema; lists come from the selector

    def get_queryset(self) -> QuerySet[SongList]:
        return lists_as_left(listener_of(self.request)).select_related("model")

    def get_throttles(self) -> list[BaseThrottle]:
        return [ListThrottle()] if self.request.method == "POST" else []

    @extend_schema(
        operation_id="lists",
        summary="My lists, newest first",
        description="Each once, as the last change of its rest left it; earlier states keep their "
        "addresses.",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="list_make",
        summary="Songs for a reading",
        request=ListMakeSerializer,
        examples=[
            OpenApiExample(
                "Twenty songs of the mood",
                value={"reading": READING, "goal": "match"},
                request_only=True,
            ),
            OpenApiExample(
                "Twelve songs that lead to it step by step",
                value={"reading": READING, "goal": "focus", "size": 12, "journey": True},
                request_only=True,
            ),
            OpenApiExample(
                "Songs for exercising",
                value={"reading": READING, "goal": "lift", "activity": "exercising"},
                request_only=True,
            ),
        ],
        responses={
            201: ListSerializer,
            **problem_responses((409, "no_songs, no_policy"), (429, "throttled")),
        },
    )
    def post(self, request: Request) -> Response:
        given = given_in(ListMakeSerializer(data=request.data))
        user = listener_of(request)
        song_list = services.list_make(
            user=user,
            reading=get_object_or_404(readings_of(user), pk=given["reading"]),
            goal=given["goal"],
            size=given["size"],
            journey=given["journey"],
            activity=given["activity"],
        )
        body = ListSerializer(song_list, context={"request": request}).data
        return Response(body, status=201)


@extend_schema(tags=["lists"])
class ListDetail(PersonalView):
    @extend_schema(operation_id="list", summary="One of my lists", responses=ListSerializer)
    def get(self, request: Request, list_id: UUID) -> Response:
        found = lists_of(listener_of(request)).select_related("model")
        song_list = get_object_or_404(found, pk=list_id)
        return Response(ListSerializer(song_list, context={"request": request}).data)


@extend_schema(tags=["lists"])
class ListWishesView(PersonalView):
    @extend_schema(
        operation_id="list_wishes",
        summary="How I want lists to be made",
        responses=ListWishesSerializer,
    )
    def get(self, request: Request) -> Response:
        return Response(ListWishesSerializer(wishes_of(listener_of(request))).data)

    @extend_schema(
        operation_id="list_wishes_set",
        summary="Turn the dial from familiar to new",
        description="Replaces both wishes; what is left out is no wish. Holds from the next list "
        "on, and is met within 10 points as far as the songs left for the mood allow it.",
        request=ListWishesSerializer,
        responses=ListWishesSerializer,
    )
    def put(self, request: Request) -> Response:
        given = given_in(ListWishesSerializer(data=request.data))
        wishes = services.wishes_set(
            user=listener_of(request),
            new_percent=given["new_percent"],
            familiar_first=given["familiar_first"],
        )
        return Response(ListWishesSerializer(wishes).data)
