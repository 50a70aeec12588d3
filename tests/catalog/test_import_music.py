"""A folder of music becomes songs: once, whatever happens on the way, and never twice."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.management import CommandError, call_command

from catalog.management.commands import import_music
from catalog.models import Album, Analysis, Annotation, Artist, AudioFile, ImportRun, Song
from catalog.services import folder_batches, song_moods_set, song_update
from catalog.services.imports import import_claim, import_create, import_work
from catalog.services.joining import file_join
from catalog.services.shelves import KnownSong, same_recording
from tests.catalog.audio_files import id3, m4a, png, write
from tests.catalog.factories import ArtistFactory, SongFactory, mood_named
from tests.process import BASE_DIR, clean_environment, gone, wait_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def music(tmp_path: Path, settings: Any) -> Path:
    """A folder to import; what is written of it lies beside it."""
    settings.MUSIC_DIR, settings.COVERS_DIR = tmp_path / "kept" / "music", tmp_path / "kept/covers"
    (tmp_path / "music").mkdir()
    return tmp_path / "music"


def imported(folder: Path, *options: str, **more: Any) -> ImportRun:
    """Import; the finished run."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_music", str(folder), *options, stdout=out, stderr=err, **more)
    return ImportRun.objects.first()  # type: ignore[return-value]


def counts(run: ImportRun | None) -> tuple[int, int, int, int]:
    assert run is not None
    return run.created, run.updated, run.unchanged, run.refused


def problems(run: ImportRun) -> dict[str, str]:
    return dict(run.problems.values_list("place", "code"))


# --- What becomes of files ------------------------------------------------------------------------


def test_every_format_becomes_a_song_with_its_tags(music: Path) -> None:
    for number, suffix in enumerate(("wav", "flac", "ogg", "opus", "mp3", "m4a")):
        write(
            music / f"{number}.{suffix}",
            hertz=200 + number,
            title=f"Song {number}",
            artist="Zoë",
            album="Six",
        )
    run = imported(music, "--licence", "CC-BY-4.0")

    assert counts(run) == (6, 0, 0, 0)
    assert run.state == "done"
    songs = list(Song.objects.order_by("title").select_related("artist", "album"))
    assert [song.title for song in songs] == [f"Song {number}" for number in range(6)]
    assert {(song.artist.name, song.album and song.album.title) for song in songs} == {
        ("Zoë", "Six")
    }
    assert {(one.origin, one.licence, one.owner, one.has_audio) for one in songs} == {
        ("folder", "CC-BY-4.0", None, True)
    }
    assert {song.history.get().history_change_reason for song in songs} == {"import, folder"}
    files = AudioFile.objects.order_by("path")
    assert [Path(file.path) for file in files] == sorted(music.iterdir())
    assert {file.copied for file in files} == {False}


def test_a_second_run_creates_nothing(music: Path) -> None:
    for number in range(3):
        write(music / f"{number}.mp3", hertz=200 + number, title=f"{number}", artist="A")
    imported(music)
    before = list(AudioFile.objects.order_by("pk").values())
    assert counts(imported(music)) == (0, 0, 3, 0)
    assert list(AudioFile.objects.order_by("pk").values()) == before
    # Nor does one after the files were merely touched
    os.utime(music / "1.mp3")
    assert counts(imported(music)) == (0, 0, 3, 0)
    assert Song.objects.count() == 3


def test_a_dry_run_says_the_same_and_writes_nothing(music: Path) -> None:
    write(music / "a.mp3", title="One", artist="A", album="B", picture=png())
    write(music / "b.flac", title="One", artist="A")
    (music / "c.mp3").write_text("no")
    dry = imported(music, "--dry-run")
    assert counts(dry) == (1, 1, 0, 1)
    assert (Song.objects.count(), Artist.objects.count(), AudioFile.objects.count()) == (0, 0, 0)
    assert not (music.parent / "kept").exists()
    assert counts(imported(music)) == counts(dry)


def test_copies_of_a_song_are_its_further_files(music: Path) -> None:
    # Given the same bytes twice, the same recording in another coding and spelling, a live take,
    # the same title by another artist, and one that is much longer
    first = write(music / "a.wav", title="Paper Moon", artist="Ambro Tide")
    shutil.copy(first, music / "b.wav")
    write(music / "c.mp3", title="paper moon!", artist="AMBRO TIDE")
    write(music / "d.mp3", title="Paper Moon (Live)", artist="Ambro Tide")
    write(music / "e.mp3", title="Paper Moon", artist="Somebody Else")
    write(music / "f.mp3", title="Paper Moon", artist="Ambro Tide", seconds=9)
    run = imported(music)

    assert counts(run) == (4, 2, 0, 0)
    song = Song.objects.get(files__path=str(first))
    names = [Path(path).name for path in song.files.values_list("path", flat=True)]
    assert names == ["a.wav", "b.wav", "c.mp3"]
    assert Artist.objects.count() == 2


