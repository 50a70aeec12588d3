"""A capture's way from what was sent to a reading or a refusal.

The row is the truth and the broker only a doorbell. Every step is one conditional UPDATE that
names the state and the attempt it expects, so a message delivered twice, a worker that comes
back late or two sweepers at once change nothing. States:

    pending -> running -> read | refused | failed
       ^          |
       +----------+   an error, or a lease that ran out; at most MAX_ATTEMPTS runs
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import consent_standing
from emotions.frames import frames_delete, frames_load, frames_write
from emotions.inference import Outcome, read_frames
from emotions.models import Capture, LiveSession, Reading
from emotions.personal import values_read
from moodmusic.enqueue import ring
from moodmusic.problems import DomainError

logger = logging.getLogger(__name__)

#: How long a worker may work on a capture before it is taken for dead.
LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 3
#: Unfinished captures of one listener.
MAX_WAITING = 5
UNFINISHED = (Capture.State.PENDING, Capture.State.RUNNING)


def capture_permit(*, user: User) -> None:
    """Check whether this listener may send frames now.

    Raises
    ------
    DomainError
        consent_required 403, too_many_waiting 429.
    """
    if not consent_standing(user=user):
        raise DomainError(
            "consent_required",
            _("Reading a face needs your consent first. You can also pick your mood by hand."),
            403,
        )
    if Capture.objects.filter(user=user, state__in=UNFINISHED).count() >= MAX_WAITING:
        raise DomainError(
            "too_many_waiting",
            _("Several of your pictures are still waiting to be read. Try again in a moment."),
            429,
            retry_after=5,
        )


def capture_submit(*, user: User, frames: list[bytes], live: LiveSession | None = None) -> Capture:
    """Store a capture with its frames, and ring the worker once that is committed.

    Parameters
    ----------
    frames : 1-8 clean JPEGs from `emotions.uploads.frames_read`.
    live : the listener's running live session that they belong to.

    Raises
    ------
    DomainError
        consent_required 403, too_many_waiting 429; nothing is stored then.
    """
    capture_permit(user=user)
    capture = Capture(user=user, frame_count=len(frames), live=live)
    try:
        with transaction.atomic():
            # Requests of one listener take turns here, so that the limit holds.
            User.objects.select_for_update().get(pk=user.pk)
            capture_permit(user=user)
            capture.save(force_insert=True)
            frames_write(capture.pk, frames)
            capture_ring(capture.pk)
    except BaseException:
        frames_delete(capture.pk)
        raise
    return capture


def capture_ring(capture_id: UUID) -> None:
    """Ask the inference worker for this capture, after commit."""
    from emotions.tasks import read_capture  # the tasks call these services

    ring(read_capture, str(capture_id))


def capture_claim(*, capture_id: UUID) -> Capture | None:
    """Take a pending capture for `LEASE`; None when there is nothing to do.

    Nothing to do: the row is gone, finished, or another worker has it, or the listener has
    withdrawn consent (the capture is then refused unread).
    """
    capture = Capture.objects.select_related("user").filter(pk=capture_id).first()
    if capture is None:
        frames_delete(capture_id)  # its listener was erased while it waited
        return None
    seen = capture.attempts
    capture.state, capture.attempts = Capture.State.RUNNING, seen + 1
    capture.lease_until = timezone.now() + LEASE
    claimed = Capture.objects.filter(
        pk=capture_id, state=Capture.State.PENDING, attempts=seen
    ).update(state=capture.state, attempts=capture.attempts, lease_until=capture.lease_until)
    if not claimed:
        return None
    if not consent_standing(user=capture.user):
        capture_refuse(capture_id=capture_id, attempt=capture.attempts, reason="consent_withdrawn")
        return None
    return capture


def capture_read(*, capture_id: UUID) -> None:
    """Claim a capture, read its frames and end it; what the worker does for one message.

    Safe to run any number of times for one capture. An error gives the capture back; the sweeper
    rings it again a little later, and after MAX_ATTEMPTS it has failed.
    """
    capture = capture_claim(capture_id=capture_id)
    if capture is None:
        return
    attempt = capture.attempts
    try:
        outcome = read_frames(frames_load(capture_id, capture.frame_count))
    except FileNotFoundError:
        logger.warning("capture %s has lost its frames", capture_id)
        capture_refuse(capture_id=capture_id, attempt=attempt, reason="unreadable")
    except Exception:
        # Whatever broke, the listener must not wait for ever.
        logger.exception("could not read capture %s, attempt %d", capture_id, attempt)
        capture_release(capture_id=capture_id, attempt=attempt)
    else:
        capture_complete(capture_id=capture_id, attempt=attempt, outcome=outcome)


def capture_complete(*, capture_id: UUID, attempt: int, outcome: Outcome) -> bool:
    """End a capture with its reading, or with the refusal the outcome names.

    Returns
    -------
    False, and nothing is changed, when `attempt` no longer holds the capture.
    """
    if outcome.reason:
        return capture_refuse(
            capture_id=capture_id,
            attempt=attempt,
            reason=outcome.reason,
            faces_seen=outcome.faces_seen,
        )
    with transaction.atomic():
        held = _held(capture_id, attempt)
        if not _end(held, capture_id, Capture.State.READ, faces_seen=outcome.faces_seen):
            return False
        user_id, live_id = Capture.objects.values_list("user_id", "live_id").get(pk=capture_id)
        Reading.objects.create(
            user_id=user_id,
            live_id=live_id,
            capture_id=capture_id,
            source=Reading.Source.FACE,
            model_version=outcome.model_version,
            burst=outcome.burst,
            **values_read(user_id=user_id, outcome=outcome),
        )
    return True


def capture_refuse(*, capture_id: UUID, attempt: int, reason: str, faces_seen: int = 0) -> bool:
    """End a capture without a reading, for a reason that lies in its frames.

    Returns
    -------
    False, and nothing is changed, when `attempt` no longer holds the capture.
    """
    with transaction.atomic():
        return _end(
            _held(capture_id, attempt),
            capture_id,
            Capture.State.REFUSED,
            reason=reason,
            faces_seen=faces_seen,
        )


def capture_fail(*, capture_id: UUID, attempt: int, reason: str = "failed") -> bool:
    """End a capture without a reading, for a reason that lies with us.

    Returns
    -------
    False, and nothing is changed, when `attempt` no longer holds the capture.
    """
    with transaction.atomic():
        held = _held(capture_id, attempt)
        return _end(held, capture_id, Capture.State.FAILED, reason=reason)


def capture_release(*, capture_id: UUID, attempt: int) -> bool:
    """Give a capture back after an error, or fail it when this was its last attempt.

    It is not rung at once: the sweeper does so after a pause, in which the cause may pass.

    Returns
    -------
    False, and nothing is changed, when `attempt` no longer holds the capture.
    """
    if attempt >= MAX_ATTEMPTS:
        return capture_fail(capture_id=capture_id, attempt=attempt)
    return bool(
        _held(capture_id, attempt).update(
            state=Capture.State.PENDING, lease_until=None, rung_at=timezone.now()
        )
    )


def capture_give_up(*, capture: Capture, reason: str) -> bool:
    """Fail a capture that nobody finishes, exactly as the caller saw it.

    Returns
    -------
    False, and nothing is changed, when it has moved on since.
    """
    with transaction.atomic():
        as_seen = Capture.objects.filter(
            pk=capture.pk,
            state=capture.state,
            attempts=capture.attempts,
            lease_until=capture.lease_until,
        )
        return _end(as_seen, capture.pk, Capture.State.FAILED, reason=reason)


def capture_frames_delete(*, capture_id: UUID) -> None:
    """Delete the frames of a finished capture and note when."""
    frames_delete(capture_id)
    Capture.objects.filter(pk=capture_id).update(frames_deleted_at=timezone.now())


def _held(capture_id: UUID, attempt: int) -> Any:
    return Capture.objects.filter(pk=capture_id, state=Capture.State.RUNNING, attempts=attempt)


def _end(rows: Any, capture_id: UUID, state: Capture.State, **values: Any) -> bool:
    """Move the one expected row to a final state; its frames go as soon as that is committed."""
    ended = rows.update(state=state, finished_at=timezone.now(), lease_until=None, **values)
    if ended:
        # A failure here is logged, and the sweeper deletes the frames instead.
        transaction.on_commit(partial(capture_frames_delete, capture_id=capture_id), robust=True)
    return bool(ended)
