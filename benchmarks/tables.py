"""How long a table of 100,000 songs takes to import, to find unchanged and to export.

Every row of the made-up table has an artist (of 10,000), an album, eleven features and a mood, so
every song gets a judgement, a point and a row of history. Measured as people meet it: whole
commands, in an installation of their own, on SQLite and, where it answers, on PostgreSQL. Beside
the time that passed stands the processor time of the command, which other work on the machine
disturbs less, and PostgreSQL's own for its part.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import string
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from tests.process import BASE_DIR, clean_environment, fresh_database

ROWS = 100_000
#: Seconds that an import may take.
BAR_S = 60.0
FEATURES = (
    "danceability", "energy", "speechiness", "acousticness", "instrumentalness", "liveness",
    "valence",
)  # fmt: skip
MOODS = ("Happy", "Sad", "Calm", "Energetic")


def measure(kind: str, rows: int = ROWS) -> dict[str, Any]:
    """Import, import again and export on `kind`: sqlite or postgresql."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        settings = {"MOODMUSIC_BROKER_URL": "memory://", "MOODMUSIC_LOG_LEVEL": "ERROR"}
        if kind == "postgresql":
            settings["DATABASE_URL"] = stack.enter_context(fresh_database())
        environment = clean_environment(Path(folder) / "data", **settings)
        table, out = Path(folder) / "table.csv", Path(folder) / "out.csv"
        write_table(table, rows)
        _command(environment, "migrate", "-v0")
        return {
            "rows": rows,
            "bar_s": BAR_S,
            "load_before": round(os.getloadavg()[0], 1),
            "import": _command(environment, "import_songs", str(table), "-v0"),
            "again": _command(environment, "import_songs", str(table), "-v0"),
            "export": _command(environment, "export_songs", "--output", str(out)),
        }


def write_table(path: Path, rows: int) -> None:
    """A table with Spotify's columns and a mood, the same each time."""
    dice = random.Random(7)
    letters = string.ascii_letters + string.digits
    head = ["track_id", "track_name", "track_artist", "track_album_name"]
    head += ["track_album_release_date", "playlist_genre", "key", "mode", "loudness", "tempo"]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*head, *FEATURES, "duration_ms", "mood_label"])
        for number in range(rows):
            words = ["".join(dice.choices(letters, k=22)), f"Song {number} of the night"]
            words += [f"Artist {dice.randrange(10_000)}", f"Album {dice.randrange(8)}"]
            words += ["2019-06-14", "pop", str(dice.randrange(12)), "1", "-5.2", "121.5"]
            words += [f"{dice.random():.3f}" for _ in FEATURES]
            writer.writerow([*words, "200000", dice.choice(MOODS)])


def _command(environment: dict[str, str], *arguments: str) -> dict[str, float]:
    """Seconds that passed, and of processors: the command's and its database server's."""
    database = urlsplit(environment.get("DATABASE_URL", "")).path.strip("/")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    served: dict[int, float] = {}
    with subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=environment,
        stderr=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None:
            served.update(_server_times(database) if database else {})
            time.sleep(0.5)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"{arguments[0]} ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = {"seconds": round(seconds, 1), "processor_s": round(processor, 1)}
    return found | ({"server_processor_s": round(sum(served.values()), 1)} if database else {})


def _server_times(database: str) -> dict[int, float]:
    """Processor seconds so far of PostgreSQL's processes that serve this database, by process."""
    found = {}
    for process in psutil.process_iter(["cmdline", "cpu_times"]):
        words = " ".join(process.info["cmdline"] or [])
        if words.startswith("postgres:") and database in words and process.info["cpu_times"]:
            times = process.info["cpu_times"]
            found[process.pid] = times.user + times.system
    return found