def test_a_file_joins_the_song_that_a_table_had_named(music: Path) -> None:
    song = SongFactory(
        title="Kahani", artist=ArtistFactory(name="Zoë"), duration_s=3.4, origin="spotify"
    )
    generated = SongFactory(title="Kahani", artist=song.artist, duration_s=3.0, piece="happy-001")
    write(music / "a.mp3", title="kahani", artist="Zoe")
    assert counts(imported(music)) == (0, 1, 0, 0)
    song.refresh_from_db()
    assert (song.has_audio, song.files.count(), generated.files.count()) == (True, 1, 0)


def test_the_lengths_of_one_recording_differ_by_little(music: Path) -> None:
    write(music / "a.mp3", title="A", artist="A")
    imported(music)
    song = Song.objects.get()
    known = KnownSong(song.pk, 100.0)
    file = type("File", (), {"duration_s": 101.9})
    assert same_recording(known, file)  # type: ignore[arg-type]
    file.duration_s = 102.1  # type: ignore[attr-defined]
    assert not same_recording(known, file)  # type: ignore[arg-type]


def test_files_of_nobody_known_are_songs_of_their_own(music: Path) -> None:
    for folder in ("x", "y"):
        write(music / folder / f"{folder}" / "Intro.mp3", hertz=ord(folder), artist="")
    write(music / "Intro.mp3", hertz=300)
    shutil.copy(write(music / "Other.mp3", hertz=400), music / "Other 2.mp3")
    run = imported(music, "--recursive")
    assert counts(run) == (4, 1, 0, 0)
    assert set(Song.objects.values_list("artist__name", "title")) == {
        ("x", "Intro"), ("y", "Intro"), ("Unknown artist", "Intro"), ("Unknown artist", "Other 2"),
    }  # fmt: skip


def test_folders_named_after_moods_judge_the_songs_in_them(music: Path) -> None:
    write(music / "Happy" / "a.mp3", title="A", artist="A")
    write(music / "SAD" / "cd 1" / "b.mp3", title="B", artist="A", hertz=230)
    write(music / "other" / "c.mp3", title="C", artist="A", hertz=240)
    run = imported(music, "--recursive", "--mood-from-folder")

    assert counts(run) == (3, 0, 0, 0)
    moods = {song.title: [mood.slug for mood in song.moods.all()] for song in Song.objects.all()}
    assert moods == {"A": ["happy"], "B": ["sad"], "C": []}
    said = Annotation.objects.order_by("pk").values_list("source", "detail", "present")
    assert list(said) == [("folder", "Happy", True), ("folder", "SAD", True)]
    # Said once, however often it is imported; and a person's word stands above it
    song_moods_set(
        songs=Song.objects.filter(title="A"), moods=[mood_named("calm")], by=None, source="curator"
    )
    imported(music, "--recursive", "--mood-from-folder")
    assert Annotation.objects.filter(source="folder").count() == 2
    assert [mood.slug for mood in Song.objects.get(title="A").moods.all()] == ["calm"]


def test_moods_are_said_of_songs_that_were_imported_without_them(music: Path) -> None:
    write(music / "happy" / "a.mp3", title="A", artist="A")
    imported(music, "--recursive")
    assert counts(imported(music, "--mood-from-folder")) == (0, 0, 1, 0)
    song = Song.objects.get()
    assert [mood.slug for mood in song.moods.all()] == ["happy"]
    assert song.placed


def test_a_file_that_moved_is_the_same_file_and_its_new_folder_counts(music: Path) -> None:
    path = write(music / "happy" / "a.mp3", title="A", artist="A")
    imported(music, "--mood-from-folder")
    (music / "sad").mkdir()
    path.rename(music / "sad" / "b.mp3")
    run = imported(music, "--mood-from-folder")
    assert counts(run) == (0, 1, 0, 0)
    file = AudioFile.objects.get()
    assert (file.path, file.missing_since) == (str(music / "sad" / "b.mp3"), None)
    assert [mood.slug for mood in file.song.moods.all()] == ["sad"]


