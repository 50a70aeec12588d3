"""What a Celery worker does besides tasks: warming the network and giving signs of life."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery.signals import worker_ready
from celery.worker import state
from django.conf import settings
from django.db import DatabaseError, close_old_connections

logger = logging.getLogger(__name__)

_INFERENCE, _ANALYSIS = "inference", "analysis"
#: Seconds that one task may go on and still count as work: a folder of many thousands of songs
#: takes hours, a task that hangs would take for ever.
LONGEST_TASK_S = 6 * 3600.0
_timer_runs = False


@worker_ready.connect
def _on_ready(sender: Any, **kwargs: Any) -> None:
    """Give the first sign of life, and load the network where readings are made.

    Later signs of a default worker come from the task `moodmusic.tasks.heartbeat`, so they prove
    that schedule, broker and worker all work; while it is at other tasks, behind which heartbeats
    wait and expire, those tasks are its signs. An inference worker uses its consumer's timer, lest
    heartbeats wait behind faces; an analysis worker, which may be at one file for minutes, uses a
    thread. The signal is sent again after every reconnection.
    """
    global _timer_runs
    from moodmusic import beats

    queues = sender.app.amqp.queues.consume_from
    if _INFERENCE not in queues and _ANALYSIS not in queues:
        _beat(sender.hostname, "default", beats.READY)
        if not _timer_runs:
            _timer_runs = True
            sender.timer.call_repeatedly(beats.INTERVAL_S, _beat_at_work, (sender.hostname,))
        return
    if _timer_runs:
        return
    _timer_runs = True
    if _INFERENCE not in queues:
        threading.Thread(target=_beat_on, args=(sender.hostname,), daemon=True).start()
        return
    _beat(sender.hostname, _INFERENCE, beats.WARMING)
    detail = _warm_up()
    _beat(sender.hostname, _INFERENCE, detail)
    sender.timer.call_repeatedly(beats.INTERVAL_S, _beat, (sender.hostname, _INFERENCE, detail))


def _beat_at_work(name: str) -> None:
    """A sign of life of a default worker whose tasks keep it from its heartbeats."""
    from moodmusic import beats

    now = time.time()
    started = [request.time_start for request in list(state.active_requests)]
    if any(at is not None and now - at < LONGEST_TASK_S for at in started):
        _beat(name, "default", beats.READY)


def _beat_on(name: str) -> None:
    """Signs of life of an analysis worker for as long as its process lives."""
    from moodmusic import beats

    while True:
        _beat(name, _ANALYSIS, beats.READY)
        time.sleep(beats.INTERVAL_S)


def _warm_up() -> str:
    """Load the network; what to tell of it."""
    from emotions.inference import warm_up
    from moodmusic import beats

    try:
        with _native_notes_kept_apart():
            warm_up()
    except Exception:
        # The worker goes on: it must still fail the captures it is given, with a reason.
        logger.exception("the expression network could not be loaded")
        return beats.BROKEN
    return beats.READY


@contextmanager
def _native_notes_kept_apart() -> Iterator[None]:
    """Send what C++ code prints to a file: TensorFlow's notes on start-up have no off switch."""
    kept = os.dup(2)
    with (settings.DATA_DIR / "tensorflow.log").open("wb") as notes:
        os.dup2(notes.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _beat(name: str, role: str, detail: str) -> None:
    """One sign of life; a database that is away must not stop the worker."""
    from moodmusic import beats

    close_old_connections()
    try:
        beats.beat_write(name=name, role=role, detail=detail)
    except DatabaseError as error:
        logger.warning("could not write a sign of life of %s: %s", name, error)
    finally:
        close_old_connections()
