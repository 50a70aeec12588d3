"""Audio that is made when first asked for, kept in a cache of bounded size: generated songs, and
files in codings that browsers do not play."""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from catalog.models import Song
from ml.audio.features_file import GENERATOR_VERSION
from moodmusic.problems import DomainError

logger = logging.getLogger(__name__)

#: Seconds. A render takes about one; a machine that needs more than this is in trouble.
RENDER_TIMEOUT_S = 30.0
#: Seconds to wait for the same song's render in another thread or process.
WAIT_TIMEOUT_S = 40.0
POLL_S = 0.02
#: Bytes. All demo songs take about half of it; beyond it the least recently played go.
CACHE_LIMIT = 2 * 1024**3
#: Seconds. A file used this recently is never dropped: somebody may be about to open it.
SPARED_S = 600.0
#: Renders at a time in one process, so that a rush for songs leaves the machine able to answer.
_slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))


def audio_prepare(*, song: Song) -> Path:
    """The MP3 file of a generated song, rendered first where the cache lacks it.

    Threads and processes that ask for the same song at once wait for one render. The file name
    carries the generator's version, so a new generator renders anew.

    Raises
    ------
    DomainError
        `no_audio` (404) for a song without audio; `audio_unavailable` (503) when it cannot be
        rendered or kept, with the cause in the log.
    """
    if not song.piece:
        raise DomainError("no_audio", _("This song has no audio."), status=404)
    piece = song.piece
    # The file's name as its last word: whoever runs it writes there.
    command = [sys.executable, "-m", "ml.audio", "render", piece]
    return audio_made(f"{piece}.v{GENERATOR_VERSION}.mp3", command, RENDER_TIMEOUT_S)


def audio_made(name: str, command: Sequence[str], timeout_s: float) -> Path:
    """The file `name` of the cache; where it lacks it, `command`, given a path, writes it there.

    Raises
    ------
    DomainError
        `audio_unavailable` (503) when it cannot be made or kept, with the cause in the log.
    """
    path = Path(settings.AUDIO_CACHE_DIR) / name
    try:
        if _cached(path):
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        with _single_flight(path):
            if not _cached(path):
                _make(path, command, timeout_s)
                _trim(path.parent)
    except (OSError, subprocess.SubprocessError) as error:
        logger.error("cannot prepare the audio %s: %s", name, _cause(error))
        raise DomainError(
            "audio_unavailable", _("This song cannot be played at the moment."), status=503
        ) from error
    return path


def _cached(path: Path) -> bool:
    """Whether the file is there; if so, marks it as used now without changing its date."""
    try:
        changed_ns = path.stat().st_mtime_ns
    except FileNotFoundError:
        return False
    with suppress(OSError):  # a cache that may only be read still serves what it has
        os.utime(path, ns=(time.time_ns(), changed_ns))
    return True


@contextmanager
def _single_flight(path: Path) -> Iterator[None]:
    """Hold the lock of one file; the kernel frees it when its holder dies, however it dies."""
    lock = path.with_name(f".{path.name}.lock")
    until = time.monotonic() + WAIT_TIMEOUT_S
    while True:
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The holder before us may have removed the name: then our lock guards nothing.
            held = lock.exists() and os.fstat(handle).st_ino == lock.stat().st_ino
        except (BlockingIOError, FileNotFoundError):
            held = False
        if held:
            break
        os.close(handle)
        if time.monotonic() > until:
            raise TimeoutError(f"waited {WAIT_TIMEOUT_S:.0f} s for another render of {path.name}")
        time.sleep(POLL_S)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(handle)


def _make(path: Path, command: Sequence[str], timeout_s: float) -> None:
    """Let a process of its own write the file, so that no web process carries the synthesiser."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=".part")
    os.close(handle)
    temporary = Path(name)
    started = time.monotonic()
    try:
        with _slots:
            subprocess.run(
                [*command, name],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=True,
                timeout=timeout_s,
            )
        if not temporary.stat().st_size:
            raise OSError("what was made is an empty file")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    logger.info("made %s in %.1f s", path.name, time.monotonic() - started)


def _trim(folder: Path) -> None:
    """Drop the least recently used files beyond the limit, and what killed renders left."""
    spared_after = time.time() - SPARED_S
    kept = []
    for file in folder.iterdir():
        try:
            status = file.stat()
        except FileNotFoundError:
            continue
        if file.suffix == ".mp3":
            kept.append((status.st_atime, status.st_size, file))
        elif file.suffix == ".part" and status.st_mtime < spared_after:
            file.unlink(missing_ok=True)
    excess = sum(size for _, size, _ in kept) - CACHE_LIMIT
    for used, size, file in sorted(kept):
        if excess <= 0 or used > spared_after:
            break
        file.unlink(missing_ok=True)
        excess -= size


def _cause(error: Exception) -> str:
    """The last line a failed render wrote, else the error itself."""
    written = getattr(error, "stderr", None) or b""
    lines = written.decode(errors="replace").strip().splitlines()
    return f"{error} ({lines[-1]})" if lines else str(error)
