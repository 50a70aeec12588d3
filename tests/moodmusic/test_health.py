"""Liveness, readiness and metrics: values that follow from what the database holds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from moodmusic import beats, health
from moodmusic.models import WorkerBeat


def beat(name: str, role: str, detail: str = beats.READY, age_s: float = 0) -> WorkerBeat:
    return WorkerBeat.objects.create(
        name=name, role=role, detail=detail, at=timezone.now() - timedelta(seconds=age_s)
    )


@pytest.fixture
def song(db: None) -> Any:
    from catalog.models import Artist, Song

    artist = Artist.objects.create(name="Ada")
    return Song.objects.create(
        title="One", artist=artist, duration_s=60, licence="CC0-1.0", credit="Generated"
    )


def test_live_answers_without_a_database(client: Client) -> None:
    # No `db` fixture: pytest-django would refuse any query.
    response = client.get("/health/live")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_when_database_catalogue_broker_and_default_worker_are_there(
    client: Client, song: Any
) -> None:
    beat("default@here", "default")
    beat("inference-1@here", "inference", beats.WARMING)

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "reasons": [],
        "database": "ok",
        "catalogue": 1,
        "broker": "ok",
        "worker": "ready",
        "inference": "warming",
    }
    assert "no-store" in response["Cache-Control"]


def test_not_ready_says_every_reason(client: Client, db: None) -> None:
    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["ready"] is False
    assert response.json()["worker"] == "absent"
    assert response.json()["reasons"] == [
        "The catalogue has no songs: run `manage.py load_demo`.",
        "No default worker gave a sign of life in 30 s.",
    ]


def test_a_silent_worker_is_not_ready(client: Client, song: Any) -> None:
    beat("default@here", "default", age_s=beats.STALE_S + 1)

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["worker"] == "silent"


def test_one_living_worker_of_several_is_enough(song: Any) -> None:
    beat("default@gone", "default", age_s=600)
    beat("default@here", "default", age_s=3)

    state, age = beats.role_state(list(WorkerBeat.objects.all()), "default")

    assert state == "ready"
    assert age == pytest.approx(3, abs=1)


@pytest.mark.parametrize("detail", [beats.WARMING, beats.BROKEN])
def test_a_worker_that_cannot_read_yet_says_so(db: None, detail: str) -> None:
    beat("inference-1@here", "inference", detail)

    assert beats.role_state(list(WorkerBeat.objects.all()), "inference")[0] == detail


def test_a_database_that_is_away_is_a_reason_not_a_crash(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(WorkerBeat.objects, "all", refuse)
    monkeypatch.setattr(health.apps, "get_model", lambda *_: refuse())

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["database"] == "down"
    assert "The database does not answer: OperationalError." in response.json()["reasons"]


def test_metrics_count_captures_by_state_and_beats(client: Client, owner: Any, song: Any) -> None:
    from emotions.models import Capture

    Capture.objects.create(user=owner, frame_count=1)
    Capture.objects.create(user=owner, frame_count=1, state=Capture.State.READ)
    Capture.objects.create(user=owner, frame_count=1, state=Capture.State.READ)
    beat("default@here", "default", age_s=7)

    response = client.get("/metrics")

    lines = response.content.decode().splitlines()
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'moodmusic_captures{state="pending"} 1' in lines
    assert 'moodmusic_captures{state="read"} 2' in lines
    assert 'moodmusic_captures{state="failed"} 0' in lines
    assert "moodmusic_songs 1" in lines
    assert "moodmusic_lists 0" in lines
    (age,) = [line for line in lines if line.startswith("moodmusic_worker_beat_age_seconds{")]
    assert age.split(" ")[0].endswith('{name="default@here",role="default"}')
    assert 7 <= float(age.split(" ")[1]) < 10


def test_a_beat_is_one_row_per_worker_and_old_ones_are_dropped(db: None) -> None:
    beat("default@gone", "default", age_s=beats.FORGET.total_seconds() + 60)

    beats.beat_write(name="default@here", role="default", detail=beats.WARMING)
    beats.beat_write(name="default@here", role="default", detail=beats.READY)

    (row,) = WorkerBeat.objects.all()
    assert (row.name, row.detail) == ("default@here", "ready")


def test_a_worker_gives_signs_of_life(celery_worker: Any) -> None:
    from moodmusic.enqueue import ring
    from moodmusic.tasks import heartbeat
    from tests.process import wait_for

    ring(heartbeat)

    row = wait_for(lambda: WorkerBeat.objects.filter(role="default").first(), 10, "a heartbeat")
    assert beats.beat_age_s(row) < 10


def test_doctor_shows_no_password(
    db: None, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATABASE_URL = "postgres://me:hunter2@db.example/music"

    with suppress(SystemExit):  # the checks may have remarks here
        call_command("doctor")

    shown = capsys.readouterr().out
    assert "postgres://me:***@db.example/music" in shown
    assert "hunter2" not in shown


def test_nothing_of_a_listener_is_in_the_open_pages(
    client_of: Callable[[Any], Client], anonymous: Any, owner: Any
) -> None:
    for path in ("/health/live", "/health/ready", "/metrics"):
        assert owner.email not in client_of(anonymous).get(path).content.decode()
