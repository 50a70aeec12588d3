"""Taste over the API: what is believed, changes of it, and taking them back."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.personal import PersonalView, listener_of
from moodmusic.api import problem_responses
from recommendations.api.bodies import given_in
from recommendations.beliefs import edits
from recommendations.beliefs.changing import change
from recommendations.beliefs.reading import beliefs_of
from recommendations.beliefs.serializers import (
    TasteChangeSerializer,
    TasteEditSerializer,
    TasteQuerySerializer,
    TasteResetSerializer,
    TasteSerializer,
)


@extend_schema(tags=["taste"])
class TasteView(PersonalView):
    @extend_schema(
        operation_id="taste",
        summary="What is believed of me in a mood",
        description="The numbers that lists are made with, the strongest of each kind.",
        parameters=[TasteQuerySerializer],
        responses=TasteSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = given_in(TasteQuerySerializer(data=request.query_params))
        found = beliefs_of(user=listener_of(request), emotion=asked["emotion"], now=timezone.now())
        return Response(TasteSerializer(found).data)


@extend_schema(tags=["taste"])
class TasteEdits(PersonalView):
    @extend_schema(
        operation_id="taste_edits",
        summary="Changes that I can take back, latest first",
        responses=TasteEditSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        mine = edits.edits_of(listener_of(request))[:100]
        return Response(TasteEditSerializer(mine, many=True).data)

    @extend_schema(
        operation_id="taste_change",
        summary="Change or remove what I said, or use a play no more",
        description="204 where nothing had to be changed.",
        request=TasteChangeSerializer,
        responses={201: TasteEditSerializer, 204: None},
    )
    def post(self, request: Request) -> Response:
        given = given_in(TasteChangeSerializer(data=request.data))
        edit = change(user=listener_of(request), **given)
        if edit is None:
            return Response(status=204)
        return Response(TasteEditSerializer(edit).data, status=201)


@extend_schema(tags=["taste"])
class TasteEditDetail(PersonalView):
    @extend_schema(
        operation_id="taste_undo",
        summary="Undo",
        description="Puts everything back as it was. What was said anew since stands.",
        responses={204: None, **problem_responses((409, "changed_since"))},
    )
    def delete(self, request: Request, edit_id: UUID) -> Response:
        edits.edit_undo(edit=get_object_or_404(edits.edits_of(listener_of(request)), pk=edit_id))
        return Response(status=204)


@extend_schema(tags=["taste"])
class TasteReset(PersonalView):
    @extend_schema(
        operation_id="taste_reset",
        summary="Start over, in a mood or with everything",
        description=(
            "Stars, verdicts, nudges and favourites are put aside, plays stay in the history but "
            "are not used. After a reset of everything lists are those of a new listener. It can "
            "be undone for 30 days and is final then."
        ),
        request=TasteResetSerializer,
        responses={201: TasteEditSerializer},
    )
    def post(self, request: Request) -> Response:
        given = given_in(TasteResetSerializer(data=request.data))
        edit = edits.taste_reset(user=listener_of(request), emotion=given["emotion"])
        return Response(TasteEditSerializer(edit).data, status=201)
