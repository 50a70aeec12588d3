"""Captures and readings over the API."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle

from accounts.personal import PersonalView, listener_of
from emotions import selectors, services, uploads
from emotions.live import live_named
from emotions.models import Capture, Reading
from emotions.serializers import (
    CaptureSerializer,
    EmotionSerializer,
    FramesSerializer,
    HandSerializer,
    ReadingSerializer,
)
from moodmusic.api import problem_responses


class CapturesView(PersonalView):
    parser_classes = (MultiPartParser,)
    throttle_scope = "capture"

    def get_throttles(self) -> list[BaseThrottle]:
        return [ScopedRateThrottle()]

    @extend_schema(
        operation_id="capture_create",
        summary="Send a face to be read",
        description=(
            "Answers before the frames are read: poll the address in `Location` until `state` is "
            "`read`, `refused` or `failed`. The frames are deleted then. Needs the listener's "
            "consent (`PUT /me/consent`)."
        ),
        tags=["captures"],
        request={"multipart/form-data": FramesSerializer},
        responses={
            202: CaptureSerializer,
            **problem_responses(
                (400, "no_frames`, `too_many_frames`, `empty_file"),
                (403, "consent_required"),
                (409, "live_ended"),
                (413, "upload_too_large`, `too_many_pixels"),
                (415, "unsupported_type`, `animated"),
                (422, "damaged_image"),
                (429, "too_many_waiting`, `throttled"),
            ),
        },
        parameters=[
            OpenApiParameter(
                "Location",
                str,
                OpenApiParameter.HEADER,
                response=[202],
                description="Where to poll.",
            )
        ],
    )
    def post(self, request: Request) -> Response:
        user = listener_of(request)
        services.capture_permit(user=user)
        live = live_named(user=user, named=request.POST.get("live"))
        frames = uploads.frames_read(request.FILES.getlist("frames"))
        capture = services.capture_submit(user=user, frames=frames, live=live)
        return Response(
            CaptureSerializer(capture).data,
            status=202,
            headers={"Location": reverse("api_capture", args=[capture.pk])},
        )


class CaptureView(PersonalView):
    @extend_schema(
        operation_id="capture",
        summary="How a capture stands",
        tags=["captures"],
        responses=CaptureSerializer,
    )
    def get(self, request: Request, capture_id: UUID) -> Response:
        capture: Capture = get_object_or_404(
            selectors.captures_of(listener_of(request)), pk=capture_id
        )
        return Response(CaptureSerializer(capture).data)


@extend_schema(tags=["readings"])
class ReadingsView(PersonalView, GenericAPIView[Reading]):
    serializer_class = ReadingSerializer

    def get_queryset(self) -> QuerySet[Reading]:
        if getattr(self, "swagger_fake_view", False):
            return Reading.objects.none()
        return selectors.readings_of(listener_of(self.request))

    @extend_schema(
        operation_id="readings",
        summary="My readings, newest first",
        responses=ReadingSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="reading_create",
        summary="Pick a mood by hand",
        description=(
            "Give either an emotion or a point of the plane, `valence` and `arousal`. A point is "
            "kept as it is; the reading's label is the emotion nearest to it."
        ),
        request=HandSerializer,
        examples=[
            OpenApiExample("A word", value={"emotion": "happy"}, request_only=True),
            OpenApiExample("A point", value={"valence": 0.6, "arousal": -0.4}, request_only=True),
        ],
        responses={201: ReadingSerializer},
    )
    def post(self, request: Request) -> Response:
        given = HandSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said, user = given.validated_data, listener_of(request)
        if "emotion" in said:
            reading = services.reading_by_hand(user=user, emotion=said["emotion"])
        else:
            reading = services.reading_at_point(user=user, **said)
        return Response(
            ReadingSerializer(reading).data,
            status=201,
            headers={"Location": reverse("api_reading", args=[reading.pk])},
        )


@extend_schema(tags=["readings"])
class ReadingView(PersonalView):
    @extend_schema(
        operation_id="reading", summary="One reading of mine", responses=ReadingSerializer
    )
    def get(self, request: Request, reading_id: UUID) -> Response:
        return Response(ReadingSerializer(_reading(request, reading_id)).data)


@extend_schema(tags=["readings"])
class CorrectionView(PersonalView):
    @extend_schema(
        operation_id="reading_correct",
        summary="Say what it really is",
        description="Idempotent. The correction counts from now on; what was read stays visible.",
        request=EmotionSerializer,
        responses=ReadingSerializer,
    )
    def put(self, request: Request, reading_id: UUID) -> Response:
        reading = _reading(request, reading_id)
        reading = services.reading_correct(reading=reading, emotion=_emotion(request))
        return Response(ReadingSerializer(reading).data)

    @extend_schema(
        operation_id="reading_uncorrect",
        summary="Take a correction back",
        description="Idempotent.",
        responses={204: None},
    )
    def delete(self, request: Request, reading_id: UUID) -> Response:
        services.reading_uncorrect(reading=_reading(request, reading_id))
        return Response(status=204)


def _reading(request: Request, reading_id: UUID) -> Reading:
    found: Reading = get_object_or_404(selectors.readings_of(listener_of(request)), pk=reading_id)
    return found


def _emotion(request: Request) -> str:
    given = EmotionSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    emotion: str = given.validated_data["emotion"]
    return emotion
