"""Ringing workers: after commit, and never at the request's expense."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.db import transaction

from moodmusic.enqueue import ring
from tests.process import REDIS, free_port, fresh_redis


def app_on(broker: str) -> Celery:
    app = Celery("test", broker=broker, set_as_current=False)
    app.conf.update(
        broker_transport_options=settings.REDIS_TRANSPORT_OPTIONS,
        task_default_queue="bells",
        task_ignore_result=True,
        task_publish_retry=False,
    )
    return app


@pytest.fixture
def make_task() -> Iterator[Callable[[str], Any]]:
    apps = []

    def make(broker: str) -> Any:
        app = app_on(broker)
        apps.append(app)

        @app.task(name="bell", shared=False)
        def bell(*ids: str) -> None:
            """Rings."""

        return bell

    yield make
    for app in apps:
        app.close()


def test_a_bell_rings_only_when_the_row_is_committed(
    db: None, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[Any] = []

    class Bell:
        name = "bell"

        def apply_async(self, *, args: Any, retry: bool) -> None:
            rung.append((args, retry))

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        ring(Bell(), "a", 1)
        assert rung == []
    assert rung == [(("a", 1), False)]


def test_a_broker_that_is_down_costs_less_than_a_second_and_no_request(
    db: None,
    django_capture_on_commit_callbacks: Any,
    make_task: Callable[[str], Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    # Given a Redis that is not there
    bell = make_task(f"redis://127.0.0.1:{free_port()}/0")

    took = []
    for _ in range(3):  # the first one also imports the client library
        started = time.monotonic()
        with (
            caplog.at_level(logging.WARNING, logger="moodmusic.enqueue"),
            django_capture_on_commit_callbacks(execute=True),
        ):
            ring(bell, "capture-1")
        took.append(time.monotonic() - started)

    assert min(took) < 1
    assert "could not ring bell for ('capture-1',)" in caplog.text


@pytest.mark.services
def test_a_redis_that_answers_gets_the_bell(
    db: None, django_capture_on_commit_callbacks: Any, make_task: Callable[[str], Any]
) -> None:
    import redis

    with fresh_redis() as url:
        assert url.startswith(REDIS)
        with django_capture_on_commit_callbacks(execute=True):
            ring(make_task(url), "capture-1")

        assert redis.Redis.from_url(url).llen("bells") == 1
