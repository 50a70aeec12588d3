"""What workers run. Messages carry ids only, never pictures."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task

from emotions import services

logger = logging.getLogger(__name__)


@shared_task(name="emotions.tasks.read_capture")
def read_capture(capture_id: str) -> None:
    """Read one capture. Delivered again, it finds the capture taken or finished and returns."""
    services.capture_read(capture_id=UUID(capture_id))


@shared_task(name="emotions.tasks.sweep_captures")
def sweep_captures() -> None:
    """Repair captures and delete leftover frames. Delivered again, it finds nothing to do."""
    swept = services.captures_sweep()
    if any(swept.values()):
        logger.info("swept captures: %s", swept)
