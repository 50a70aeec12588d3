"""Which workers the supervisor takes for deaf."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from moodmusic import beats, watch
from moodmusic.models import WorkerBeat
from moodmusic.supervisor import Child, Program
from moodmusic.watch import DEAF_S


@pytest.fixture
def child() -> Iterator[Child]:
    """A running worker that was started long ago."""
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    child = Child(Program("default", command, dict(os.environ)))
    child.start()
    child.started_at = time.monotonic() - 2 * DEAF_S
    yield child
    assert child.process is not None
    child.process.kill()
    child.process.wait()


def beat(age_s: float, detail: str = beats.READY) -> None:
    WorkerBeat.objects.create(
        name="default@here",
        role="default",
        detail=detail,
        at=timezone.now() - timedelta(seconds=age_s),
    )


def test_a_worker_that_fell_silent_is_deaf(db: None, child: Child) -> None:
    beat(DEAF_S + 5)

    assert watch._deaf([child]) == [child]


@pytest.mark.parametrize(("age_s", "detail"), [(5.0, beats.READY), (DEAF_S + 5, beats.WARMING)])
def test_a_worker_that_speaks_or_still_loads_is_left_alone(
    db: None, child: Child, age_s: float, detail: str
) -> None:
    beat(age_s, detail)

    assert watch._deaf([child]) == []


def test_a_worker_that_was_just_started_is_given_time(db: None, child: Child) -> None:
    beat(DEAF_S + 5)
    child.started_at = time.monotonic()

    assert watch._deaf([child]) == []


def test_a_deaf_worker_is_restarted(transactional_db: None, child: Child) -> None:
    beat(DEAF_S + 5)
    before = child.pid
    look = watch.Watch(port=1, say=print)

    class Supervised:
        children = [child]

    look(Supervised())  # type: ignore[arg-type]
    assert child.process is not None
    assert child.process.wait(5) == -9
    child.tend()  # notices
    child.start_at = 0
    child.tend()  # starts

    assert child.pid not in (None, before)
