"""What `serve` looks at while it runs: whether all is ready, and whether a worker went deaf."""

from __future__ import annotations

import json
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from moodmusic.beats import READY, beat_age_s
from moodmusic.models import WorkerBeat
from moodmusic.supervisor import Child, Supervisor

logger = logging.getLogger(__name__)

#: Seconds between questions whether the web process is ready, and for its answer.
ASK_S = 0.5
#: Seconds between looks at the workers' signs of life.
LISTEN_S = 15.0
#: Seconds of silence after which a worker that still runs is restarted: far above what a busy
#: machine causes, as a restart costs a new TensorFlow.
DEAF_S = 120.0


class Watch:
    """Called by the supervisor a few times a second; says once where to go."""

    def __init__(self, port: int, say: Callable[[str], None]) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._say = say
        self._announced = False
        self._ask_at = 0.0
        self._listen_at = 0.0

    def __call__(self, supervisor: Supervisor) -> None:
        now = time.monotonic()
        if not self._announced and now >= self._ask_at:
            self._announced = _ready(self._url)
            if self._announced:
                place = settings.URL if settings.HTTPS else self._url
                self._say(f"MoodMusic is ready at {place} (Ctrl-C stops it).")
            self._ask_at = time.monotonic() + ASK_S
        if now >= self._listen_at:
            self._listen_at = now + LISTEN_S
            close_old_connections()
            for child in _deaf(supervisor.children):
                child.restart(f"gave no sign of life for {DEAF_S:.0f} s")


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=ASK_S) as answer:  # noqa: S310
            return bool(json.load(answer)["ready"])
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _deaf(children: Sequence[Child]) -> list[Child]:
    """Workers that run, were ready, and have been silent for DEAF_S.

    A worker that still loads its network says nothing meanwhile, and is left alone.
    """
    try:
        beats = {beat.name.partition("@")[0]: beat for beat in WorkerBeat.objects.order_by("at")}
    except DatabaseError:
        return []
    return [
        child
        for child in children
        if child.uptime_s() > DEAF_S
        and (beat := beats.get(child.program.name)) is not None
        and beat.detail == READY
        and beat_age_s(beat) > DEAF_S
    ]
