"""API views whose answer is a file."""

from __future__ import annotations

from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView


class FileView(APIView):
    # (A docstring would go into the schema.)

    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        # Players ask for audio, `format` names a file's format, and refusals are JSON: none of
        # them depends on what is said to be accepted.
        renderer = self.get_renderers()[0]
        return renderer, str(renderer.media_type)
