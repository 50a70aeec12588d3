"""A real Celery worker inside the test process."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from celery.contrib.testing.worker import start_worker

from moodmusic.celery import app


@contextmanager
def worker_running(queues: Sequence[str], **options: Any) -> Iterator[Any]:
    """A Celery worker in a thread on these queues, which are empty when it starts."""
    with app.connection_for_write() as connection:
        for name in queues:
            app.amqp.queues[name](connection.default_channel).declare()
            app.amqp.queues[name](connection.default_channel).purge()
    # A worker sets the level of all loggers for good; the next tests read what is logged.
    root = logging.getLogger()
    level = root.level
    try:
        with start_worker(
            app, queues=list(queues), perform_ping_check=False, loglevel="ERROR", **options
        ) as worker:
            yield worker
    finally:
        root.setLevel(level)
