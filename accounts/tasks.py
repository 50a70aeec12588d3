"""What the default worker runs for accounts."""

from __future__ import annotations

from celery import shared_task

from accounts import keeping, services


@shared_task(name="accounts.tasks.clear_sessions")
def clear_sessions() -> None:
    """Forget sessions that have ended. Delivered again, it finds nothing to do."""
    services.sessions_clear()


@shared_task(name="accounts.tasks.purge_moods")
def purge_moods() -> None:
    """Let go of moods older than their listeners keep them. Again, it finds nothing to do."""
    keeping.moods_purge_all()
