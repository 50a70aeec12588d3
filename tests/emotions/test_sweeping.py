"""The sweeper: what was lost is rung again, what is hopeless ends, and no frame is left over."""

from __future__ import annotations

import os
import time
import uuid
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from emotions import services
from emotions.captures import MAX_ATTEMPTS
from emotions.frames import frames_write
from emotions.models import Capture
from emotions.sweeping import LEFTOVER_AGE, MAX_WAIT
from tests.emotions import pictures
from tests.emotions.factories import SMILE_READ, CaptureFactory
from tests.emotions.storage import files_in

pytestmark = pytest.mark.django_db

NOTHING = {"returned": 0, "failed": 0, "rung": 0, "deleted": 0}


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the captures the worker was rung for, instead of a message to a broker."""
    from emotions.tasks import read_capture

    ids: list[str] = []
    monkeypatch.setattr(read_capture, "apply_async", lambda args, **_: ids.extend(args))
    return ids


@pytest.fixture
def sweep(django_capture_on_commit_callbacks: Any) -> Any:
    """Sweep, then do what was put off until the commit."""

    def run() -> dict[str, int]:
        with django_capture_on_commit_callbacks(execute=True):
            return services.captures_sweep()

    return run


def aged(folder: Path, age: timedelta) -> None:
    """Make all files of a folder look that old."""
    then = time.time() - age.total_seconds()
    for path in folder.iterdir():
        os.utime(path, (then, then))


def running(*, attempts: int = 1, lease: timedelta, **values: Any) -> Capture:
    return CaptureFactory(
        state="running", attempts=attempts, lease_until=timezone.now() + lease, **values
    )


def test_nothing_to_do_is_nothing_done(sweep: Any, rung: list[str]) -> None:
    # Given a capture just sent, one being read, and finished ones
    CaptureFactory()
    running(lease=timedelta(seconds=20))
    for state in ("read", "refused", "failed"):
        CaptureFactory(state=state, frames_deleted_at=timezone.now(), age=timedelta(days=1))
    before = list(Capture.objects.order_by("pk").values())

    assert sweep() == NOTHING
    assert rung == []
    assert list(Capture.objects.order_by("pk").values()) == before


def test_an_expired_lease_is_returned_and_rung_once(sweep: Any, rung: list[str]) -> None:
    # Given a worker that died two seconds after its lease
    capture = running(lease=timedelta(seconds=-2))

    # When two sweeps come
    assert sweep() == NOTHING | {"returned": 1}
    assert sweep() == NOTHING

    # Then it waits for its second attempt, with one ring, and the dead worker cannot come back
    capture.refresh_from_db()
    assert (capture.state, capture.attempts, capture.lease_until) == ("pending", 1, None)
    assert rung == [str(capture.pk)]
    assert not services.capture_complete(capture_id=capture.pk, attempt=1, outcome=SMILE_READ)


def test_the_third_expired_lease_ends_it(sweep: Any, rung: list[str], frames_folder: Path) -> None:
    capture = running(attempts=MAX_ATTEMPTS, lease=timedelta(seconds=-2))
    frames_write(capture.pk, [pictures.jpeg()])

    assert sweep()["failed"] == 1

    capture.refresh_from_db()
    assert (capture.state, capture.reason) == ("failed", "failed")
    assert rung == []
    assert files_in(frames_folder) == []


@pytest.mark.parametrize(
    ("waited", "since_ring", "again"),
    [
        (9, 9, False),
        (11, 11, True),
        (60, 25, False),
        (60, 35, True),
        (400, 59, False),
        (400, 61, True),
    ],
)
def test_a_waiting_capture_is_rung_again_ever_less_often(
    sweep: Any, rung: list[str], waited: int, since_ring: int, again: bool
) -> None:
    # Given a capture whose message was lost, or whose worker is not there yet
    now = timezone.now()
    capture = CaptureFactory()
    Capture.objects.filter(pk=capture.pk).update(
        created_at=now - timedelta(seconds=waited), rung_at=now - timedelta(seconds=since_ring)
    )

    # When two sweeps come, then at most one of them rings
    assert sweep()["rung"] == int(again)
    assert sweep()["rung"] == 0
    assert rung == [str(capture.pk)] * again
    capture.refresh_from_db()
    assert (capture.state, capture.attempts) == ("pending", 0)


def test_a_capture_nobody_reads_ends_with_a_reason(
    sweep: Any, rung: list[str], frames_folder: Path
) -> None:
    # Given a capture that has waited too long, its frames with it, and a younger one
    old = CaptureFactory(age=MAX_WAIT + timedelta(seconds=1))
    frames_write(old.pk, [pictures.jpeg()])
    young = CaptureFactory(age=MAX_WAIT - timedelta(seconds=20))

    assert sweep()["failed"] == 1

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.state, old.reason) == ("failed", "waited_too_long")
    assert old.frames_deleted_at is not None
    assert young.state == "pending"
    assert files_in(frames_folder) == []


def test_frames_of_an_unfinished_capture_are_never_touched(
    sweep: Any, rung: list[str], frames_folder: Path
) -> None:
    # Given frames far older than leftovers may be, of captures that still need them
    waiting, reading = CaptureFactory(), running(lease=timedelta(seconds=20))
    for capture in (waiting, reading):
        frames_write(capture.pk, [pictures.jpeg()])
        aged(frames_folder / str(capture.pk), timedelta(hours=1))

    assert sweep()["deleted"] == 0
    assert len(files_in(frames_folder)) == 4


def test_leftovers_are_deleted(sweep: Any, rung: list[str], frames_folder: Path) -> None:
    # Given frames of a finished capture whose deletion failed, of an erased listener,
    # of nobody, and of a capture that is being sent right now
    finished = CaptureFactory(state="read", finished_at=timezone.now())
    erased, sending = uuid.uuid4(), uuid.uuid4()
    for key in (finished.pk, erased, sending):
        frames_write(key, [pictures.jpeg()])
    (frames_folder / "lost+found").mkdir()
    (frames_folder / "lost+found" / "0.jpg").write_bytes(b"x")
    for name in (str(erased), "lost+found"):
        aged(frames_folder / name, LEFTOVER_AGE + timedelta(seconds=1))

    # When the sweeper comes
    assert sweep()["deleted"] == 3

    # Then only the one being sent is left, and the finished one is marked
    assert files_in(frames_folder) == [str(sending), f"{sending}/0.jpg"]
    finished.refresh_from_db()
    assert finished.frames_deleted_at is not None


def test_a_missing_folder_of_frames_is_fine(sweep: Any, frames_folder: Path) -> None:
    assert not frames_folder.exists()
    assert sweep() == NOTHING


# --- assert_no_images -----------------------------------------------------------------------------


def judged() -> str:
    out = StringIO()
    call_command("assert_no_images", stdout=out)
    return out.getvalue()


def test_the_proof_holds_while_a_young_capture_waits() -> None:
    waiting = CaptureFactory()
    frames_write(waiting.pk, [pictures.jpeg()])
    CaptureFactory(state="read", finished_at=timezone.now(), frames_deleted_at=timezone.now())
    assert judged() == (
        "captures: 1 finished, 1 unfinished\n"
        "stored frames: 1 captures' frames, 0 of finished captures, 0 older than 10 minutes\n"
        "No picture was kept.\n"
    )


def test_a_frame_of_a_finished_capture_breaks_the_proof() -> None:
    # Given a capture that claims its frames were deleted, and they were not
    then = timezone.now() - timedelta(minutes=1)
    capture = CaptureFactory(state="refused", finished_at=then, frames_deleted_at=then)
    frames_write(capture.pk, [pictures.jpeg()])

    with pytest.raises(CommandError, match="Pictures were kept"):
        judged()


def test_an_old_frame_breaks_the_proof(frames_folder: Path) -> None:
    stray = uuid.uuid4()
    frames_write(stray, [pictures.jpeg()])
    aged(frames_folder / str(stray), timedelta(minutes=11))

    with pytest.raises(CommandError, match="Pictures were kept"):
        judged()
