"""The supervisor with small programs of its own: restarts, back-off, stopping what will not."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from moodmusic import supervisor
from moodmusic.supervisor import Child, Program, Supervisor
from tests.process import gone, wait_for


def program(code: str, name: str = "test") -> Program:
    return Program(name, [sys.executable, "-c", code], dict(os.environ))


SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"  # noqa: E501


@pytest.fixture(autouse=True)
def _signals() -> object:
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def test_a_dead_child_comes_back_with_growing_patience(caplog: pytest.LogCaptureFixture) -> None:
    child = Child(program("raise SystemExit(3)"))
    started: list[float] = []

    def tend() -> bool:
        pid = child.pid
        child.tend()
        if child.pid not in (None, pid):
            started.append(time.monotonic())
        return len(started) == 3

    wait_for(tend, 20, "three starts")

    assert child.back_off_s == 4 * supervisor.BACK_OFF_FIRST_S
    assert started[1] - started[0] >= supervisor.BACK_OFF_FIRST_S
    assert started[2] - started[1] >= 2 * supervisor.BACK_OFF_FIRST_S
    assert "test ended (exit status 3); starting it again in 0.5 s" in caplog.text
    child.signal_group(signal.SIGKILL)


def test_a_child_that_ran_long_starts_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STEADY_S", 0.0)
    child = Child(program("pass"))
    child.back_off_s = 16.0
    child.tend()
    assert child.process is not None
    child.process.wait(20)

    child.tend()

    assert child.start_at - time.monotonic() <= supervisor.BACK_OFF_FIRST_S


def test_what_a_dead_child_started_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import pathlib, subprocess, sys, time\n"
        f"p = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(p.pid))\n"
        "time.sleep(60)"
    )
    child = Child(program(code))
    child.tend()
    wait_for(lambda: note.exists() and note.read_text(), 20, "the grandchild")
    grandchild = psutil.Process(int(note.read_text()))

    child.signal(signal.SIGKILL)
    wait_for(lambda: child.tend() or child.process is None, 10, "the death to be noticed")

    wait_for(lambda: gone([grandchild]), 5, "the grandchild to be gone")


def test_a_signal_stops_all_and_what_will_not_is_killed() -> None:
    # Given one child that stops when asked and one that ignores it
    both = Supervisor([program(SLEEP, "good"), program(DEAF, "deaf")])
    timer = threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()

    # When the signal comes
    seen: list[psutil.Process] = []
    both._on_look = lambda _: seen.extend(
        psutil.Process(child.pid) for child in both.children if child.pid
    )
    started = time.monotonic()
    both.run()

    # Then both are gone in time
    assert time.monotonic() - started < 2.0 + 5.0
    assert len({process.pid for process in seen}) == 2
    assert gone(seen)
