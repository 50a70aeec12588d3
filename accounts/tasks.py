"""What the default worker runs for accounts."""

from __future__ import annotations

from celery import shared_task

from accounts import services


@shared_task(name="accounts.tasks.clear_sessions")
def clear_sessions() -> None:
    """Forget sessions that have ended. Delivered again, it finds nothing to do."""
    services.sessions_clear()
