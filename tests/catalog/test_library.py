"""Finding and reading files of music, honest ones and hostile ones. No database is needed."""

from __future__ import annotations

import errno
import os
import struct
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from catalog.library import readers as readers_module
from catalog.library.covers import cover_beside, cover_keep, cover_made
from catalog.library.formats import browsers_play, plain_type, type_of
from catalog.library.names import clean, mood_of_folder, names_from_path
from catalog.library.readers import Reader, Readers
from catalog.library.reading import CoverMemory, ReadFile, file_read
from catalog.library.refusals import Refused
from catalog.library.scan import folder_scan
from tests.catalog.audio_files import SUFFIXES, frame, id3, m4a, png, write


def read(path: Path, covers: Path | None = None) -> ReadFile:
    return file_read(str(path), covers, CoverMemory())


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        read(path)
    return caught.value.code


# --- Reading --------------------------------------------------------------------------------------

TYPES = {
    "wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg", "opus": "audio/ogg",
    "mp3": "audio/mpeg", "m4a": "audio/mp4",
}  # fmt: skip


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_is_read_with_its_tags(tmp_path: Path, suffix: str) -> None:
    path = write(
        tmp_path / f"a.{suffix}",
        title="Kahani: कहानी",
        artist="Zoë & Söhne",
        album="Zürich",
        genre="Folk",
    )

    found = read(path)

    assert (found.title, found.artist, found.album, found.genre) == (
        "Kahani: कहानी", "Zoë & Söhne", "Zürich", "Folk",
    )  # fmt: skip
    assert found.duration_s == pytest.approx(3.0, abs=0.35)
    assert plain_type(found.content_type) == TYPES[suffix]
    assert (found.size, found.modified_ns) == (path.stat().st_size, path.stat().st_mtime_ns)
    assert browsers_play(found.content_type)


def test_the_content_tells_the_type_not_the_name(tmp_path: Path) -> None:
    flac = write(tmp_path / "a.flac", title="Wolf")
    named = flac.rename(tmp_path / "sheep.mp3")
    assert (read(named).content_type, read(named).title) == ("audio/flac", "Wolf")


