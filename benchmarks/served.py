"""A real `manage.py serve`: picture to reading, play to first byte, memory of each process."""

from __future__ import annotations

import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from benchmarks.numbers import summary
from tests.process import Listener, Stack, portrait_jpeg, service_settings

READINGS = 60
#: The API allows 30 captures a minute to one listener.
PER_LISTENER = 20
#: Readings before the clock starts.
WARM_UP = 5
#: Songs of each mood that are played for the first time.
PER_MOOD = 3
#: Seconds between looks at the capture; part of what is measured.
POLL_S = 0.01


def measure(kind: str) -> dict[str, Any]:
    """Readings and memory with the embedded default or with "services" (PostgreSQL, Redis)."""
    with tempfile.TemporaryDirectory() as folder, service_settings(kind) as settings:
        stack = Stack(Path(folder) / "data", **settings)
        started = time.monotonic()
        stack.start()
        try:
            stack.wait()
            ready_s = time.monotonic() - started
            stack.wait("inference", "ready")
            warm_s = time.monotonic() - started
            reading = _readings(stack.url)
            return {
                "start_ready_s": round(ready_s, 1),
                "start_warm_s": round(warm_s, 1),
                "reading": reading,
                "first_byte": _first_bytes(stack.url),
                "memory_mb": _memory(stack),
            }
        finally:
            stack.kill()


def _readings(url: str) -> dict[str, float]:
    jpeg = portrait_jpeg(640, 480)
    times = []
    listener = Listener(url)
    for number in range(READINGS + WARM_UP):
        if number % PER_LISTENER == 0:
            listener = Listener(url)
            listener.sign_up()
            listener.consent()
        started = time.perf_counter()
        capture_id = listener.send(jpeg)
        while listener.capture(capture_id)["state"] in {"pending", "running"}:
            time.sleep(POLL_S)
        if number >= WARM_UP:
            times.append(time.perf_counter() - started)
    return summary(times)


def _first_bytes(url: str) -> dict[str, float]:
    """From asking for a song that was never played to the first byte of its audio."""
    listener = Listener(url)
    listener.sign_up()
    times = []
    for mood in listener.ask("GET", "/moods", 200):
        songs = listener.ask("GET", f"/songs?mood={mood['slug']}&page_size={PER_MOOD}", 200)
        for song in songs["results"]:
            started = time.perf_counter()
            address = f"{listener.url}/songs/{song['id']}/audio"
            with listener.session.get(address, stream=True, timeout=30) as answer:
                answer.raise_for_status()
                next(answer.iter_content(1))
                times.append(time.perf_counter() - started)
    return summary(times)


def _memory(stack: Stack) -> dict[str, dict[str, int]]:
    """MB of each process: RSS, and PSS (shared pages counted once) where the system tells."""
    found: dict[str, dict[str, int]] = {}
    for process in stack.descendants():
        with suppress(psutil.NoSuchProcess):
            memory = process.memory_full_info()
            name = _name(process.cmdline())
            while name in found:
                name += "'"
            found[name] = {"rss": round(memory.rss / 1e6)}
            if hasattr(memory, "pss"):
                found[name]["pss"] = round(memory.pss / 1e6)
    return found


def _name(command: list[str]) -> str:
    """A program's name; a second process of the same name (a fork of it) gets a dash after."""
    line = " ".join(command)
    for words, name in (
        ("serve", "supervisor"),
        ("gunicorn", "web"),
        ("-Q default", "default worker"),
        ("-Q inference", "inference worker"),
    ):
        if words in line:
            return name
    return Path(command[0]).name if command else "?"
