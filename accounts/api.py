"""The signed-in listener over the API: who they are, their consent, and leaving."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.personal import PersonalView, listener_of
from accounts.serializers import (
    ConsentGrantSerializer,
    ConsentSerializer,
    ErasureSerializer,
    MeSerializer,
)
from moodmusic.api import problem_responses


class MeView(PersonalView):
    @extend_schema(operation_id="me", summary="Who am I", tags=["me"], responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(listener_of(request)).data)


@extend_schema(tags=["me"])
class ConsentView(PersonalView):
    @extend_schema(
        operation_id="consent",
        summary="Consent to face reading, and its text",
        responses=ConsentSerializer,
    )
    def get(self, request: Request) -> Response:
        return Response(ConsentSerializer.of(listener_of(request)))

    @extend_schema(
        operation_id="consent_grant",
        summary="Agree",
        description="Idempotent. Send the version of the text that the listener has seen.",
        request=ConsentGrantSerializer,
        responses={200: ConsentSerializer, **problem_responses((409, "consent_outdated"))},
    )
    def put(self, request: Request) -> Response:
        given = ConsentGrantSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.consent_grant(
            user=listener_of(request), version=given.validated_data.get("version")
        )
        return Response(ConsentSerializer.of(listener_of(request)))

    @extend_schema(
        operation_id="consent_withdraw",
        summary="Withdraw",
        description="Idempotent. From now on no picture of the listener is accepted.",
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        services.consent_withdraw(user=listener_of(request))
        return Response(status=204)


class ErasureView(PersonalView):
    @extend_schema(
        operation_id="account_erase",
        summary="Delete my account",
        description="Deletes the account, everything that belongs to it and all its tokens.",
        tags=["me"],
        request=ErasureSerializer,
        responses={204: None, **problem_responses((403, "wrong_password"), (429, "throttled"))},
    )
    def post(self, request: Request) -> Response:
        given = ErasureSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.account_erase(user=listener_of(request), password=given.validated_data["password"])
        return Response(status=204)
