"""Starting the product's real processes from a test, and talking to them as a phone would."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import requests

from accounts.consent import CURRENT

BASE_DIR = Path(__file__).resolve().parent.parent
POSTGRES = "postgres://postgres@127.0.0.1:5432"
REDIS = "redis://127.0.0.1:6379"
#: Seconds; starting on two busy cores, TensorFlow included.
START_S = 180.0


def clean_environment(home: Path, **settings: str) -> dict[str, str]:
    """The caller's environment without product settings, plus `settings`.

    The face finder is the caller's where one was given, else the built-in one: tests fetch
    nothing from the network.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MOODMUSIC_") and name not in {"DATABASE_URL", "CACHE_URL"}
    }
    environment |= {
        "DJANGO_SETTINGS_MODULE": "moodmusic.settings",
        "MOODMUSIC_DATA_DIR": str(home),
        "MOODMUSIC_FACE_DETECTOR_MODEL": str(home / "none.onnx"),
    }
    for name in ("MOODMUSIC_FACE_DETECTOR_MODEL", "MOODMUSIC_EMOTION_WEIGHTS"):
        if os.environ.get(name):
            environment[name] = os.environ[name]
    return environment | settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: Callable[[], Any], seconds: float, words: str) -> Any:
    """The first truthy answer of `what`; AssertionError with `words` when none comes in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = what()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:g} s for {words}")


class Stack:
    """`manage.py serve` with its children, in a session of its own."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = clean_environment(home, **settings)
        self.log_path = home.parent / f"{home.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    def start(self) -> None:
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def ensure_running(self) -> None:
        """Start it unless it runs, and wait until it is ready."""
        if self.process is None or self.process.poll() is not None:
            self.start()
        self.wait()

    def health(self) -> dict[str, Any]:
        """What /health/ready says; {} while nothing answers."""
        try:
            answer: dict[str, Any] = requests.get(f"{self.url}/health/ready", timeout=5).json()
        except (requests.RequestException, ValueError):
            return {}
        return answer

    def wait(self, key: str = "ready", value: Any = True, seconds: float = START_S) -> None:
        """Wait until /health/ready says `value` for `key`."""

        def look() -> bool:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"serve ended with {self.process.returncode}:\n{self.log}")
            return self.health().get(key) == value

        try:
            wait_for(look, seconds, f"{key}={value}")
        except AssertionError as error:
            raise AssertionError(f"{error}; {self.health()}\n{self.log}") from None

    def descendants(self) -> list[psutil.Process]:
        """Every living process that `serve` started, itself included."""
        assert self.process is not None
        with suppress(psutil.NoSuchProcess):
            top = psutil.Process(self.process.pid)
            return [top, *top.children(recursive=True)]
        return []

    def child(self, *words: str) -> psutil.Process:
        """The one direct child whose command line holds all of `words`."""
        assert self.process is not None
        (found,) = [
            child
            for child in psutil.Process(self.process.pid).children()
            if all(word in " ".join(child.cmdline()) for word in words)
        ]
        return found

    def stop(self, number: int = signal.SIGTERM, *, group: bool = False) -> float:
        """Send a signal to `serve` (or to its whole group, as a terminal does); seconds it took."""
        assert self.process is not None
        started = time.monotonic()
        if group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - started

    def kill(self) -> None:
        """Leave nothing behind, whatever a test did."""
        if self.process is None:
            return
        processes = self.descendants()
        if self.process.poll() is None:
            self.stop()
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()


def gone(processes: list[psutil.Process]) -> bool:
    """Whether none of these processes runs any more."""
    return not [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


# --- Services -------------------------------------------------------------------------------------


@contextmanager
def fresh_database() -> Iterator[str]:
    """The URL of an empty PostgreSQL database, dropped afterwards."""
    import psycopg2

    server, name = urlsplit(POSTGRES), f"moodmusic_{uuid.uuid4().hex[:12]}"

    def run(statement: str) -> None:
        connection = psycopg2.connect(
            host=server.hostname, port=server.port, user=server.username, dbname="postgres"
        )
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    run(f"CREATE DATABASE {name}")
    try:
        yield f"{POSTGRES}/{name}"
    finally:
        run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def fresh_redis() -> Iterator[str]:
    """The URL of a Redis database that was empty, emptied afterwards."""
    import redis

    for number in range(15, 0, -1):
        client = redis.Redis.from_url(f"{REDIS}/{number}")
        if client.dbsize() == 0:
            try:
                yield f"{REDIS}/{number}"
            finally:
                client.flushdb()
            return
    raise AssertionError("every Redis database from 1 to 15 holds keys")


@contextmanager
def service_settings(kind: str) -> Iterator[dict[str, str]]:
    """Settings of the embedded default, or of PostgreSQL and Redis."""
    if kind == "embedded":
        yield {}
        return
    with fresh_database() as database, fresh_redis() as redis_url:
        yield {
            "DATABASE_URL": database,
            "MOODMUSIC_BROKER_URL": redis_url,
            "CACHE_URL": redis_url,
        }


# --- A listener on a phone ------------------------------------------------------------------------


def portrait_jpeg(width: int = 640, height: int = 480) -> bytes:
    """A photograph of a person (scikit-image's astronaut, public domain) of a camera's size."""
    from PIL import Image
    from skimage.data import astronaut

    frame = Image.new("RGB", (width, height), (90, 90, 90))
    side = min(width, height)
    frame.paste(Image.fromarray(astronaut()).resize((side, side)), ((width - side) // 2, 0))
    stream = io.BytesIO()
    frame.save(stream, "JPEG", quality=90)
    return stream.getvalue()


class Listener:
    """Somebody who uses the API with a session token."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/api/v1"
        self.session = requests.Session()

    def ask(self, method: str, path: str, status: int, **options: Any) -> Any:
        """The JSON answer; AssertionError unless the status is as expected."""
        response = self.session.request(method, f"{self.url}{path}", timeout=30, **options)
        assert response.status_code == status, f"{method} {path}: {response.text[:2000]}"
        return response.json() if response.content else None

    def sign_up(self) -> None:
        account = {
            "email": f"{uuid.uuid4().hex}@example.org",
            "password": "grey-otter-sings-42",
        }
        answer = self.ask("POST", "/auth/signup", 200, json=account)
        self.session.headers["X-Session-Token"] = answer["meta"]["session_token"]

    def consent(self) -> None:
        self.ask("PUT", "/me/consent", 200, json={"version": CURRENT.version})

    def send(self, jpeg: bytes) -> str:
        """Send one frame; the capture's id."""
        files = {"frames": ("frame.jpg", jpeg, "image/jpeg")}
        return str(self.ask("POST", "/captures", 202, files=files)["id"])

    def capture(self, capture_id: str) -> Any:
        return self.ask("GET", f"/captures/{capture_id}", 200)

    def finished(self, capture_id: str, seconds: float = 60) -> Any:
        """The capture once it has ended."""

        def look() -> Any:
            capture = self.capture(capture_id)
            return capture if capture["state"] not in {"pending", "running"} else None

        return wait_for(look, seconds, f"the end of capture {capture_id}")
