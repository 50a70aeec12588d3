"""How long a folder of music takes to import, and to look through again.

The folder is made by the product's own generator and writers: pieces of a few seconds at random
places of a few composed ones, as MP3 and FLAC by turns, each with tags of its own, so that every
file is another song. Measured as people meet it: the whole command `import_music`, in an
installation of its own on SQLite; the files themselves lie on this machine's disk and were just
written, so reading them costs no seek.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.process import BASE_DIR, clean_environment

FILES = 2000
#: Seconds of each file; tags and digest, not length, are what an import reads.
SECONDS = 10.0
#: Composed pieces that the files are cut from, and songs of an album.
PIECES, ALBUM = 8, 12
SEED = 7
SUFFIXES = ("mp3", "flac")


def measure(files: int = FILES) -> dict[str, Any]:
    """Write `files` files, import their folder, and import it again."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "music"
        began = time.perf_counter()
        size = write_folder(folder, files)
        written = time.perf_counter() - began
        environment = clean_environment(
            Path(place) / "data", MOODMUSIC_BROKER_URL="memory://", MOODMUSIC_LOG_LEVEL="ERROR"
        )
        _command(environment, "migrate", "-v0")
        load = round(os.getloadavg()[0], 1)
        first = _import(environment, folder, files)
        # Imported songs are there once; the second run finds every file as it was.
        again = _import(environment, folder, files)
        return {
            "files": files,
            "megabytes": round(size / 1e6, 1),
            "written_s": round(written, 1),
            "load_before": load,
            "import": first,
            "again": again,
            "songs": _songs(environment),
        }


def write_folder(folder: Path, files: int) -> int:
    """Albums of tagged MP3 and FLAC files, the same each time; bytes written."""
    import numpy as np
    import soundfile

    from ml.audio.catalogue import pieces
    from ml.audio.compose import compose
    from ml.audio.instruments import SAMPLE_RATE
    from ml.audio.synth import render

    dice = random.Random(SEED)
    sounds = [
        np.asarray(render(compose(spec)), dtype=np.float32)
        for spec in dice.sample(list(pieces()), PIECES)
    ]
    length, total = int(SECONDS * SAMPLE_RATE), 0
    for number in range(files):
        album = folder / f"Artist {number // (3 * ALBUM)}" / f"Album {number // ALBUM}"
        album.mkdir(parents=True, exist_ok=True)
        suffix = SUFFIXES[number % len(SUFFIXES)]
        path = album / f"{number % ALBUM + 1:02d} Song {number}.{suffix}"
        sound = sounds[dice.randrange(PIECES)]
        start = dice.randrange(len(sound) - length)
        with soundfile.SoundFile(path, "w", SAMPLE_RATE, sound.shape[1]) as file:
            file.title, file.artist = f"Song {number}", f"Artist {number // (3 * ALBUM)}"
            file.album, file.tracknumber = f"Album {number // ALBUM}", str(number % ALBUM + 1)
            file.write(sound[start : start + length])
        total += path.stat().st_size
    return total


def _import(environment: dict[str, str], folder: Path, files: int) -> dict[str, float]:
    found = _command(environment, "import_music", str(folder), "--recursive", "-v0")
    return {**found, "files_per_s": round(files / found["seconds"], 1)}


def _command(environment: dict[str, str], *arguments: str) -> dict[str, float]:
    """Seconds that passed, and of processors, those of the readers among them."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=environment,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": round(seconds, 2), "processor_s": round(processor, 2)}


def _songs(environment: dict[str, str]) -> int:
    """How many songs there are now."""
    code = "from catalog.models import Song; print(Song.objects.count())"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout.split()[-1])