def test_lossless_apple_files_are_known_to_be_silent_in_browsers(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    path.write_bytes(m4a(lossless=True, title="A"))
    assert read(path).content_type == "audio/mp4; codecs=alac"
    assert not browsers_play("audio/mp4; codecs=alac")
    assert not browsers_play("audio/wav; codecs=11")
    assert browsers_play("audio/ogg; codecs=opus")


def test_long_titles_are_cut_and_said_to_be(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", title="x" * 10_000, artist="A")
    found = read(path)
    assert found.title == "x" * 199 + "…"
    assert [code for code, _ in found.notes] == ["title_too_long"]


def test_words_keep_their_script_and_lose_what_turns_the_page() -> None:
    assert clean("\u202eevil\u202c  \x00 شب\u200cکوچک\n", 200) == "evil شب\u200cکوچک"
    assert clean("क्\u200dष " * 200, 10) == "क्\u200dष क्\u200dष…"
    assert clean("e\u0301", 200) == "é"


def zeros(path: Path) -> None:
    path.write_bytes(bytes(4096))


def text(path: Path) -> None:
    path.write_text("Not music at all, whatever the name says. " * 100)


def cut_off(path: Path) -> None:
    whole = write(path.with_suffix(".wav"), seconds=5).read_bytes()
    path.write_bytes(whole[: len(whole) // 10])


def says_100_mb(path: Path) -> None:
    data = write(path.with_suffix(".wav"), seconds=0.5).read_bytes()
    at = data.index(b"data")
    path.write_bytes(data[: at + 4] + struct.pack("<I", 100_000_000) + data[at + 8 :])


def header_alone(path: Path) -> None:
    path.write_bytes(b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0")


def says_centuries(path: Path) -> None:
    honest, made_up = struct.pack(">II", 1000, 100), struct.pack(">II", 1, 2**32 - 1)
    path.write_bytes(m4a(seconds=0.1).replace(honest, made_up))


def nested(path: Path) -> None:
    inner = b""
    for _ in range(3000):
        inner = struct.pack(">I", 8 + len(inner)) + b"moov" + inner
    path.write_bytes(struct.pack(">I", 16) + b"ftypM4A \0\0\0\0" + inner)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (Path.touch, "empty"),
        (zeros, "not_audio"),
        (text, "not_audio"),
        (header_alone, "damaged"),
        (cut_off, "damaged"),
        (says_100_mb, "damaged"),
        (says_centuries, "damaged"),
        (nested, "no_sound"),
    ],
)
def test_broken_files_are_refused_with_their_reason(tmp_path: Path, make: Any, code: str) -> None:
    path = tmp_path / "a.mp3"
    make(path)
    assert refusal(path) == code


def test_a_picture_of_100_mb_costs_the_cover_not_the_song(tmp_path: Path) -> None:
    sound = write(tmp_path / "a.mp3").read_bytes()
    path = tmp_path / "bomb.mp3"
    path.write_bytes(id3(title="Bomb", artist="A", picture=bytes(100_000_000)) + sound)
    found = read(path, tmp_path / "covers")
    assert (found.title, found.cover) == ("Bomb", "")
    assert [code for code, _ in found.notes] == ["cover_refused"]


def test_tags_of_40_mb_are_refused(tmp_path: Path) -> None:
    sound = write(tmp_path / "a.mp3").read_bytes()
    path = tmp_path / "bomb.mp3"
    more = b"".join(frame(b"TXXX", b"\x03k\0" + bytes(1_000_000)) for _ in range(40))
    path.write_bytes(id3(title="Bomb", more=more) + sound)
    assert refusal(path) == "tags_too_large"


def test_a_link_or_pipe_in_the_place_of_a_file_is_not_opened(tmp_path: Path) -> None:
    link, pipe = tmp_path / "a.mp3", tmp_path / "b.mp3"
    link.symlink_to(write(tmp_path / "c.mp3"))
    os.mkfifo(pipe)
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        read(link)
    assert refusal(pipe) == "not_a_file"


# --- The process that reads -----------------------------------------------------------------------


def outcomes(folder: Path, covers: Path | None = None) -> dict[str, ReadFile | Refused]:
    scan = folder_scan(str(folder), recursive=True)
    with Readers(covers) as readers:
        return {entry.place: future.result() for entry, future in readers.read(scan.entries)}


def test_readers_answer_for_every_file_and_go_on_after_broken_ones(tmp_path: Path) -> None:
    write(tmp_path / "a.mp3", title="A")
    text(tmp_path / "b.mp3")
    write(tmp_path / "c.flac", title="C")
    (tmp_path / "d.wav").touch()
    (tmp_path / "d.wav").chmod(0o000)
    found = outcomes(tmp_path)
    told = {
        place: one.code if isinstance(one, Refused) else one.title for place, one in found.items()
    }
    assert (told["a.mp3"], told["c.flac"]) == ("A", "C")
    assert told["b.mp3"] == "not_audio"
    assert told["d.wav"] in ("unreadable", "empty")  # root may open anything


def test_a_file_whose_tags_take_for_ever_is_left_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given half a million tags of one name, each compared with all before it
    monkeypatch.setattr(readers_module, "PATIENCE_S", 3.0)
    sound = write(tmp_path / "sound.mp3", title="Fine").read_bytes()
    more = b"".join(frame(b"TXXX", b"\x03k\0%06d" % one) for one in range(500_000))
    (tmp_path / "bomb.mp3").write_bytes(id3(more=more) + sound)
    reader = Reader()
    bomb, fine = folder_scan(str(tmp_path), recursive=False).entries
    try:
        started = time.monotonic()
        refused = reader.read(bomb, None)
        took = time.monotonic() - started
        after = reader.read(fine, None)
    finally:
        reader.close()
    assert isinstance(refused, Refused)
    assert refused.code == "too_slow"
    assert took < 10
    assert isinstance(after, ReadFile)
    assert after.title == "Fine"


# --- Covers ---------------------------------------------------------------------------------------


def test_covers_are_written_anew_shrunk_and_kept_once(tmp_path: Path) -> None:
    music, covers = tmp_path / "music", tmp_path / "covers"
    picture = png("navy", 900) + b"<script>hidden</script>"
    for name in ("a.mp3", "b.mp3"):
        write(music / name, title=name, picture=picture)
    found = outcomes(music, covers)
    names = {one.cover for one in found.values() if isinstance(one, ReadFile)}
    (kept,) = covers.iterdir()
    assert names == {kept.name}
    assert b"hidden" not in kept.read_bytes()
    with Image.open(kept) as image:
        assert (image.format, image.size) == ("JPEG", (640, 640))
    assert kept.name == cover_keep(kept.read_bytes(), covers)


def test_the_cover_beside_the_music_is_taken_where_tags_have_none(tmp_path: Path) -> None:
    write(tmp_path / "a.mp3", title="A")
    (tmp_path / "Folder.PNG").write_bytes(png("green"))
    (tmp_path / "back.jpg").write_bytes(png("red"))
    assert read(tmp_path / "a.mp3", tmp_path / "covers").cover
    assert cover_beside(tmp_path) == png("green")
    (tmp_path / "Folder.PNG").unlink()
    (tmp_path / "cover.jpg").symlink_to("/etc/passwd")
    assert cover_beside(tmp_path) is None


def bomb() -> bytes:
    out = bytearray(png(side=8))
    out[16:24] = struct.pack(">II", 60_000, 60_000)
    return bytes(out)


@pytest.mark.parametrize(
    "data", [b"GIF89a, not at all", bytes(17 * 1024 * 1024), bomb(), b"<svg/>"]
)
def test_what_is_no_honest_picture_is_no_cover(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        cover_made(data)
    assert caught.value.code == "cover_refused"


# --- Finding --------------------------------------------------------------------------------------


def test_a_scan_finds_audio_and_says_why_not(tmp_path: Path) -> None:
    # Given a folder with music, hidden things, links in all directions and other files
    root, outside = tmp_path / "music", tmp_path / "outside"
    write(root / "b.mp3")
    write(root / "deep" / "er" / "a.flac")
    write(root / ".hidden" / "x.mp3")
    write(root / ".y.mp3")
    write(outside / "z.mp3")
    (root / "notes.txt").touch()
    (root / "old.wma").touch()
    (root / "out.mp3").symlink_to(outside / "z.mp3")
    (root / "out").symlink_to(outside)
    (root / "tricks.mp3").symlink_to("../../../../../../etc/passwd")
    (root / "deep" / "up").symlink_to("..")
    (root / "self").symlink_to("self")
    (root / "nowhere.mp3").symlink_to("gone.mp3")
    (root / "again.mp3").symlink_to("b.mp3")
    os.mkfifo(root / "pipe.mp3")

    scan = folder_scan(str(root), recursive=True)

    assert [entry.place for entry in scan.entries] == ["b.mp3", "deep/er/a.flac"]
    assert {place: why.code for place, why in scan.refused} == {
        "old.wma": "unsupported",
        "out.mp3": "outside_folder",
        "out": "outside_folder",
        "tricks.mp3": "outside_folder",
        "deep/up": "link_loop",
        "self": "link_loop",
        "nowhere.mp3": "link_broken",
        "pipe.mp3": "not_a_file",
    }


def test_without_recursion_only_folders_of_moods_are_entered(tmp_path: Path) -> None:
    for place in ("a.mp3", "Happy/b.mp3", "Happy/more/c.mp3", "else/d.mp3"):
        write(tmp_path / place)

    def places(**how: Any) -> list[str]:
        return [one.place for one in folder_scan(str(tmp_path), **how).entries]

    assert places(recursive=False) == ["a.mp3"]
    assert places(recursive=False, entered={"happy"}) == ["Happy/b.mp3", "a.mp3"]
    assert len(places(recursive=True)) == 4


def test_names_that_are_not_utf8_are_found_and_printable(tmp_path: Path) -> None:
    source = write(tmp_path / "a.mp3")
    source.rename(tmp_path / os.fsdecode(b"caf\xe9.mp3"))
    (entry,) = folder_scan(str(tmp_path), recursive=False).entries
    assert entry.place == "caf\\xe9.mp3"
    assert read(Path(entry.path)).size == entry.size


@pytest.mark.parametrize(
    ("place", "artist", "title"),
    [
        ("Nena - 99 Luftballons.mp3", "Nena", "99 Luftballons"),
        ("99 Luftballons.mp3", "Unknown artist", "99 Luftballons"),
        ("01 - Nena - Nur geträumt.mp3", "Nena", "Nur geträumt"),
        ("Nena/Nena/03. Kino.flac", "Nena", "Kino"),
        ("Nena/04 Leuchtturm.ogg", "Nena", "Leuchtturm"),
        ("Nena/Box/2-07 Rette mich.ogg", "Nena", "Rette mich"),
        ("happy/Nena/05_Tanz_auf_dem_Vulkan.mp3", "Nena", "Tanz auf dem Vulkan"),
        ("happy/06.mp3", "Unknown artist", "06"),
        ("50 Cent \u2013 In da Club.mp3", "50 Cent", "In da Club"),
    ],
)
def test_files_without_tags_are_named_by_their_path(place: str, artist: str, title: str) -> None:
    assert names_from_path(place, {"happy": 1}) == (artist, title)


def test_the_nearest_folder_says_the_mood() -> None:
    moods = {"happy": 1, "sad": 2}
    assert mood_of_folder(("music", "HAPPY", "Sad", "cd 1"), moods) == (2, "Sad")
    assert mood_of_folder(("music", "other"), moods) is None


def test_types_are_told_by_first_bytes() -> None:
    assert type_of(b"\xff\xfb\x90\x00") == "audio/mpeg"
    assert type_of(b"\xff\xfe" + "text".encode("utf-16-le")) is None
    assert type_of(b"") is None
