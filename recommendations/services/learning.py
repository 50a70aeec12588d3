"""Keeping a listener's factors in step with the listener's events."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from recommendations.community import listener_factors
from recommendations.history import history_of
from recommendations.models import Taste
from recommendations.store import STORE


@transaction.atomic
def taste_refold(*, user_id: int) -> None:
    """Recompute a listener's factors from all events under the active model.

    Idempotent; of two at once the second waits on the row and sees the events of both. Nothing
    happens for a listener who is gone.
    """
    if not User.objects.filter(pk=user_id).exists():
        return
    Taste.objects.get_or_create(user_id=user_id)
    Taste.objects.select_for_update().get(user_id=user_id)
    now = timezone.now()
    history = history_of(user_id=user_id, now=now)
    model = STORE.model()
    factors = listener_factors(history=history, model=model) if model else None
    Taste.objects.filter(user_id=user_id).update(
        model=model.version_id if model else None,
        factors=b"" if factors is None else factors.astype("<f4").tobytes(),
        events=history.events,
        through=history.latest,
        version=F("version") + 1,
        updated_at=now,
    )
