"""Playing a song: who may, and which bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from catalog.models import Song
from tests.catalog.factories import SongFactory
from tests.factories import PASSWORD


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for the whole module: the piece is rendered by the first test that plays it."""
    return tmp_path_factory.mktemp("audio")


@pytest.fixture
def song(db: None, folder: Path, settings: Any) -> Song:
    settings.AUDIO_CACHE_DIR = folder
    return SongFactory(piece="happy-001", moods=["happy"])


@pytest.fixture(params=["/songs/{}/audio", "/api/v1/songs/{}/audio"])
def address(request: pytest.FixtureRequest, song: Song) -> str:
    return str(request.param).format(song.pk)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_listener_gets_the_whole_song(
    owner: Any, client_of: Callable[[Any], Client], address: str
) -> None:
    answer = client_of(owner).get(address, headers={"Accept": "audio/mpeg"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "audio/mpeg"
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Cache-Control"].startswith("private")
    assert answer["ETag"].startswith('"happy-001.')
    sound = body(answer)
    assert len(sound) == int(answer["Content-Length"]) > 100_000
    # HEAD says the same and sends nothing
    head = client_of(owner).head(address)
    assert (head.status_code, head["Content-Length"]) == (200, str(len(sound)))
    assert body(head) == b""


def test_players_seek_with_ranges(
    owner: Any, client_of: Callable[[Any], Client], address: str
) -> None:
    client = client_of(owner)
    whole = client.get(address)
    sound, tag = body(whole), whole["ETag"]
    part = client.get(address, headers={"Range": "bytes=1000-1999"})
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 1000-1999/{len(sound)}"
    assert body(part) == sound[1000:2000]
    same = client.get(address, headers={"Range": "bytes=-500", "If-Range": tag})
    assert (same.status_code, body(same)) == (206, sound[-500:])
    changed = client.get(address, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
    assert (changed.status_code, body(changed)) == (200, sound)
    beyond = client.get(address, headers={"Range": f"bytes={len(sound)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(sound)}")
    known = client.get(address, headers={"If-None-Match": tag})
    assert (known.status_code, body(known)) == (304, b"")


def test_anonymous_visitors_hear_nothing(
    anonymous: Any, client_of: Callable[[Any], Client], address: str
) -> None:
    for headers in ({}, {"X-Session-Token": "invented"}):
        answer = client_of(anonymous).get(address, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["code"] == "not_authenticated"


def test_a_phone_plays_with_its_token(owner: Any, address: str) -> None:
    phone = Client()
    signed_in = phone.post(
        "/api/v1/auth/login",
        {"email": owner.email, "password": PASSWORD},
        content_type="application/json",
    )
    token = signed_in.json()["meta"]["session_token"]
    answer = Client().get(address, headers={"X-Session-Token": token, "Range": "bytes=0-99"})
    assert (answer.status_code, len(body(answer))) == (206, 100)


def test_hidden_songs_are_heard_by_curators_alone(
    owner: Any, curator: Any, client_of: Callable[[Any], Client], song: Song, address: str
) -> None:
    Song.objects.filter(pk=song.pk).update(hidden=True)
    refused = client_of(owner).get(address)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert client_of(curator).get(address, headers={"Range": "bytes=0-9"}).status_code == 206


def test_songs_that_do_not_exist_are_not_found(
    owner: Any, client_of: Callable[[Any], Client], song: Song
) -> None:
    for path in ("/songs/{}/audio", "/api/v1/songs/{}/audio"):
        assert client_of(owner).get(path.format(uuid4())).status_code == 404


def test_audio_is_read_only(owner: Any, client_of: Callable[[Any], Client], address: str) -> None:
    answer = client_of(owner).put(address)
    assert answer.status_code in (403, 405)  # refused for the missing CSRF token or the method


def test_a_song_that_cannot_be_rendered_says_so(
    owner: Any, client_of: Callable[[Any], Client], song: Song, address: str
) -> None:
    Song.objects.filter(pk=song.pk).update(piece="happy-999")
    answer = client_of(owner).get(address)
    assert (answer.status_code, answer.json()["code"]) == (503, "audio_unavailable")
    assert answer["Content-Type"] == "application/problem+json"
