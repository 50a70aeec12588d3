"""What the default worker does for recommendations."""

from __future__ import annotations

from celery import shared_task

from recommendations import services
from recommendations.beliefs.edits import edits_forget


@shared_task
def refold_taste(user_id: int) -> None:
    """Bring a listener's factors up to date. Redelivery recomputes the same."""
    services.taste_refold(user_id=user_id)


@shared_task
def retrain() -> None:
    """Train a new model when there are new events. Redelivery finds the lease held or no events."""
    services.model_retrain()


@shared_task
def forget_taste_edits() -> None:
    """Make changes of taste final that are too old to be taken back. Idempotent."""
    edits_forget()
