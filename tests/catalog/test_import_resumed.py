"""Imports of folders that break off, are watched or stopped: nothing is lost, nothing twice."""

from __future__ import annotations

import io
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.management import call_command

from catalog.management.commands import import_music
from catalog.models import AudioFile, ImportRun, Song
from catalog.services import folder_batches
from catalog.services.imports import import_claim, import_create, import_work
from tests.catalog.audio_files import id3, png, write
from tests.catalog.importing import counts, problems
from tests.process import BASE_DIR, clean_environment, gone, wait_for

pytestmark = pytest.mark.django_db


def test_an_interrupted_run_goes_on_where_it_was(
    music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given twelve files, one broken, of which batches of two are written at a time
    monkeypatch.setattr(folder_batches, "BATCH", 2)
    for number in range(11):
        write(music / f"{number:02}.mp3", hertz=200 + number, title=f"T{number}", artist="A")
    (music / "01b.mp3").write_text("no")
    created = import_create(kind="folder", path=str(music), name="music", by=None, rung=False)
    run = import_claim(run_id=created.pk)
    assert run is not None
    written = 0

    def breaks(run: ImportRun) -> None:
        nonlocal written
        written += 1
        if written == 3:
            raise RuntimeError("power cut")

    import_work(run=run, progress=breaks)
    created.refresh_from_db()
    assert (created.state, created.done) == ("pending", 6)
    # When it is taken up again, one of the counted files having changed meanwhile
    write(music / "00.mp3", hertz=999, title="T0", artist="A")
    again = import_claim(run_id=created.pk)
    assert again is not None
    import_work(run=again)
    # Then every file is there once and counted once, but for the changed one
    created.refresh_from_db()
    assert created.state == "done"
    assert counts(created) == (11, 1, 0, 1)
    assert Song.objects.count() == AudioFile.objects.count() == 11


def test_watching_looks_again_until_it_is_stopped(
    music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 4:
            raise KeyboardInterrupt
        if len(slept) == 1:
            write(music / "new.mp3", title="New", artist="A")
        if len(slept) == 3:
            (music / "new.mp3").unlink()

    monkeypatch.setattr(import_music.time, "sleep", sleep)
    err = io.StringIO()
    call_command("import_music", str(music), "--watch", "5", stdout=io.StringIO(), stderr=err)
    assert slept == [5, 5, 5, 5]
    # The look that found nothing new has left no row
    runs = list(ImportRun.objects.order_by("created_at"))
    assert [run.created for run in runs] == [0, 1, 0]
    assert problems(runs[2]) == {"new.mp3": "vanished"}
    assert "Stopped" in err.getvalue()


def test_stopping_by_hand_keeps_what_was_written(
    music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(music / "a.mp3", title="A", artist="A")

    def stopped(**kwargs: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_music, "import_work", stopped)
    call_command("import_music", str(music), stdout=io.StringIO(), stderr=io.StringIO())
    assert ImportRun.objects.get().state == "cancelled"


STATE = """
import json, django
django.setup()
from catalog.models import *
from django.conf import settings
from pathlib import Path
rows = sorted(
    (f.path, f.source and Path(f.source).name, f.digest, f.size, f.song.title, f.song.artist.name,
     f.song.album and f.song.album.title, sorted(f.song.moods.values_list("slug", flat=True)),
     f.song.has_files, f.song.history.count(),
     [(a.mood.slug, a.source, a.present) for a in f.song.annotations.order_by("pk")],
     f.song.files.count())
    for f in AudioFile.objects.all()
)
music = Path(settings.MUSIC_DIR)
kept = sorted(str(path.relative_to(music)) for path in music.rglob("*") if path.is_file())
covers = sorted(Album.objects.values_list("title", "cover"))
print(json.dumps([rows, kept, covers, Song.objects.count(), Artist.objects.count()]))
"""


def environment(home: Path) -> dict[str, str]:
    home.mkdir(exist_ok=True)
    return clean_environment(home, MOODMUSIC_BROKER_URL="memory://")


def python(home: Path, *words: str) -> str:
    """What a Python process of the product prints, with data of its own in `home`."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=BASE_DIR,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def files_imported(home: Path) -> int:
    """Rows of files that are committed."""
    try:
        with closing(sqlite3.connect(f"file:{home}/moodmusic.sqlite3?mode=ro", uri=True)) as reader:
            return int(reader.execute("SELECT count(*) FROM catalog_audiofile").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


@pytest.mark.stack
def test_killed_in_the_middle_and_run_again_equals_an_uninterrupted_run(tmp_path: Path) -> None:
    # Given 160 files: copies, albums with covers, moods by folder, a broken one
    music = tmp_path / "music"
    cover = png("purple")
    sounds = [
        write(tmp_path / f"{one}.mp3", hertz=200 + one, seconds=2).read_bytes() for one in range(8)
    ]
    for number in range(160):
        path = music / ("happy", "sad", "x")[number % 3] / f"{number:03}.mp3"
        path.parent.mkdir(parents=True, exist_ok=True)
        title, album = f"Title {number % 120}", f"Album {number % 7}"
        tag = id3(title=title, artist=f"Artist {number % 5}", album=album, picture=cover)
        path.write_bytes(tag + sounds[number % 8])
    (music / "x" / "broken.mp3").write_text("no")
    command = ["manage.py", "import_music", str(music), "--recursive", "--mood-from-folder"]
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for home in (whole, broken):
        python(home, "manage.py", "migrate", "-v0")
    python(whole, *command, "--copy")
    # When one is killed as soon as its first batch is in the database
    process = subprocess.Popen(
        [sys.executable, *command, "--copy"],
        cwd=BASE_DIR,
        env=environment(broken),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: files_imported(broken), 60, "the first batch")
        readers = psutil.Process(process.pid).children()
    finally:
        process.kill()
        process.wait()
    assert 0 < files_imported(broken) < files_imported(whole)
    assert readers
    # And had been copying a file, and is run again
    part = broken / "music" / "all" / "00" / ".killed.part"
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(b"half")
    python(broken, *command, "--copy")
    # Then both have the same in database and folders
    states = [python(home, "-c", STATE) for home in (whole, broken)]
    assert states[0] == states[1]
    assert files_imported(whole) == 160
    assert states[0].rstrip().endswith("120, 5]")  # songs and artists: forty files are copies
    # And what read for the killed one has ended by itself
    wait_for(lambda: gone(readers), 10, "the killed import's readers to end")