def test_a_changed_file_is_measured_anew_and_its_tags_followed(music: Path) -> None:
    path = write(music / "a.mp3", title="Tpyo", artist="A", album="Old")
    imported(music)
    file = AudioFile.objects.get()
    AudioFile.objects.update(fingerprint=b"old")
    Analysis.objects.create(file=file, state="done")
    write(path, title="Typo", artist="B", seconds=4, hertz=300)
    assert counts(imported(music)) == (0, 1, 0, 0)
    file.refresh_from_db()
    assert (file.fingerprint, Analysis.objects.count()) == (None, 0)
    assert file.duration_s == pytest.approx(4, abs=0.2)
    song = Song.objects.get()
    assert (song.title, song.artist.name, song.album) == ("Typo", "B", None)
    assert song.history.count() == 2


def test_what_a_curator_mended_is_not_undone_by_a_file(music: Path, curator: Any) -> None:
    path = write(music / "a.mp3", title="Tpyo", artist="A")
    imported(music)
    song_update(song=Song.objects.get(), by=curator, title="Mended")
    write(path, title="Typo", artist="A", hertz=300)
    assert counts(imported(music)) == (0, 1, 0, 0)
    assert Song.objects.get().title == "Mended"


def test_files_that_vanish_are_marked_and_come_back(music: Path) -> None:
    path = write(music / "a.mp3", title="A", artist="A")
    write(music / "b.mp3", title="B", artist="A", hertz=300)
    imported(music)
    data = path.read_bytes()
    status = path.stat()
    path.unlink()
    run = imported(music)
    assert (counts(run), problems(run)) == ((0, 0, 1, 0), {"a.mp3": "vanished"})
    file = AudioFile.objects.get(path=str(path))
    assert file.missing_since is not None
    assert not file.song.has_audio
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert counts(imported(music)) == (0, 1, 1, 0)
    file.refresh_from_db()
    assert (file.missing_since, file.song.has_audio) == (None, True)


def test_broken_files_are_told_and_the_rest_goes_on(music: Path, tmp_path: Path) -> None:
    write(music / "a.mp3", title="Fine", artist="A")
    (music / "text.mp3").write_text("no music")
    (music / "zero.flac").touch()
    sound = write(tmp_path / "sound.mp3").read_bytes()
    (music / "long.mp3").write_bytes(id3(title="x" * 10_000, artist="ش" * 10_000) + sound)
    (music / "loop").symlink_to(".")
    (music / "out.mp3").symlink_to("/etc/passwd")
    (music / "शब्द संगीत \u202efdp.mp3").write_bytes(m4a(content=7))
    (music / os.fsdecode(b"caf\xe9.mp3")).write_bytes(m4a(content=8))
    (music / "line\nbreak.mp3").write_bytes(m4a(content=9))
    run = imported(music, "--recursive")

    assert counts(run) == (4, 0, 0, 5)
    assert (run.done, run.total) == (9, 9)
    assert dict(run.problems.values_list("place", "code")) == {
        "text.mp3": "not_audio",
        "zero.flac": "empty",
        "loop": "link_loop",
        "out.mp3": "outside_folder",
        "caf\\xe9.mp3": "name_not_utf8",
        "long.mp3": "artist_too_long",
    }
    long = Song.objects.get(title__startswith="xxx")
    assert (len(long.title), len(long.artist.name)) == (200, 200)
    assert Song.objects.filter(title="शब्द संगीत fdp").exists()
    assert Song.objects.filter(title="line break").exists()


def test_albums_get_covers(music: Path, settings: Any) -> None:
    write(music / "a.mp3", title="A", artist="A", album="Red", picture=png("red"))
    write(music / "b.mp3", title="B", artist="A", album="Red", picture=png("blue"), hertz=300)
    write(music / "c.mp3", title="C", artist="A", album="None", hertz=400)
    imported(music)
    red, none = Album.objects.get(title="Red"), Album.objects.get(title="None")
    assert (settings.COVERS_DIR / red.cover).read_bytes().startswith(b"\xff\xd8")
    assert none.cover == ""


def test_a_file_that_sounds_like_another_joins_its_song(music: Path, owner: Any) -> None:
    write(music / "a.mp3", title="A", artist="A")
    write(music / "b.mp3", title="Track 7", artist="Nobody", hertz=300)
    imported(music)
    first, second = AudioFile.objects.order_by("pk")
    private = SongFactory(owner=owner)
    assert not file_join(file=second, song=private)
    assert file_join(file=second, song=first.song)
    assert not file_join(file=second, song=first.song)
    left = Song.objects.get(pk=second.song_id)
    assert (left.hidden, left.has_files) == (True, False)
    assert set(first.song.files.all()) == {first, second}
    # And the next import leaves it so
    assert counts(imported(music)) == (0, 0, 2, 0)
    assert first.song.files.count() == 2


# --- Copies ---------------------------------------------------------------------------------------


