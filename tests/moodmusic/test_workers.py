"""Signs of life of a default worker that is too busy for its heartbeats."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import shared_task
from celery.worker import state

from moodmusic import beats, workers
from moodmusic.models import WorkerBeat
from tests.process import wait_for
from tests.workers import worker_running


@shared_task(name="tests.moodmusic.long_work")
def long_work(seconds: float) -> None:
    time.sleep(seconds)


class _Request:
    """What Celery keeps of a task at work."""

    def __init__(self, time_start: float | None) -> None:
        self.time_start = time_start


@pytest.fixture
def at_work(monkeypatch: pytest.MonkeyPatch) -> set[Any]:
    """Tasks that the worker is at; the test's own connection is not closed under it."""
    requests: set[Any] = set()
    monkeypatch.setattr(workers, "close_old_connections", lambda: None)
    monkeypatch.setattr(state, "active_requests", requests)
    return requests


@pytest.mark.parametrize(
    ("age_s", "beats_of"),
    [(130.0, 1), (workers.LONGEST_TASK_S + 1, 0), (None, 0)],
    ids=["long", "for ever", "not begun"],
)
def test_a_task_at_work_is_a_sign_of_life_unless_it_hangs(
    db: None, at_work: set[Any], age_s: float | None, beats_of: int
) -> None:
    at_work.add(_Request(age_s and time.time() - age_s))

    workers._beat_at_work("default@here")

    assert WorkerBeat.objects.filter(name="default@here").count() == beats_of


def test_an_idle_worker_is_not_vouched_for(db: None, at_work: set[Any]) -> None:
    workers._beat_at_work("default@here")

    assert not WorkerBeat.objects.exists()


@pytest.fixture
def busy_worker(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A worker with two threads, as `serve` starts it, that looks at itself ten times a second."""
    monkeypatch.setattr(beats, "INTERVAL_S", 0.1)
    monkeypatch.setattr(workers, "_timer_runs", False)
    with worker_running(["default"], pool="threads", concurrency=2) as worker:
        # Celery's worker for tests sends other signals than this one.
        workers._on_ready(sender=worker.consumer)
        yield worker


def test_a_worker_whose_threads_are_all_taken_goes_on_speaking(busy_worker: Any) -> None:
    wait_for(WorkerBeat.objects.exists, 20, "the first sign of life")
    for _thread in range(2):
        long_work.delay(3.0)
    wait_for(lambda: len(state.active_requests) == 2, 20, "both threads at work")
    WorkerBeat.objects.all().delete()

    beat = wait_for(WorkerBeat.objects.first, 2, "a sign of life while at work")

    assert (beat.role, beat.detail) == ("default", beats.READY)
    assert len(state.active_requests) == 2
