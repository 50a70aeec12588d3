"""Playing songs from imported files: which bytes and type, who may, what if they are gone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from catalog.models import Album, AudioFile, Song
from catalog.services import transcoding
from tests.catalog.audio_files import m4a, png, write

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Any], Client]


def bring(music: Path, *options: str) -> None:
    call_command("import_music", str(music), *options, verbosity=0)


def only_song() -> Song:
    return Song.objects.get()


def address(song: Song | None = None, name: str = "song_audio") -> str:
    return reverse(name, args=[(song or only_song()).pk])


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize(
    ("suffix", "content_type"),
    [
        ("mp3", "audio/mpeg"),
        ("m4a", "audio/mp4"),
        ("flac", "audio/flac"),
        ("ogg", "audio/ogg"),
        ("opus", "audio/ogg"),
        ("wav", "audio/wav"),
    ],
)
def test_each_format_has_the_type_that_safari_wants(
    music: Path, owner: Any, client_of: ClientOf, suffix: str, content_type: str
) -> None:
    path = write(music / f"a.{suffix}", title="A", artist="A")
    bring(music)
    answer = client_of(owner).get(address())
    assert (answer.status_code, answer["Content-Type"]) == (200, content_type)
    assert answer["Cache-Control"].startswith("private")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert body(answer) == path.read_bytes()


@pytest.mark.parametrize("copied", [False, True], ids=["in place", "copied"])
def test_players_seek_in_files(music: Path, owner: Any, client_of: ClientOf, copied: bool) -> None:
    path = write(music / "a.mp3", title="A", artist="A")
    bring(music, *(["--copy"] if copied else []))
    sound = path.read_bytes()
    if copied:
        path.unlink()
    client = client_of(owner)
    for name in ("song_audio", "api_song_audio"):
        where = address(name=name)
        tag = client.head(where)["ETag"]
        part = client.get(where, headers={"Range": "bytes=100-199", "If-Range": tag})
        assert (part.status_code, body(part)) == (206, sound[100:200])
        assert part["Content-Range"] == f"bytes 100-199/{len(sound)}"
        head = client.head(where)
        assert (head["Content-Length"], body(head)) == (str(len(sound)), b"")
        assert client.get(where, headers={"If-None-Match": tag}).status_code == 304
        assert client.get(where, headers={"Range": f"bytes={len(sound)}-"}).status_code == 416


def test_a_file_that_was_written_over_has_another_tag(
    music: Path, owner: Any, client_of: ClientOf
) -> None:
    path = write(music / "a.mp3", title="A", artist="A")
    bring(music)
    client = client_of(owner)
    tag = client.head(address())["ETag"]
    sound = bytearray(path.read_bytes())
    sound[-1] ^= 1
    path.write_bytes(sound)
    answer = client.get(address(), headers={"Range": "bytes=0-9", "If-Range": tag})
    assert (answer.status_code, body(answer)) == (200, bytes(sound))
    assert answer["ETag"] != tag


def test_the_api_says_where_the_audio_is(music: Path, owner: Any, client_of: ClientOf) -> None:
    path = write(music / "a.mp3", title="A", artist="A")
    bring(music)
    client, song = client_of(owner), only_song()
    where = reverse("api_song", args=[song.pk])
    assert client.get(where).json()["audio"] == address(name="api_song_audio")
    path.unlink()
    bring(music)
    assert client.get(where).json()["audio"] is None


# --- Files that are gone --------------------------------------------------------------------------


def test_a_missing_file_is_told_and_marked_and_comes_back(
    music: Path, owner: Any, client_of: ClientOf
) -> None:
    path = write(music / "a.mp3", title="A", artist="A")
    bring(music)
    client, away = client_of(owner), path.rename(music.parent / "away.mp3")
    for _ in range(2):
        answer = client.get(address())
        assert (answer.status_code, answer.json()["code"]) == (404, "audio_missing")
        assert str(music) not in answer.content.decode()
    file = AudioFile.objects.get()
    assert file.missing_since is not None
    assert not only_song().has_audio
    away.rename(path)
    assert client.get(address(), headers={"Range": "bytes=0-9"}).status_code == 206
    file.refresh_from_db()
    assert file.missing_since is None
    assert only_song().has_audio


def test_another_copy_of_the_song_is_played_instead(
    music: Path, owner: Any, client_of: ClientOf
) -> None:
    first = write(music / "a.flac", title="A", artist="A")
    second = write(music / "b.mp3", title="A", artist="A")
    bring(music)
    assert only_song().files.count() == 2
    first.unlink()
    answer = client_of(owner).get(address())
    assert (answer["Content-Type"], body(answer)) == ("audio/mpeg", second.read_bytes())
    marked = AudioFile.objects.filter(missing_since__isnull=False)
    assert [file.path for file in marked] == [str(first)]
    assert only_song().has_audio


def a_link(path: Path, secret: Path) -> None:
    path.unlink()
    path.symlink_to(secret)


def a_linked_folder(path: Path, secret: Path) -> None:
    secret.rename(secret.parent / path.name)
    path.unlink()
    path.parent.rmdir()
    path.parent.symlink_to(secret.parent)


def a_pipe(path: Path, secret: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("trick", [a_link, a_linked_folder, a_pipe])
def test_what_took_a_files_place_is_never_opened(
    music: Path, owner: Any, client_of: ClientOf, trick: Callable[[Path, Path], None]
) -> None:
    path = write(music / "a.mp3", title="A", artist="A")
    bring(music)
    secret = music.parent / "secrets" / "secret"
    secret.parent.mkdir()
    secret.write_text("secret")
    trick(path, secret)
    answer = client_of(owner).get(address())
    assert (answer.status_code, answer.json()["code"]) == (404, "audio_missing")


@pytest.mark.parametrize("path", ["../../secret", "/etc/passwd", "a/../../../secret", "a\0b"])
def test_copies_are_played_from_their_folder_alone(
    music: Path, owner: Any, client_of: ClientOf, path: str, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("secret")
    write(music / "a.mp3", title="A", artist="A")
    bring(music, "--copy")
    if "\0" not in path:  # no database keeps it, but the check stands for itself
        AudioFile.objects.update(path=path)
        assert client_of(owner).get(address()).json()["code"] == "audio_missing"
    from catalog.services.files import path_of

    assert path_of(AudioFile(path=path, copied=True)) is None


# --- Who may --------------------------------------------------------------------------------------


def test_private_songs_are_heard_by_their_owner_alone(
    music: Path, owner: Any, other: Any, curator: Any, anonymous: Any, client_of: ClientOf
) -> None:
    write(music / "a.mp3", title="A", artist="A", album="B", picture=png())
    bring(music, "--owner", owner.email)
    cover = reverse("cover", args=[Album.objects.get().cover])
    wanted = {"owner": 206, "other": 404, "curator": 404, "anonymous": 401}
    for name, user in (
        ("owner", owner), ("other", other), ("curator", curator), ("anonymous", anonymous),
    ):  # fmt: skip
        client = client_of(user)
        for where in (address(), address(name="api_song_audio"), cover, f"/api/v1{cover}"):
            answer = client.get(where, headers={"Range": "bytes=0-9"})
            assert answer.status_code == wanted[name], (name, where)


def test_covers_may_be_kept_for_ever_by_the_listeners_browser(
    music: Path, owner: Any, client_of: ClientOf
) -> None:
    write(music / "a.mp3", title="A", artist="A", album="B", picture=png())
    bring(music)
    where = reverse("cover", args=[Album.objects.get().cover])
    answer = client_of(owner).get(where)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    known = client_of(owner).get(where, headers={"If-None-Match": answer["ETag"]})
    assert known.status_code == 304
    assert client_of(owner).get(f"/covers/{'0' * 64}.jpg").status_code == 404
    for name in ("..%2f..%2fsecret_key", "a%00b", f"{'0' * 64}.jpg%0a"):
        assert client_of(owner).get(f"/covers/{name}").status_code == 404


def test_an_erased_account_leaves_neither_copies_nor_covers(
    music: Path, owner: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    write(music / "a.mp3", title="A", artist="A", album="B", picture=png())
    bring(music, "--copy", "--owner", owner.email)
    assert list(settings.MUSIC_DIR.rglob("*.mp3"))
    with django_capture_on_commit_callbacks(execute=True):
        owner.delete()
    assert Song.objects.count() == Album.objects.count() == 0
    assert not list(settings.MUSIC_DIR.rglob("*.mp3"))
    assert not list(settings.COVERS_DIR.iterdir())


# --- By the proxy, and for browsers ---------------------------------------------------------------


def test_the_proxy_sends_files_where_it_is_told_to(
    music: Path, owner: Any, other: Any, client_of: ClientOf, settings: Any
) -> None:
    settings.X_ACCEL = "/files"
    path = write(music / "é 100% a?b.mp3", title="A", artist="A")
    bring(music, "--owner", owner.email)
    answer = client_of(owner).get(address(), headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["X-Accel-Redirect"].isascii()
    assert unquote(answer["X-Accel-Redirect"]) == f"/files{path}"
    assert "?" not in answer["X-Accel-Redirect"]
    assert answer["Content-Type"] == "audio/mpeg"
    refused = client_of(other).get(address())
    assert (refused.status_code, "X-Accel-Redirect" in refused) == (404, False)


@pytest.fixture
def lossless(music: Path) -> Path:
    """A file in Apple Lossless, which not every browser plays."""
    (music / "a.m4a").write_bytes(m4a(lossless=True, title="A", artist="A"))
    bring(music)
    return music / "a.m4a"


def stand_in(tmp_path: Path, lines: str) -> str:
    """A program in ffmpeg's place."""
    program = tmp_path / "ffmpeg"
    program.write_text(f"#!{sys.executable}\nimport sys\n{lines}\n")
    program.chmod(0o755)
    return str(program)


