"""An import killed in the middle, by a real SIGKILL, ends as if nothing had happened."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.process import BASE_DIR, clean_environment, wait_for

pytestmark = pytest.mark.stack

ROWS = 12_000
MOODS = ("happy", "sad", "calm", "energetic", "")


def manage(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def run(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        manage(home, *arguments),
        cwd=BASE_DIR,
        env=clean_environment(home, MOODMUSIC_BROKER_URL="memory://"),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def songs_in(home: Path) -> int:
    path = home / "moodmusic.sqlite3"
    with closing(sqlite3.connect(path, timeout=30)) as database:
        return int(database.execute("SELECT count(*) FROM catalog_song").fetchone()[0])


def state(home: Path) -> dict[str, Any]:
    """All that was imported, told by names, without ids and times."""
    asked = {
        "songs": "SELECT s.title, a.name, b.title, s.year, s.licence, s.origin, s.origin_id,"
        " s.features, s.valence, s.arousal, s.placed, s.mood_confidence FROM catalog_song s"
        " JOIN catalog_artist a ON a.id = s.artist_id LEFT JOIN catalog_album b"
        " ON b.id = s.album_id ORDER BY s.origin_id",
        "judged": "SELECT s.origin_id, m.slug, n.source, n.detail FROM catalog_annotation n"
        " JOIN catalog_song s ON s.id = n.song_id JOIN catalog_mood m ON m.id = n.mood_id"
        " ORDER BY 1, 2",
        "moods": "SELECT s.origin_id, m.slug FROM catalog_song_moods l"
        " JOIN catalog_song s ON s.id = l.song_id JOIN catalog_mood m ON m.id = l.mood_id"
        " ORDER BY 1, 2",
        "history": "SELECT origin_id, history_type, history_change_reason"
        " FROM catalog_historicalsong ORDER BY 1, 2",
        "artists": "SELECT name FROM catalog_artist ORDER BY 1",
    }
    with closing(sqlite3.connect(home / "moodmusic.sqlite3")) as database:
        return {name: database.execute(sql).fetchall() for name, sql in asked.items()}


@pytest.mark.slow
def test_kill_9_and_again_equals_an_uninterrupted_run(tmp_path: Path) -> None:
    # Given a table in which songs come again, and two installations
    table = tmp_path / "big.csv"
    rows = (
        f"id{n % 10_000:05d},Song {n},Artist {n % 700},Album {n % 40},{1960 + n % 60},"
        f"{n % 100 / 100},{MOODS[n % 5]}"
        for n in range(ROWS)
    )
    table.write_text("\n".join(["track_id,title,artist,album,year,energy,mood", *rows]))
    homes = [tmp_path / "killed", tmp_path / "whole"]
    for home in homes:
        home.mkdir()
        run(home, "migrate", "-v0")

    # When one import is killed once some of its batches are in
    with subprocess.Popen(
        manage(homes[0], "import_songs", str(table), "-v0"),
        cwd=BASE_DIR,
        env=clean_environment(homes[0], MOODMUSIC_BROKER_URL="memory://"),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        wait_for(lambda: songs_in(homes[0]) >= 2000, 120, "the first songs")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    killed_at = songs_in(homes[0])
    assert 2000 <= killed_at < 10_000
    time.sleep(0.1)

    # And run again, and the other is left in peace
    again = run(homes[0], "import_songs", str(table))
    whole = run(homes[1], "import_songs", str(table))

    # Then both have the same songs, moods, judgements and history
    assert f"Added {10_000 - killed_at:,} songs of 12,000 rows" in again
    assert "Added 10,000 songs of 12,000 rows" in whole
    assert state(homes[0]) == state(homes[1])
    assert run(homes[0], "import_songs", str(table)).startswith("Added 0 songs of 12,000 rows")
