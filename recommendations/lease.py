"""Doing a job alone, between any number of processes, by one conditional UPDATE."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from recommendations.models import Lease


def lease_renew(*, job: str, holder: uuid.UUID, lasts: timedelta) -> bool:
    """Hold on for `lasts` from now; False when another has taken over meanwhile."""
    mine = Lease.objects.filter(job=job, holder=holder)
    return bool(mine.update(until=timezone.now() + lasts))


def lease_until(*, job: str) -> datetime | None:
    """Until when somebody holds the job; None when it is free."""
    held = Lease.objects.filter(job=job, until__gt=timezone.now()).first()
    return held.until if held else None


@contextmanager
def lease(*, job: str, lasts: timedelta) -> Iterator[uuid.UUID | None]:
    """Hold the job for the block, or get None when another does.

    A holder that is killed loses the job when `lasts` have passed since it last renewed.
    """
    Lease.objects.get_or_create(job=job)
    now, holder = timezone.now(), uuid.uuid4()
    free = Lease.objects.filter(Q(until=None) | Q(until__lte=now), job=job)
    if not free.update(holder=holder, until=now + lasts):
        yield None
        return
    try:
        yield holder
    finally:
        Lease.objects.filter(job=job, holder=holder).update(holder=None, until=None)
