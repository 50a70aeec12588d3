"""The signed-in listener over the API: who they are, their consent, and leaving."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import keeping, services
from accounts.export import export_name, export_write
from accounts.models import KeepFor
from accounts.personal import PersonalView, listener_of
from accounts.serializers import (
    ConsentGrantSerializer,
    ConsentSerializer,
    ErasureSerializer,
    KeepForSerializer,
    LocalSerializer,
    MeSerializer,
)
from moodmusic.api import problem_responses


class MeView(PersonalView):
    @extend_schema(operation_id="me", summary="Who am I", tags=["me"], responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(listener_of(request)).data)

    @extend_schema(
        operation_id="me_change",
        summary="Set my language or time zone",
        tags=["me"],
        request=LocalSerializer,
        responses=MeSerializer,
    )
    def patch(self, request: Request) -> Response:
        given = LocalSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = listener_of(request)
        services.local_set(user=user, **given.validated_data)
        return Response(MeSerializer(user).data)


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


def _days(given: dict[str, Any]) -> int:
    return KeepFor.FOREVER if given["days"] is None else int(given["days"])


@extend_schema(tags=["me"])
class KeepForView(PersonalView):
    @extend_schema(
        operation_id="keep_for",
        summary="How long my moods are kept",
        description="With `days`, tells what that limit would delete; nothing is changed.",
        parameters=[OpenApiParameter("days", int, enum=[30, 90])],
        responses=KeepForSerializer,
    )
    def get(self, request: Request) -> Response:
        user = listener_of(request)
        went: list[keeping.Going] = []
        if "days" in request.query_params:
            asked = KeepForSerializer(data={"days": request.query_params["days"]})
            asked.is_valid(raise_exception=True)
            went = keeping.going(user=user, days=_days(asked.validated_data))
        return Response(KeepForSerializer({"days": user.keep_days or None, "went": went}).data)

    @extend_schema(
        operation_id="keep_for_set",
        summary="Set how long my moods are kept",
        description="What is older is deleted at once, and from then on every day. Idempotent.",
        request=KeepForSerializer,
        responses=KeepForSerializer,
    )
    def put(self, request: Request) -> Response:
        given = KeepForSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = listener_of(request)
        went = keeping.keep_for_set(user=user, days=_days(given.validated_data))
        return Response(KeepForSerializer({"days": user.keep_days or None, "went": went}).data)


@extend_schema(tags=["me"])
class ExportView(PersonalView):
    @extend_schema(
        operation_id="export",
        summary="Everything that is kept of me",
        description="A zip of JSON and CSV files, with a README.txt that says what is what.",
        request=None,
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            **problem_responses((429, "throttled")),
        },
    )
    def post(self, request: Request) -> FileResponse:
        return FileResponse(
            export_write(user=listener_of(request)),
            as_attachment=True,
            filename=export_name(now=timezone.localtime()),
            content_type="application/zip",
        )


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
