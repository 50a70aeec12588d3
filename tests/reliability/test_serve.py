"""`manage.py serve` itself: a calm second start, one per data directory, and no orphans."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.process import BASE_DIR, Stack, free_port, gone, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.slow]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: Any) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("serve") / "data")
    try:
        yield stack
    finally:
        stack.kill()


@pytest.fixture
def stack(prepared: Stack) -> Stack:
    """A stack that runs and is ready, whatever the test before did to it."""
    prepared.ensure_running()
    return prepared


def test_it_says_what_it_does_and_where_to_go(stack: Stack) -> None:
    wait_for(lambda: "is ready at" in stack.log, 10, "the announcement")

    lines = stack.log.splitlines()
    assert [line for line in lines if line.endswith("...")] == [
        "Preparing the database ...",
        "Collecting the pages' files ...",
        "Loading the demo catalogue ...",
        "Starting ...",
    ]
    assert f"MoodMusic is ready at {stack.url} (Ctrl-C stops it)." in lines
    assert "Traceback" not in stack.log


def test_the_same_data_directory_is_served_once(stack: Stack) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", str(free_port())],
        cwd=BASE_DIR,
        env=stack.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert result.returncode == 1
    assert "already runs with the data directory" in result.stderr
    assert str(stack.home) in result.stderr


def test_doctor_tells_the_state(stack: Stack) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=BASE_DIR,
        env=stack.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    for words in ("Python 3.11", "embedded://", "default@", "Songs", "Face finder"):
        assert words in result.stdout


def test_it_stops_in_time_even_while_tensorflow_loads_and_starts_again_in_seconds(
    stack: Stack,
) -> None:
    # Given a stack that was stopped
    assert stack.stop() < 5
    # When it starts again, nothing is prepared anew
    before = len(stack.log)
    stack.start()
    stack.wait()
    assert [line for line in stack.log[before:].splitlines() if line.endswith("...")] == [
        "Starting ..."
    ]
    # Then it can be stopped at once, though the inference worker is still busy loading
    processes = stack.descendants()
    assert stack.stop(signal.SIGTERM) < 5
    assert gone(processes)


def test_no_process_outlives_a_killed_supervisor_and_the_next_start_is_not_refused(
    stack: Stack,
) -> None:
    stack.wait("inference", "ready")
    processes = stack.descendants()

    stack.stop(signal.SIGKILL)

    wait_for(lambda: gone(processes), 10, "the orphans to stop")
    stack.ensure_running()
    assert stack.stop() < 5
