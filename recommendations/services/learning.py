"""Keeping a listener's factors in step with the listener's events."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from moodmusic.enqueue import ring
from recommendations.community import listener_factors
from recommendations.history import history_of
from recommendations.models import Lease, Taste
from recommendations.services.retraining import JOB
from recommendations.store import STORE


def taste_refold(*, user_id: int) -> None:
    """Recompute a listener's factors from all events under the active model.

    Idempotent; of two at once the second waits on the row and sees the events of both. Nothing
    happens for a listener who is gone. Events that no refold has seen yet count towards the next
    training.
    """
    # Apart, so that no transaction holds a taste and the lease, which a training takes in turn.
    if new := _refold(user_id):
        events_count(new=new)


@transaction.atomic
def _refold(user_id: int) -> int:
    """The number of events that came in since the last time."""
    before = _events_locked(user_id)
    if before is None:
        return 0
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
    return max(0, history.events - before)


def _events_locked(user_id: int) -> int | None:
    """The number of events that the kept taste knows, its row locked; None for who is gone."""
    mine = Taste.objects.select_for_update().filter(user=user_id).values_list("events", flat=True)
    # One query but for the first time: a taste goes with its listener.
    if (events := mine.first()) is not None:
        return events
    if not User.objects.filter(pk=user_id).exists():
        return None
    Taste.objects.get_or_create(user_id=user_id)
    return mine.get()


@transaction.atomic
def events_count(*, new: int) -> None:
    """Count events, and ring for a training each time that enough have gathered.

    The row is locked between adding and looking, so that of many at once one rings. A lost
    message costs little: the next multiple rings again, and so does the clock.
    """
    from recommendations.tasks import retrain

    Lease.objects.get_or_create(job=JOB)
    mine = Lease.objects.filter(job=JOB)
    mine.update(waiting=F("waiting") + new)
    waiting = mine.get().waiting
    enough = settings.RETRAIN_EVENTS
    if waiting // enough > (waiting - new) // enough:
        ring(retrain)
