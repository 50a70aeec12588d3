"""Ratings and verdicts over the API; others' things are not found."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.personal import PersonalView, listener_of
from catalog.selectors import songs_browsable
from moodmusic.api import problem_responses
from recommendations import services
from recommendations.api.bodies import given_in, named_list
from recommendations.api.kept import ACCOUNT, OTHER_ACCOUNT, meant_for
from recommendations.selectors import verdicts_of
from recommendations.serializers import (
    RatingClearSerializer,
    RatingSerializer,
    RatingSetSerializer,
    VerdictSerializer,
    VerdictSetSerializer,
)


@extend_schema(tags=["feedback"])
class SongRating(PersonalView):
    @extend_schema(
        operation_id="rating_set",
        summary="Rate a song",
        description=(
            "In the mood of the list it was heard in; a later rating there replaces it. Of ratings "
            "kept while offline the one given last stands, in whatever order they arrive."
        ),
        parameters=[ACCOUNT],
        request=RatingSetSerializer,
        responses={200: RatingSerializer, **problem_responses(OTHER_ACCOUNT)},
    )
    def put(self, request: Request, song_id: UUID) -> Response:
        user = meant_for(request)
        given = given_in(RatingSetSerializer(data=request.data))
        rating = services.rating_set(
            user=user,
            song=get_object_or_404(songs_browsable(user=user), pk=song_id),
            stars=given["stars"],
            song_list=named_list(user, given),
            at=given.get("at"),
        )
        return Response(RatingSerializer(rating).data)

    @extend_schema(
        operation_id="rating_clear",
        summary="Take a rating back",
        description="In every mood; ratings given after `at` stay. Idempotent.",
        parameters=[ACCOUNT, RatingClearSerializer],
        responses={204: None, **problem_responses(OTHER_ACCOUNT)},
    )
    def delete(self, request: Request, song_id: UUID) -> Response:
        user = meant_for(request)
        given = given_in(RatingClearSerializer(data=request.query_params))
        song = get_object_or_404(songs_browsable(user=user), pk=song_id)
        services.rating_clear(user=user, song=song, at=given.get("at"))
        return Response(status=204)


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
        given = given_in(VerdictSetSerializer(data=request.data))
        user = listener_of(request)
        verdict = services.verdict_set(
            user=user,
            song=get_object_or_404(songs_browsable(user=user), pk=song_id),
            kind=given["kind"],
            song_list=named_list(user, given),
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
