"""The whole product, as processes, in both ways to run: what a listener is promised."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest

from tests.process import Listener, Stack, gone, portrait_jpeg, service_settings, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(400)]

#: Seconds for a capture whose worker was killed: lease, sweep and a new TensorFlow.
REPAIR_S = 180.0


@pytest.fixture(
    scope="module", params=["embedded", pytest.param("services", marks=pytest.mark.services)]
)
def stack(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Stack]:
    with service_settings(request.param) as settings:
        stack = Stack(tmp_path_factory.mktemp(request.param) / "data", **settings)
        try:
            stack.ensure_running()
            stack.wait("inference", "ready")
            yield stack
        finally:
            stack.kill()


@pytest.fixture
def listener(stack: Stack) -> Listener:
    stack.ensure_running()
    listener = Listener(stack.url)
    listener.sign_up()
    return listener


def test_from_sign_up_to_a_reading_a_list_and_a_rating(stack: Stack, listener: Listener) -> None:
    # Without consent no face is read
    problem = listener.ask(
        "POST", "/captures", 403, files={"frames": ("a.jpg", portrait_jpeg(), "image/jpeg")}
    )
    assert problem["code"] == "consent_required"

    # With it, a face becomes a reading
    listener.consent()
    capture = listener.finished(listener.send(portrait_jpeg()))
    assert capture["state"] == "read", capture
    reading = capture["reading"]
    assert set(reading["probabilities"]) == {
        "angry", "disgust", "fear", "happy", "sad", "surprise", "neutral",
    }  # fmt: skip
    assert sum(reading["probabilities"].values()) == pytest.approx(1, abs=1e-3)
    assert not list((stack.home / "frames").rglob("*.jpg"))

    # The reading becomes a list of songs
    made = listener.ask("POST", "/lists", 201, json={"reading": reading["id"], "goal": "match"})
    assert len(made["songs"] if "songs" in made else made["items"]) == 20

    # A song is rated, and the rating is kept
    item = (made.get("songs") or made["items"])[0]
    song = item["song"]["id"] if isinstance(item["song"], dict) else item["song"]
    listener.ask("PUT", f"/songs/{song}/rating", 200, json={"stars": 5, "list": made["id"]})


def test_a_picture_without_a_face_is_refused_with_advice(listener: Listener) -> None:
    import io

    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 130, 140)).save(stream, "JPEG")
    listener.consent()

    capture = listener.finished(listener.send(stream.getvalue()))

    assert capture["state"] == "refused"
    assert capture["reading"] is None
    assert capture["advice"]


def test_a_worker_killed_while_reading_leaves_no_capture_behind(
    stack: Stack, listener: Listener
) -> None:
    listener.consent()
    frame = portrait_jpeg()
    worker = stack.child("celery", "inference")

    # Given captures of which the worker has begun with the first
    with ThreadPoolExecutor(5) as pool:
        captures = list(pool.map(lambda _: listener.send(frame), range(5)))
        # When it is killed with -9
        worker.kill()

    # Then every capture ends, without a person
    ended = [listener.finished(capture, REPAIR_S)["state"] for capture in captures]
    assert ended == ["read"] * 5
    assert stack.child("celery", "inference").pid != worker.pid
    assert not list((stack.home / "frames").rglob("*.jpg"))


def test_every_process_that_is_killed_comes_back(stack: Stack) -> None:
    stack.ensure_running()
    default = stack.child("celery", "default")
    beat = default.children(recursive=True)
    web = stack.child("gunicorn")

    default.kill()
    web.kill()

    wait_for(lambda: gone([default, web, *beat]), 10, "the killed processes and their children")
    time.sleep(1)
    stack.wait()
    assert stack.child("celery", "default").pid != default.pid
    assert stack.child("gunicorn").pid != web.pid


def test_ctrl_c_stops_everything_within_five_seconds(stack: Stack) -> None:
    stack.ensure_running()
    processes = stack.descendants()
    assert len(processes) >= 5

    seconds = stack.stop(signal.SIGINT, group=True)

    assert seconds < 5
    assert stack.process is not None
    assert stack.process.returncode == 0
    assert gone(processes)
    assert not [c for c in psutil.net_connections("tcp") if c.laddr and c.laddr.port == stack.port
                and c.status == psutil.CONN_LISTEN]  # fmt: skip
    assert "Traceback" not in stack.log
