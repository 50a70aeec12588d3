"""A folder of music becomes songs: once, whatever happens on the way, and never twice."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Album, Analysis, Annotation, Artist, AudioFile, ImportRun, Song
from catalog.services import song_moods_remove, song_moods_set, song_update
from catalog.services.imports import import_claim, import_create, import_work
from catalog.services.joining import file_join
from catalog.services.shelves import KnownSong, same_recording
from tests.catalog.audio_files import id3, m4a, png, write
from tests.catalog.factories import ArtistFactory, SongFactory, mood_named
from tests.catalog.importing import counts, imported, problems

pytestmark = pytest.mark.django_db


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
    assert Analysis.objects.update(state="done") == 1
    write(path, title="Typo", artist="B", seconds=4, hertz=300)
    assert counts(imported(music)) == (0, 1, 0, 0)
    file.refresh_from_db()
    assert (file.fingerprint, Analysis.objects.get().state) == (None, "pending")
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


def folder_words(song: Song) -> list[tuple[str, bool, str]]:
    rows = song.annotations.filter(source="folder").order_by("pk")
    return list(rows.values_list("mood__slug", "present", "detail"))


@pytest.mark.parametrize("copied", [False, True])
def test_what_a_folder_says_of_a_copy_is_said_of_the_song_it_joins(
    music: Path, curator: Any, copied: bool
) -> None:
    # Given: one recording in two folders, which no tag joins; a curator has said what it is not
    write(music / "Happy" / "a.mp3", title="A", artist="A")
    write(music / "Energetic" / "sad" / "b.mp3", title="Track 7", artist="Nobody", hertz=300)
    write(music / "Calm" / "c.mp3", title="Track 8", artist="Nobody", hertz=400)
    options = ["--recursive", "--mood-from-folder", *(["--copy"] if copied else [])]
    imported(music, *options)
    song, second, third = (Song.objects.get(title=title) for title in ("A", "Track 7", "Track 8"))
    song_moods_remove(songs=[song], moods=[mood_named("calm")], by=curator, source="curator")
    revision = song.revision

    # When: their sound tells that they are one
    for copy in (second, third):
        assert file_join(file=copy.files.get(), song=song)

    # Then: the folders' words are the song's, below the curator's, and no longer the copies'
    assert folder_words(song) == [
        ("happy", True, "Happy"), ("sad", True, "sad"), ("calm", True, "Calm")
    ]  # fmt: skip
    assert set(song.moods.values_list("slug", flat=True)) == {"happy", "sad"}
    song.refresh_from_db()
    assert song.revision > revision
    assert song.history.first().history_change_reason == "moods, folder"
    for copy in (second, third):
        assert not copy.moods.exists()
    # And importing again says nothing new
    imported(music, *options)
    assert len(folder_words(song)) == 3


def test_a_song_of_two_files_keeps_what_the_folder_of_the_other_says(music: Path) -> None:
    write(music / "sad" / "a.mp3", title="Two", artist="A")
    write(music / "sad" / "live" / "b.mp3", title="Two", artist="A", hertz=300)
    write(music / "happy" / "c.mp3", title="C", artist="C", hertz=400)
    imported(music, "--recursive", "--mood-from-folder")
    two, joined = Song.objects.get(title="Two"), Song.objects.get(title="C")
    assert two.files.count() == 2
    assert file_join(file=two.files.get(path__endswith="b.mp3"), song=joined)
    assert set(joined.moods.values_list("slug", flat=True)) == {"happy", "sad"}
    assert set(two.moods.values_list("slug", flat=True)) == {"sad"}


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
