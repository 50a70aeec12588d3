"""Rendering a generated song into the cache: once, safely, and with a clear refusal."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from catalog import tasks
from catalog.models import Song
from catalog.services import audio, audio_prepare
from moodmusic.problems import DomainError
from tests.catalog.factories import SongFactory

PIECE = "calm-001"


@pytest.fixture
def cache(tmp_path: Path, settings: Any) -> Path:
    settings.AUDIO_CACHE_DIR = tmp_path / "audio"
    return tmp_path / "audio"


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def song_of(piece: str) -> Song:
    """An unsaved song: what is rendered depends on its piece alone."""
    return Song(piece=piece)


def test_a_song_is_rendered_once_and_then_found(cache: Path) -> None:
    path = audio_prepare(song=song_of(PIECE))
    assert path.parent == cache
    assert path.name.startswith(f"{PIECE}.")
    start = path.read_bytes()[:3]
    assert start == b"ID3" or start[0] == 0xFF  # an MP3 tag or frame
    written = path.stat().st_mtime_ns
    assert audio_prepare(song=song_of(PIECE)) == path
    assert path.stat().st_mtime_ns == written
    assert names_in(cache) == [path.name]  # neither locks nor parts stay


def test_threads_and_processes_share_one_render(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given three threads that want the same song at the same moment
    runs: list[Any] = []
    real = subprocess.run

    def counted(*args: Any, **kwargs: Any) -> Any:
        runs.append(args)
        return real(*args, **kwargs)

    monkeypatch.setattr(audio.subprocess, "run", counted)
    found: list[Path] = []
    threads = [
        threading.Thread(target=lambda: found.append(audio_prepare(song=song_of(PIECE))))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Then it was rendered once and all have it
    assert len(runs) == 1
    assert len(found) == 3
    assert len(set(found)) == 1


def test_the_lock_of_another_process_is_waited_for_and_freed_by_its_death(cache: Path) -> None:
    # Given another process that holds the song's lock and will never let go by itself
    cache.mkdir()
    lock = cache / f".{PIECE}.v{audio.GENERATOR_VERSION}.mp3.lock"
    code = (
        "import fcntl, os, sys, time\n"
        f"handle = os.open({str(lock)!r}, os.O_CREAT | os.O_RDWR)\n"
        "fcntl.flock(handle, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "time.sleep(60)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    found: list[Path] = []
    waiter = threading.Thread(target=lambda: found.append(audio_prepare(song=song_of(PIECE))))
    waiter.start()
    time.sleep(0.3)
    assert found == []
    assert not list(cache.glob("*.mp3"))
    # When it is killed
    holder.kill()
    holder.wait()
    waiter.join()
    # Then the song is rendered
    assert [path.name for path in found] == [path.name for path in cache.glob("*.mp3")]
    assert len(found) == 1


def refusal_of(piece: str) -> DomainError:
    with pytest.raises(DomainError) as caught:
        audio_prepare(song=song_of(piece))
    return caught.value


def test_an_unknown_piece_is_unavailable_and_leaves_nothing(
    cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = refusal_of("calm-999")
    assert (refusal.code, refusal.status) == ("audio_unavailable", 503)
    assert "calm-999" in caplog.text
    assert names_in(cache) == []


def test_a_cache_that_cannot_be_made_is_unavailable(
    tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    settings.AUDIO_CACHE_DIR = tmp_path / "file" / "audio"
    refusal = refusal_of(PIECE)
    assert (refusal.code, refusal.status) == ("audio_unavailable", 503)
    assert str(tmp_path) not in refusal.detail
    assert "Not a directory" in caplog.text


def test_a_render_that_takes_too_long_is_unavailable(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio, "RENDER_TIMEOUT_S", 0.01)
    assert refusal_of(PIECE).code == "audio_unavailable"
    assert names_in(cache) == []


def test_a_song_without_a_piece_has_no_audio(cache: Path) -> None:
    refusal = refusal_of("")
    assert (refusal.code, refusal.status) == ("no_audio", 404)


def test_the_least_recently_used_files_go_when_the_cache_is_full(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given four files of 100 bytes of different age of use, one of them used just now
    cache.mkdir()
    now = time.time()
    for name, age_s in (("old", 9000), ("older", 9500), ("recent", 7000), ("now", 1)):
        file = cache / f"{name}.mp3"
        file.write_bytes(b"x" * 100)
        os.utime(file, (now - age_s, now - 20_000))
    left, fresh = cache / ".calm-001.abc.part", cache / ".calm-002.abc.part"
    left.touch()
    fresh.touch()
    os.utime(left, (now - 9000, now - 9000))
    # When the cache may hold two of them
    monkeypatch.setattr(audio, "CACHE_LIMIT", 250)
    audio._trim(cache)
    # Then the two unused for longest are gone, and what a killed render left
    assert names_in(cache) == [".calm-002.abc.part", "now.mp3", "recent.mp3"]
    # And what is in use stays even when it is too much
    monkeypatch.setattr(audio, "CACHE_LIMIT", 0)
    audio._trim(cache)
    assert names_in(cache) == [".calm-002.abc.part", "now.mp3"]


def test_the_task_renders_ahead_and_is_calm_about_what_it_cannot(
    db: None, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    song, hidden = SongFactory(piece=PIECE), SongFactory(piece="calm-002", hidden=True)
    silent, broken = SongFactory(), SongFactory(piece="calm-999")
    for each in (song, song, hidden, silent, broken):
        tasks.prepare_audio(str(each.pk))
    assert [name.split(".")[0] for name in names_in(cache)] == [PIECE]
    assert "was not rendered ahead" in caplog.text


def test_asking_for_audio_loads_no_synthesiser_here() -> None:
    code = (
        "import django, sys; django.setup()\n"
        "import catalog.streaming, catalog.api_urls, catalog.admin, catalog.tasks\n"
        "heavy = {'scipy', 'librosa', 'soundfile', 'sklearn', 'tensorflow', 'cv2'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    assert found.stdout.strip() == "[]"
