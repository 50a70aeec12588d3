"""Taking everything away: a zip of JSON and CSV, with all that is a listener's and no more."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts import export
from accounts.holdings import holdings
from accounts.models import User
from accounts.services import consent_grant
from catalog.models import AudioFile, ImportRun
from recommendations.library.playlists import playlist_share
from recommendations.models import Play, Playlist, Rating
from tests.accounts.all_of import EMAIL, listener_with_everything
from tests.accounts.leading import models_that_lead_to_the_user
from tests.catalog.factories import SongFactory
from tests.things import things_of

pytestmark = pytest.mark.django_db


def unzipped(answer: Any) -> dict[str, bytes]:
    assert answer.status_code == 200, getattr(answer, "content", "")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows(files: dict[str, bytes], subject: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files[f"{subject}.json"])
    return found


@pytest.fixture
def music(tmp_path: Path, settings: Any) -> Path:
    settings.MUSIC_DIR = tmp_path / "music"
    settings.COVERS_DIR = tmp_path / "covers"
    return tmp_path / "music"


def test_a_listener_downloads_all_that_is_theirs(
    music: Path, client_of: Callable[[Any], Client]
) -> None:
    user, things = listener_with_everything(music)

    answer = client_of(user).post("/privacy/download/")
    files = unzipped(answer)

    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith('attachment; filename="moodmusic-2')
    (account,) = rows(files, "account")
    assert (account["email"], account["curator"], account["groups"]) == (EMAIL, True, ["curator"])
    (reading,) = rows(files, "readings")
    assert (reading["id"], reading["corrected_to"]) == (str(things.reading.pk), "sad")
    assert sum(reading["probabilities"].values()) == pytest.approx(1)
    assert {one["state"] for one in rows(files, "captures")} == {"read", "pending"}
    assert [one["withdrawn_at"] is None for one in rows(files, "consents")] == [False]
    (song,) = rows(files, "list_songs")
    assert (song["position"], song["parts"]["mood"], song["reason"]) == (1, 1.0, "It fits.")
    assert [one["stars"] for one in rows(files, "ratings")] == [4]
    assert {one["source"] for one in rows(files, "opinions")} == {"listener", "curator"}
    assert [one["title"] for one in rows(files, "own_songs")] == ["My own song"]
    assert reading["note"] == "A walk by the river."
    assert [one["end"] for one in rows(files, "live_sessions")] == ["stopped"]
    assert {(one["kind"], one["emotion"]) for one in rows(files, "nudges")} == {("more", "sad")}
    tail = next(one for one in rows(files, "lists") if one["began_as_id"])
    assert tail["began_as_id"] == str(things.song_list.pk)
    assert [(one["answer"], one["emotion"]) for one in rows(files, "moods_after")] == [
        ("better", "happy")
    ]
    assert [one["asks_after"] for one in rows(files, "journal_wishes")] == [False]
    assert [one["song"] for one in rows(files, "playlist_songs")] == [str(things.song.pk)]
    kept = next(one["before"] for one in rows(files, "taste_edits") if one["kind"] == "rating")
    assert kept["Rating"][0]["stars"] == 2
    (own,) = [name for name in files if name.startswith("files/")]
    assert (own.endswith(".mp3"), files[own]) == (True, b"sound of zenobia")
    # Every subject has something to tell of this listener.
    assert [name for name, content in files.items() if content == b"[]\n"] == []


def test_each_subject_is_a_table_too(music: Path, api_of: Callable[[Any], Any]) -> None:
    user, _things = listener_with_everything(music)

    files = unzipped(api_of(user).post("/api/v1/me/export"))

    for name in {name.removesuffix(".json") for name in files if name.endswith(".json")}:
        table = list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode("utf-8-sig"))))
        assert [list(row) for row in table] == [list(row) for row in rows(files, name)], name
    # What a spreadsheet would take for a formula is text there, and exact in JSON.
    assert rows(files, "hidden_artists")[0]["artist"] == "=Hidden & Sons"
    assert "'=Hidden & Sons" in files["hidden_artists.csv"].decode()


def test_the_readme_says_what_is_what(music: Path, api_of: Callable[[Any], Any]) -> None:
    user, _things = listener_with_everything(music)

    files = unzipped(api_of(user).post("/api/v1/me/export"))

    readme = files["README.txt"].decode()
    assert f"everything that is kept of {EMAIL}" in readme
    assert "no pictures of your face" in readme
    for holding in holdings():
        for subject in holding.subjects:
            assert f"\n{subject.name} " in readme
            assert str(subject.about) in readme
        for label, reason in holding.not_told.items():
            assert f"{label}: {reason}" in readme
    assert "May MoodMusic read your expression?" in files["consent-text.txt"].decode()
    kinds = {Path(name).suffix for name in files}
    assert kinds == {".json", ".csv", ".txt", ".mp3"}


def test_nothing_of_others_is_in_it(owner: User, other: User, api_of: Callable[[Any], Any]) -> None:
    consent_grant(user=other)
    mine, theirs = things_of(owner), things_of(other)

    files = unzipped(api_of(owner).post("/api/v1/me/export"))

    everything = b"\n".join(files.values()).decode()
    assert {name for name in mine.private_ids() if name not in everything} == set()
    assert not any(name in everything for name in theirs.private_ids())
    assert other.email not in everything
    assert rows(files, "consents") == []


def test_no_secret_is_in_it(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    shared = Playlist.objects.create(user=owner, name="For friends")
    Playlist.objects.create(user=owner, name="For me")
    token = playlist_share(playlist=shared)

    files = unzipped(client.post("/privacy/download/"))

    everything = b"\n".join(files.values()).decode()
    told = {one["name"]: one["shared"] for one in rows(files, "playlists")}
    assert told == {"For friends": True, "For me": False}
    assert len(token) > 20
    assert token not in everything
    assert owner.password not in everything
    assert str(client.session.session_key) not in everything


def test_it_needs_a_sign_in_and_a_post(client: Client, owner: User) -> None:
    assert client.post("/privacy/download/")["Location"].startswith("/accounts/login/")
    assert client.post("/api/v1/me/export").status_code == 401
    client.force_login(owner)
    assert client.get("/privacy/download/").status_code == 405


def test_it_is_not_made_without_end(owner: User, api_of: Callable[[Any], Any]) -> None:
    api = api_of(owner)
    for _each in range(export.EXPORTS):
        unzipped(api.post("/api/v1/me/export"))

    answer = api.post("/api/v1/me/export")

    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert 0 < int(answer["Retry-After"]) <= export.EXPORTS_PERIOD_S


def test_files_that_are_gone_or_too_large_are_named(
    music: Path, api_of: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    user, _things = listener_with_everything(music)
    monkeypatch.setattr(export, "FILES_MOST", 15)

    files = unzipped(api_of(user).post("/api/v1/me/export"))

    assert not any(name.startswith("files/") for name in files)
    assert "too large to go in" in files["README.txt"].decode()


def test_imports_of_own_songs_are_told_whoever_began_them(
    owner: User, other: User, api_of: Callable[[Any], Any]
) -> None:
    for name, by, owner_id in (
        ("mine", None, owner.pk),
        ("begun", owner, None),
        ("theirs", None, other.pk),
        ("everybody's", other, None),
    ):
        ImportRun.objects.create(
            kind="folder", path="/music", name=name, by=by, options={"owner": owner_id}
        )

    files = unzipped(api_of(owner).post("/api/v1/me/export"))

    assert {one["name"] for one in rows(files, "imports")} == {"mine", "begun"}


def own_file(song: Any, place: Path, content: bytes) -> None:
    place.write_bytes(content)
    AudioFile.objects.create(
        song=song, path=str(place), size=len(content), modified_ns=1, digest="e" * 64,
        content_type="audio/mpeg",
    )  # fmt: skip


def test_a_file_too_large_leaves_room_for_those_behind_it(
    owner: User, tmp_path: Path, api_of: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    song = SongFactory(owner=owner)
    for name, content in (("1.mp3", b"far too much"), ("2.mp3", b"little"), ("3.mp3", b"less")):
        own_file(song, tmp_path / name, content)
    monkeypatch.setattr(export, "FILES_MOST", 10)

    files = unzipped(api_of(owner).post("/api/v1/me/export"))

    told = {content for name, content in files.items() if name.startswith("files/")}
    assert told == {b"little", b"less"}


def test_what_a_link_in_a_files_place_leads_to_is_not_in_it(
    owner: User, tmp_path: Path, api_of: Callable[[Any], Any]
) -> None:
    """Somebody may write in a folder of music, and put a link there after it was imported."""
    own_file(SongFactory(owner=owner), tmp_path / "mine.mp3", b"sound")
    (tmp_path / "secret_key").write_bytes(b"a secret of the server's")
    (tmp_path / "mine.mp3").unlink()
    (tmp_path / "mine.mp3").symlink_to(tmp_path / "secret_key")

    files = unzipped(api_of(owner).post("/api/v1/me/export"))

    assert not any(name.startswith("files/") for name in files)
    assert "too large to go in" in files["README.txt"].decode()


def test_a_download_that_fails_leaves_no_half_of_it(
    owner: User, client_of: Callable[[Any], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_readme", lambda *given: 1 / 0)
    client = client_of(owner)
    client.raise_request_exception = False

    assert client.post("/privacy/download/").status_code == 500


def test_many_rows_need_little_memory(owner: User) -> None:
    song = SongFactory()
    Play.objects.bulk_create(
        (Play(user=owner, song=song, position_s=place) for place in range(20_000)), batch_size=2000
    )
    Rating.objects.create(user=owner, song=song, stars=5)

    tracemalloc.start()
    with export.export_write(user=owner) as file:
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        with zipfile.ZipFile(file) as archive:
            plays = json.loads(archive.read("plays.json"))

    assert len(plays) == 20_000
    # As many again would take no more: rows go by in pieces of 2,000.
    assert peak < 24 * 1024 * 1024


# --- Completeness ---------------------------------------------------------------------------------


def test_every_model_that_leads_to_a_user_is_told_or_has_its_reason() -> None:
    """A new model makes this fail until its app's `holdings` names it (see accounts.holdings)."""
    leading = {model._meta.label for model in models_that_lead_to_the_user()}
    told = {label for one in holdings() for subject in one.subjects for label in subject.models}
    not_told = {label for one in holdings() for label in one.not_told}

    assert leading - told - not_told == set()
    assert told & not_told == set()
    # Nothing is named that does not exist (any more), or that has nothing to do with a user.
    assert (told | not_told) - leading == set()


def test_every_subject_has_a_name_of_its_own() -> None:
    names = [subject.name for one in holdings() for subject in one.subjects]

    assert sorted(names) == sorted(set(names))
    assert all(name.replace("_", "").isalpha() for name in names)