def test_without_ffmpeg_a_lossless_file_is_sent_as_it_is(
    lossless: Path, owner: Any, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcoding.shutil, "which", lambda name: None)
    answer = client_of(owner).get(address())
    assert (answer["Content-Type"], body(answer)) == ("audio/mp4", lossless.read_bytes())


def test_with_ffmpeg_it_is_made_mp3_once(
    lossless: Path,
    owner: Any,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    program = stand_in(
        tmp_path, "open(sys.argv[-1], 'ab').write(b'made of ' + ' '.join(sys.argv).encode())"
    )
    monkeypatch.setattr(transcoding.shutil, "which", lambda name: program)
    client = client_of(owner)
    answer = client.get(address())
    made = body(answer)
    assert (answer["Content-Type"], made[:8]) == ("audio/mpeg", b"made of ")
    assert f"file:{lossless}".encode() in made
    again = client.get(address(), headers={"Range": "bytes=0-3", "If-Range": answer["ETag"]})
    assert (again.status_code, body(again)) == (206, b"made")


def test_a_file_that_ffmpeg_cannot_read_says_so(
    lossless: Path,
    owner: Any,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    program = stand_in(tmp_path, "sys.exit('no such codec')")
    monkeypatch.setattr(transcoding.shutil, "which", lambda name: program)
    answer = client_of(owner).get(address())
    assert (answer.status_code, answer.json()["code"]) == (503, "audio_unavailable")


def test_what_browsers_play_is_never_transcoded(
    music: Path, owner: Any, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = write(music / "a.flac", title="A", artist="A")
    bring(music)
    monkeypatch.setattr(transcoding.shutil, "which", lambda name: stand_in(tmp_path, "sys.exit(1)"))
    assert body(client_of(owner).get(address())) == path.read_bytes()
