"""Lists, ratings, plays and verdicts over the API; others' things are not found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.throttling import BaseThrottle, UserRateThrottle

from accounts.models import User
from accounts.personal import PersonalView, listener_of
from catalog.selectors import songs_visible
from emotions.selectors import readings_of
from moodmusic.api import problem_responses
from recommendations import services
from recommendations.models import SongList
from recommendations.selectors import (
    lists_of,
    plays_of,
    private_until,
    verdicts_of,
    wishes_of,
)
from recommendations.serializers import (
    ListMakeSerializer,
    ListSerializer,
    ListSummarySerializer,
    ListWishesSerializer,
    PlaySerializer,
    PlayStartSerializer,
    PlayUpdateSerializer,
    PrivateSerializer,
    PrivateStartSerializer,
    RatingSerializer,
    RatingSetSerializer,
    VerdictSerializer,
    VerdictSetSerializer,
)

#: Stands for a reading's id in the examples of the schema.
READING = "6f3e0f0a-5f0e-4c1c-9d8e-0d3c1f0f7a52"


class ListThrottle(UserRateThrottle):
    """Lists cost the most of all requests that a worker does not carry."""

    scope = "list"


def _given(serializer: Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data


def _named_list(user: User, given: dict[str, Any]) -> SongList | None:
    """The listener's list named in a body, if any; 404 for one that is not theirs."""
    return get_object_or_404(lists_of(user), pk=given["list"]) if given.get("list") else None


@extend_schema(tags=["lists"])
class Lists(PersonalView, generics.ListAPIView[SongList]):
    serializer_class = ListSummarySerializer
    queryset = SongList.objects.none()  # for the schema; lists come from the selector

    def get_queryset(self) -> QuerySet[SongList]:
        return lists_of(listener_of(self.request)).select_related("model")

    def get_throttles(self) -> list[BaseThrottle]:
        return [ListThrottle()] if self.request.method == "POST" else []

    @extend_schema(operation_id="lists", summary="My lists, newest first")
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
        ],
        responses={
            201: ListSerializer,
            **problem_responses((409, "no_songs, no_policy"), (429, "throttled")),
        },
    )
    def post(self, request: Request) -> Response:
        given = _given(ListMakeSerializer(data=request.data))
        user = listener_of(request)
        song_list = services.list_make(
            user=user,
            reading=get_object_or_404(readings_of(user), pk=given["reading"]),
            goal=given["goal"],
            size=given["size"],
            journey=given["journey"],
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
        given = _given(ListWishesSerializer(data=request.data))
        wishes = services.wishes_set(
            user=listener_of(request),
            new_percent=given["new_percent"],
            familiar_first=given["familiar_first"],
        )
        return Response(ListWishesSerializer(wishes).data)


@extend_schema(tags=["feedback"])
class SongRating(PersonalView):
    @extend_schema(
        operation_id="rating_set",
        summary="Rate a song",
        description="In the mood of the list it was heard in; a second rating there replaces it.",
        request=RatingSetSerializer,
        responses=RatingSerializer,
    )
    def put(self, request: Request, song_id: UUID) -> Response:
        given = _given(RatingSetSerializer(data=request.data))
        user = listener_of(request)
        rating = services.rating_set(
            user=user,
            song=get_object_or_404(songs_visible(), pk=song_id),
            stars=given["stars"],
            song_list=_named_list(user, given),
        )
        return Response(RatingSerializer(rating).data)

    @extend_schema(
        operation_id="rating_clear",
        summary="Take a rating back",
        description="In every mood. Idempotent.",
        responses={204: None},
    )
    def delete(self, request: Request, song_id: UUID) -> Response:
        song = get_object_or_404(songs_visible(), pk=song_id)
        services.rating_clear(user=listener_of(request), song=song)
        return Response(status=204)


@extend_schema(tags=["feedback"])
class Plays(PersonalView):
    @extend_schema(
        operation_id="play_start",
        summary="A song starts",
        request=PlayStartSerializer,
        responses={201: PlaySerializer},
    )
    def post(self, request: Request) -> Response:
        given = _given(PlayStartSerializer(data=request.data))
        user = listener_of(request)
        play = services.play_start(
            user=user,
            song=get_object_or_404(songs_visible(), pk=given["song"]),
            song_list=_named_list(user, given),
        )
        return Response(PlaySerializer(play).data, status=201)


@extend_schema(tags=["feedback"])
class PlayDetail(PersonalView):
    @extend_schema(
        operation_id="play_update",
        summary="How far it got",
        description="The position only grows and the outcome is decided once. Idempotent.",
        request=PlayUpdateSerializer,
        responses=PlaySerializer,
    )
    def patch(self, request: Request, play_id: UUID) -> Response:
        given = _given(PlayUpdateSerializer(data=request.data))
        play = services.play_update(
            play=get_object_or_404(plays_of(listener_of(request)), pk=play_id),
            position_s=given["position_s"],
            outcome=given.get("outcome"),
        )
        return Response(PlaySerializer(play).data)


@extend_schema(tags=["feedback"])
class SongVerdicts(PersonalView):
    @extend_schema(
        operation_id="verdict_set",
        summary="Not this",
        description=(
            "`not_now` leaves the song out for six hours, `not_for_this_mood` in the list's mood, "
            "`never` for good. `wrong_mood` says that the listener's own mood was read wrong: it "
            "corrects the list's reading to `right_emotion`, which moves later readings of faces "
            "alike, and neither hides the song nor changes taste. Without `right_emotion` the "
            "answer is `correction_wanted`, and for a mood named by hand `nothing_to_calibrate`; "
            "both name the `reading`."
        ),
        request=VerdictSetSerializer,
        responses={
            201: VerdictSerializer,
            **problem_responses(
                (400, "invalid"),
                (400, "list_needed"),
                (409, "correction_wanted"),
                (409, "nothing_to_calibrate"),
            ),
        },
    )
    def post(self, request: Request, song_id: UUID) -> Response:
        given = _given(VerdictSetSerializer(data=request.data))
        user = listener_of(request)
        verdict = services.verdict_set(
            user=user,
            song=get_object_or_404(songs_visible(), pk=song_id),
            kind=given["kind"],
            song_list=_named_list(user, given),
            right_emotion=given.get("right_emotion", ""),
        )
        return Response(VerdictSerializer(verdict).data, status=201)


@extend_schema(tags=["feedback"])
class VerdictDetail(PersonalView):
    @extend_schema(
        operation_id="verdict_undo",
        summary="Undo",
        description=(
            "All it did is undone. Of a wrong mood, the reading gets back the correction it had "
            "before, unless it was corrected again since."
        ),
        responses={204: None},
    )
    def delete(self, request: Request, verdict_id: UUID) -> Response:
        verdict = get_object_or_404(verdicts_of(listener_of(request)), pk=verdict_id)
        services.verdict_undo(verdict=verdict)
        return Response(status=204)


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
        given = _given(PrivateStartSerializer(data=request.data))
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
