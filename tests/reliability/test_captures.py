"""Every capture ends, whatever happens to workers, messages and broker; and its frames with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from accounts.services import consent_grant
from emotions import services
from emotions.models import Capture, Reading
from tests.emotions import pictures
from tests.emotions.storage import files_in, private_frames
from tests.factories import UserFactory
from tests.reliability.inference_worker import LEASE

ROOT = Path(__file__).resolve().parent.parent.parent

Start = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def data_dir(tmp_path: Path, settings: Any) -> Path:
    """The data directory of the workers, whose frames this process shares."""
    private_frames(settings, tmp_path / "frames")
    return tmp_path


@pytest.fixture
def broker(data_dir: Path) -> Iterator[None]:
    """Rings of this process go to the embedded broker of the workers."""
    from moodmusic.celery import app

    def use(url: str, options: dict[str, Any]) -> None:
        app.conf.update(broker_write_url=url, broker_transport_options=options)
        app._pool = app.amqp._producer_pool = None  # the next message opens a new connection

    kept = app.conf.broker_transport_options
    use("embedded://", {"folder": str(data_dir / "broker")})
    yield
    use("memory://", kept)


@pytest.fixture
def start(data_dir: Path, transactional_db: None, broker: None) -> Iterator[Start]:
    """Start a worker of the given manner; all of them are killed at the end."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MOODMUSIC_")},
        "MOODMUSIC_DATA_DIR": str(data_dir),
        "MOODMUSIC_BROKER_URL": "embedded://",
        "DATABASE_URL": url,
    }
    started: list[subprocess.Popen[bytes]] = []

    def run(manner: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.reliability.inference_worker", manner]
        log = (data_dir / f"worker-{len(started)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [*command, str(data_dir / "marker")],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait(timeout=10)


def submitted() -> Capture:
    """A capture of a consenting listener, committed and rung."""
    user = UserFactory()
    consent_grant(user=user)
    return services.capture_submit(user=user, frames=[pictures.jpeg()])


def until(condition: Callable[[], Any], *, seconds: float = 60) -> None:
    """Wait for a condition, or fail."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def sweeping(capture: Capture) -> bool:
    """One sweep; whether the capture has ended."""
    services.captures_sweep()
    capture.refresh_from_db()
    return capture.finished


def readings_begun(data_dir: Path) -> int:
    marker = data_dir / "marker"
    return len(marker.read_text().splitlines()) if marker.exists() else 0


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lost messages are rung again after one second, not ten."""
    monkeypatch.setattr("emotions.sweeping.RING_AGAIN", timedelta(seconds=1))


@pytest.mark.stack
def test_a_worker_killed_in_the_middle_loses_nothing(
    start: Start, data_dir: Path, hasty: None
) -> None:
    # Given a worker that is in the middle of a capture
    capture = submitted()
    killed = start("hang")
    until(lambda: readings_begun(data_dir) == 1)
    capture.refresh_from_db()
    assert (capture.state, capture.attempts) == ("running", 1)

    # When it is killed with -9 and another one is there
    killed.send_signal(signal.SIGKILL)
    killed.wait(timeout=10)
    start("smile")
    until(lambda: sweeping(capture))

    # Then the capture was read at its second attempt, once, and its frame is gone
    assert (capture.state, capture.attempts) == ("read", 2)
    assert Reading.objects.filter(capture=capture).count() == 1
    until(lambda: files_in(data_dir / "frames") == [], seconds=5)


@pytest.mark.stack
def test_a_frame_that_kills_every_worker_ends_in_words(
    start: Start, data_dir: Path, hasty: None
) -> None:
    # Given a frame that kills the process that reads it, and a supervisor that starts another
    capture = submitted()
    worker = start("die")

    def supervised() -> bool:
        nonlocal worker
        if worker.poll() is not None:
            worker = start("die")
        return sweeping(capture)

    # When time passes
    until(supervised, seconds=120)

    # Then it was tried three times and failed, with nothing left of it
    assert (capture.state, capture.reason, capture.attempts) == ("failed", "failed", 3)
    assert readings_begun(data_dir) == 3
    assert files_in(data_dir / "frames") == []
    assert not Reading.objects.exists()


@pytest.mark.stack
def test_an_error_each_time_ends_after_three_and_the_next_capture_is_read(
    start: Start, data_dir: Path, hasty: None
) -> None:
    # Given a worker whose reading always breaks
    capture = submitted()
    broken = start("raise")
    until(lambda: sweeping(capture))

    # Then the capture has failed after three attempts, and the worker lives on
    assert (capture.state, capture.reason, capture.attempts) == ("failed", "failed", 3)
    assert broken.poll() is None
    until(lambda: files_in(data_dir / "frames") == [], seconds=5)
    # And its log tells what broke, and nothing of the picture
    log = (data_dir / "worker-0.log").read_bytes()
    assert b"this frame is poison" in log
    assert pictures.jpeg()[:10] not in log
    assert repr(pictures.jpeg()[:10])[2:-1].encode() not in log


@pytest.mark.stack
def test_messages_delivered_many_times_read_once(start: Start, data_dir: Path) -> None:
    from emotions.tasks import read_capture

    # Given a capture rung twenty times, and a message for one that does not exist
    capture = submitted()
    read_capture.apply_async(args=["00000000-0000-0000-0000-000000000000"])
    for _ in range(20):
        read_capture.apply_async(args=[str(capture.pk)])

    # When two workers take the messages
    workers = [start("smile"), start("smile")]
    until(lambda: not list((data_dir / "broker").rglob("*.json")))
    until(lambda: sweeping(capture))

    # Then it was read once, and both workers live
    assert (capture.state, capture.attempts) == ("read", 1)
    assert readings_begun(data_dir) == 1
    assert Reading.objects.count() == 1
    assert [worker.poll() for worker in workers] == [None, None]


@pytest.mark.stack
def test_messages_hold_the_id_and_no_picture(
    data_dir: Path, transactional_db: None, broker: None
) -> None:
    # When a capture is submitted
    capture = submitted()

    # Then its message names it, and is too short for any picture
    (message,) = (data_dir / "broker").rglob("*.json")
    text = message.read_text()
    assert len(text) < 2000
    assert str(capture.pk) in text or "body" in text
    assert "/9j/" not in text


def test_a_broker_that_is_down_costs_nothing_but_time(
    data_dir: Path, start: Start, hasty: None, caplog: pytest.LogCaptureFixture
) -> None:
    # Given a broker whose folder cannot be written
    (data_dir / "broker").write_text("in the way")

    # When a capture is submitted, then it is accepted, and the log says that nobody was rung
    capture = submitted()
    capture.refresh_from_db()
    assert capture.state == "pending"
    assert "could not ring" in caplog.text

    # And once the broker is back, the sweeper rings and it is read
    (data_dir / "broker").unlink()
    start("smile")
    until(lambda: sweeping(capture))
    assert capture.state == "read"


def test_leases_outlast_the_test_workers() -> None:
    # The workers above shorten the lease only for themselves.
    from emotions.captures import LEASE as REAL

    assert LEASE < REAL
    assert settings.CELERY_TASK_ACKS_LATE is True