def test_copied_files_lie_in_the_music_folder(
    music: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    path = write(music / "a.mp3", title="A", artist="A")
    shutil.copy(path, music / os.fsdecode(b"caf\xe9.mp3"))
    write(music / "b.mp3", title="B", artist="A", hertz=300)
    assert counts(imported(music, "--copy")) == (2, 0, 1, 0)
    assert counts(imported(music, "--copy")) == (0, 0, 3, 0)
    file = AudioFile.objects.get(source=str(path))
    assert file.copied
    assert file.location.read_bytes() == path.read_bytes()
    assert file.location.is_relative_to(settings.MUSIC_DIR)
    # The source may go
    path.unlink()
    run = imported(music, "--copy")
    assert problems(run) == {}
    # A copy that was lost is made again, a changed source replaces its copy
    lost = AudioFile.objects.get(source=str(music / "b.mp3"))
    lost.location.unlink()
    imported(music, "--copy")
    assert lost.location.exists()
    write(music / "b.mp3", title="B", artist="A", hertz=400)
    with django_capture_on_commit_callbacks(execute=True):
        assert counts(imported(music, "--copy")) == (0, 1, 1, 0)
    assert not lost.location.exists()
    lost.refresh_from_db()
    assert lost.location.read_bytes() == (music / "b.mp3").read_bytes()
    # A source that becomes a copy of another leaves what was copied of it as it is
    write(music / "d.mp3", title="D", artist="A", hertz=500)
    imported(music, "--copy")
    shutil.copy(music / "b.mp3", music / "d.mp3")
    assert counts(imported(music, "--copy")) == (0, 0, 3, 0)
    assert AudioFile.objects.count() == 3


def test_a_copy_that_cannot_be_written_is_told(music: Path, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "kept").touch()
    write(music / "a.mp3", title="A", artist="A")
    run = imported(music, "--copy")
    assert counts(run) == (0, 0, 0, 1)
    assert problems(run) == {"a.mp3": "not_copied"}
    assert Song.objects.count() == 0


def test_parts_of_killed_copies_are_removed(music: Path, settings: Any) -> None:
    write(music / "a.mp3", title="A", artist="A")
    left = settings.MUSIC_DIR / "all" / "ab" / ".x.part"
    left.parent.mkdir(parents=True)
    left.touch()
    imported(music, "--copy")
    assert not left.exists()


# --- Whose songs ----------------------------------------------------------------------------------


def test_private_songs_never_join_those_of_others(music: Path, owner: Any, other: Any) -> None:
    path = write(music / "a.mp3", title="A", artist="A")
    elsewhere = music.parent / "elsewhere"
    elsewhere.mkdir()
    for name in ("b.mp3", "c.mp3"):
        shutil.copy(path, elsewhere / name)
    imported(music)
    private = imported(elsewhere, "--owner", "Owner@example.org")
    assert counts(private) == (1, 1, 0, 0)
    assert Song.objects.get(owner=owner).files.count() == 2
    assert Song.objects.get(owner=None).files.count() == 1
    # Nor may one's folder be taken for another, or for everybody
    for options in (("--owner", other.email), ()):
        refused = imported(elsewhere, *options)
        assert counts(refused) == (0, 0, 0, 2)
        assert set(problems(refused).values()) == {"belongs_to_others"}
    copied = imported(elsewhere, "--copy", "--owner", other.email)
    assert counts(copied) == (1, 0, 1, 0)
    assert Song.objects.filter(owner=other).count() == 1


# --- Refusals of the whole ------------------------------------------------------------------------


def test_wishes_that_cannot_be_followed_are_refused(music: Path) -> None:
    for words, options in (
        ("is no folder", [str(music / "none")]),
        ("SPDX", [str(music), "--licence", "free; for all"]),
        ("no account", [str(music), "--owner", "nobody@example.org"]),
        ("from 1 on", [str(music), "--watch", "0"]),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("import_music", *options)
    assert ImportRun.objects.count() == 0


def test_a_folder_that_is_gone_when_its_turn_comes(music: Path) -> None:
    path = write(music / "a.mp3", title="A", artist="A")
    imported(music)
    music.rename(music.parent / "away")
    created = import_create(kind="folder", path=str(music), name="music", by=None, rung=False)
    run = import_claim(run_id=created.pk)
    assert run is not None
    import_work(run=run)
    created.refresh_from_db()
    assert (created.state, created.message) == (
        "failed",
        "The folder cannot be opened: No such file or directory.",
    )
    # A disk that is not there is no reason to mark its files
    assert AudioFile.objects.get(path=str(path)).missing_since is None


# --- Breaking off ---------------------------------------------------------------------------------


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
