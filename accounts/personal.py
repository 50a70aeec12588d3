"""API views about one listener."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from moodmusic.file_view import FileView


def listener_of(request: Request) -> User:
    """The user of a request that the permission class has let in."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - IsAuthenticated stands before every API view
    return user


class PersonalView(APIView):
    # Answers about one listener, which no cache may keep. (A docstring would go into the schema.)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.setdefault("Cache-Control", "no-store")
        return response


class PersonalFileView(FileView, PersonalView):
    # A file about one listener, which no cache may keep.
    pass
