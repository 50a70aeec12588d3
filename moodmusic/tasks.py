"""Tasks of the platform itself."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from moodmusic import beats


@shared_task(bind=True)
def heartbeat(self: Any) -> None:
    """Say that schedule, broker and default worker work together.

    Redelivery writes the same row again.
    """
    beats.beat_write(name=str(self.request.hostname), role="default", detail=beats.READY)
