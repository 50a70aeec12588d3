"""Addresses that fail on purpose, for tests of what the API tells of failures."""

from __future__ import annotations

from typing import NoReturn

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest
from django.urls import path
from rest_framework.request import Request
from rest_framework.views import APIView

from moodmusic.problems import DomainError
from moodmusic.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]


class Fault(APIView):
    permission_classes = ()

    def get(self, request: Request) -> NoReturn:
        raise RuntimeError("the secret cause")


class Refusal(APIView):
    permission_classes = ()

    def get(self, request: Request) -> NoReturn:
        raise DomainError("too_many_waiting", "Wait for one to end.", 429, retry_after=7)


def fault(request: HttpRequest) -> NoReturn:
    raise RuntimeError("the secret cause")


def forbidden(request: HttpRequest) -> NoReturn:
    raise PermissionDenied


def malformed(request: HttpRequest) -> NoReturn:
    raise BadRequest


urlpatterns = [
    path("api/v1/fault", Fault.as_view()),
    path("api/v1/refusal", Refusal.as_view()),
    path("api/v1/plain/fault", fault),
    path("api/v1/plain/forbidden", forbidden),
    path("api/v1/plain/malformed", malformed),
    path("plain/forbidden", forbidden),
]
