"""Imports that a dead worker or a lost message left behind."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.models import ImportRun
from catalog.services.imports import MAX_ATTEMPTS, import_give_up, import_ring
from moodmusic.local import language_of

#: A pending import is rung again when its last ring is this old ...
RING_AGAIN = timedelta(seconds=30)
#: ... and less and less often: it may wait for another that takes hours.
RING_AGAIN_AT_MOST = timedelta(minutes=5)


def imports_sweep() -> dict[str, int]:
    """Ring for imports that nobody is at; several sweepers at once do no harm.

    Returns
    -------
    How many imports were `returned` from an expired lease, `failed` for having expired too often,
    and `rung` again.
    """
    now = timezone.now()
    done = {"returned": 0, "failed": 0, "rung": 0}
    for run in ImportRun.objects.filter(state=ImportRun.State.RUNNING, lease_until__lt=now):
        if run.attempts >= MAX_ATTEMPTS:
            with override(language_of(run.by)):
                words = _("Its worker was lost several times. Start it again to go on.")
            done["failed"] += import_give_up(run=run, message=words)
            continue
        won = ImportRun.objects.filter(
            pk=run.pk,
            state=ImportRun.State.RUNNING,
            attempts=run.attempts,
            lease_until=run.lease_until,
        ).update(state=ImportRun.State.PENDING, lease_until=None, rung_at=now)
        if won:
            import_ring(run.pk)
            done["returned"] += 1
    pending = ImportRun.objects.filter(state=ImportRun.State.PENDING, rung_at__lte=now - RING_AGAIN)
    for run in pending:
        waited = run.rung_at - run.created_at
        if now - run.rung_at < min(max(waited, RING_AGAIN), RING_AGAIN_AT_MOST):
            continue
        won = ImportRun.objects.filter(
            pk=run.pk, state=ImportRun.State.PENDING, rung_at=run.rung_at
        ).update(rung_at=now)
        if won:
            import_ring(run.pk)
            done["rung"] += 1
    return done
