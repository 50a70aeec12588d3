"""What nobody finished is finished here, and no frame outlives its capture."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from emotions.captures import (
    MAX_ATTEMPTS,
    UNFINISHED,
    capture_frames_delete,
    capture_give_up,
    capture_ring,
)
from emotions.frames import frames_delete, frames_left
from emotions.models import Capture

#: A pending capture is rung again when its last ring is this old ...
RING_AGAIN = timedelta(seconds=10)
#: ... and less and less often, for a broker that is only slow must not drown in rings.
RING_AGAIN_AT_MOST = timedelta(seconds=60)
#: A capture that nobody could finish in this time has failed: the listener has gone on, and a
#: picture must not lie about.
MAX_WAIT = timedelta(minutes=8)
#: Frames that no unfinished capture needs go at this age; younger ones may belong to a capture
#: that is being sent right now and has no row yet.
LEFTOVER_AGE = timedelta(minutes=2)


def captures_sweep() -> dict[str, int]:
    """Repair what a dead worker, a lost message or a full disk left behind.

    Run every few seconds; several at once do no harm.

    Returns
    -------
    How many captures were `returned` from an expired lease, `failed`, `rung` again, and how many
    folders of frames were `deleted`.
    """
    return {
        "returned": _return_expired(),
        "failed": _fail_hopeless(),
        "rung": _ring_stale(),
        "deleted": _delete_leftovers(),
    }


def _open() -> QuerySet[Capture]:
    """Captures that may still have frames: every unfinished one, and no other for long."""
    return Capture.objects.filter(frames_deleted_at=None)


def _return_expired() -> int:
    expired = _open().filter(
        state=Capture.State.RUNNING, lease_until__lt=timezone.now(), attempts__lt=MAX_ATTEMPTS
    )
    returned = 0
    for capture in expired:
        won = Capture.objects.filter(
            pk=capture.pk,
            state=Capture.State.RUNNING,
            attempts=capture.attempts,
            lease_until=capture.lease_until,
        ).update(state=Capture.State.PENDING, lease_until=None, rung_at=timezone.now())
        if won:
            capture_ring(capture.pk)
            returned += 1
    return returned


def _fail_hopeless() -> int:
    now = timezone.now()
    worn_out = _open().filter(
        state=Capture.State.RUNNING, lease_until__lt=now, attempts__gte=MAX_ATTEMPTS
    )
    failed = sum(capture_give_up(capture=capture, reason="failed") for capture in worn_out)
    forgotten = _open().filter(state=Capture.State.PENDING, created_at__lt=now - MAX_WAIT)
    failed += sum(
        capture_give_up(capture=capture, reason="waited_too_long") for capture in forgotten
    )
    return failed


def _ring_stale() -> int:
    now = timezone.now()
    rung = 0
    pending = _open().filter(state=Capture.State.PENDING, rung_at__lte=now - RING_AGAIN)
    for capture in pending:
        waited = capture.rung_at - capture.created_at
        if now - capture.rung_at < min(max(waited, RING_AGAIN), RING_AGAIN_AT_MOST):
            continue
        won = Capture.objects.filter(
            pk=capture.pk, state=Capture.State.PENDING, rung_at=capture.rung_at
        ).update(rung_at=now)
        if won:
            capture_ring(capture.pk)
            rung += 1
    return rung


def _delete_leftovers() -> int:
    finished = _open().exclude(state__in=UNFINISHED)
    deleted = 0
    for capture_id in finished.values_list("pk", flat=True):
        capture_frames_delete(capture_id=capture_id)
        deleted += 1
    for folder in _folders_unneeded():
        frames_delete(folder)
        deleted += 1
    return deleted


def _folders_unneeded() -> list[str]:
    limit = timezone.now() - LEFTOVER_AGE
    old = [folder for folder, written in frames_left() if written < limit]
    if not old:
        return []
    unfinished = _open().filter(state__in=UNFINISHED)
    needed = {str(capture_id) for capture_id in unfinished.values_list("pk", flat=True)}
    return [folder for folder in old if folder not in needed]
