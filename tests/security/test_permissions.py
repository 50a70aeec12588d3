"""Who may do what over the API: every operation of the schema x every persona.

A new endpoint makes `test_every_operation_has_a_rule` fail until it has a line in RULES.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import pytest
from django.db import models
from drf_spectacular.generators import SchemaGenerator
from PIL import Image

from accounts.models import User
from accounts.services import consent_grant
from emotions.models import Capture, LiveSession, Reading
from recommendations.models import (
    Nudge,
    Play,
    Playlist,
    PrivateStretch,
    Rating,
    SongList,
    TasteEdit,
    Verdict,
)
from tests.factories import PASSWORD
from tests.things import Things, things_of

pytestmark = pytest.mark.django_db


class Access(Enum):
    """Who gets an answer."""

    #: Anybody; these are the ways in.
    PUBLIC = auto()
    #: Whoever is signed in, and each sees or changes only what is their own.
    OWN = auto()
    #: Whoever is signed in, and everybody sees the same.
    SHARED = auto()
    #: The owner of the object in the address; for others it does not exist.
    OWNER = auto()


Body = Callable[[Things], dict[str, Any]]


@dataclass(frozen=True)
class Rule:
    access: Access
    #: Status for the owner (for SHARED and OWN: for anybody signed in, unless `others` says else).
    status: int = 200
    body: Body = field(default=lambda things: {})
    #: Status for other and curator where it differs: a body that names the owner's things.
    others: int | None = None
    #: Status for a curator where it differs from everybody's.
    curator: int | None = None
    anonymous: int = 401
    multipart: bool = False
    #: The endpoint answers anonymous callers itself, in allauth's shape.
    allauth: bool = False


def a_frame() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "grey").save(file, "JPEG")
    file.seek(0)
    file.name = "frame.jpg"
    return file


PUBLIC, OWN, SHARED, OWNER = Access.PUBLIC, Access.OWN, Access.SHARED, Access.OWNER
RULES: dict[tuple[str, str], Rule] = {
    # Ways in. Signing up or in while signed in with a token is allauth's 409.
    ("get", "config"): Rule(PUBLIC),
    ("post", "auth/signup"): Rule(PUBLIC, 400),
    ("post", "auth/login"): Rule(PUBLIC, 400),
    ("post", "auth/password/request"): Rule(PUBLIC, 400),
    ("get", "auth/password/reset"): Rule(PUBLIC, 400),
    ("post", "auth/password/reset"): Rule(PUBLIC, 400),
    ("get", "auth/email/verify"): Rule(PUBLIC, 400),
    ("post", "auth/email/verify"): Rule(PUBLIC, 400),
    # One's own session and account.
    ("get", "auth/session"): Rule(OWN, allauth=True),
    ("delete", "auth/session"): Rule(OWN, 401, allauth=True),
    ("get", "auth/sessions"): Rule(OWN, allauth=True),
    ("delete", "auth/sessions"): Rule(OWN, 400, allauth=True),
    ("post", "auth/reauthenticate"): Rule(OWN, 400, allauth=True),
    ("get", "account/email"): Rule(OWN, allauth=True),
    # Without a sign-up that waits for its e-mail there is no address to change.
    ("post", "account/email"): Rule(OWN, 400, anonymous=409, allauth=True),
    ("put", "account/email"): Rule(OWN, 400, allauth=True),
    ("patch", "account/email"): Rule(OWN, 400, allauth=True),
    ("delete", "account/email"): Rule(OWN, 400, allauth=True),
    ("post", "account/password/change"): Rule(OWN, 400, allauth=True),
    ("get", "me"): Rule(OWN),
    ("patch", "me"): Rule(OWN, 200, lambda things: {"language": "hi"}),
    ("get", "me/keep-for"): Rule(OWN),
    ("put", "me/keep-for"): Rule(OWN, 200, lambda things: {"days": 30}),
    ("post", "me/export"): Rule(OWN),
    ("get", "me/consent"): Rule(OWN),
    ("put", "me/consent"): Rule(OWN),
    ("delete", "me/consent"): Rule(OWN, 204),
    ("get", "me/favourites"): Rule(OWN),
    ("put", "me/favourites"): Rule(OWN),
    ("get", "me/favourites/choices"): Rule(OWN),
    ("post", "me/erasure"): Rule(OWN, 204, lambda things: {"password": PASSWORD}),
    # Captures and readings.
    ("post", "captures"): Rule(
        OWN, 202, lambda things: {"frames": a_frame()}, others=403, multipart=True
    ),
    ("get", "captures/{capture_id}"): Rule(OWNER),
    ("get", "readings"): Rule(OWN),
    ("post", "readings"): Rule(OWN, 201, lambda things: {"emotion": "happy"}),
    ("get", "readings/{reading_id}"): Rule(OWNER),
    ("put", "readings/{reading_id}/correction"): Rule(
        OWNER, 200, lambda things: {"emotion": "sad"}
    ),
    ("delete", "readings/{reading_id}/correction"): Rule(OWNER, 204),
    # The catalogue.
    ("get", "moods"): Rule(SHARED),
    ("get", "artists"): Rule(SHARED),
    ("get", "artists/{artist_id}"): Rule(SHARED),
    ("put", "artists/{artist_id}/hidden"): Rule(OWN, 204),
    ("delete", "artists/{artist_id}/hidden"): Rule(OWN, 204),
    ("get", "me/hidden-artists"): Rule(OWN),
    ("get", "albums"): Rule(SHARED),
    ("get", "albums/{album_id}"): Rule(SHARED),
    ("get", "songs"): Rule(SHARED),
    ("get", "songs/{song_id}"): Rule(SHARED),
    ("get", "songs/{song_id}/audio"): Rule(SHARED, 404),  # this song has no audio
    ("get", "covers/{name}"): Rule(SHARED, 404),  # no album has this cover
    # Labels are curators'; for anybody else the desk is shut.
    ("get", "songs/{song_id}/label"): Rule(SHARED, 403, curator=200),
    ("put", "songs/{song_id}/label"): Rule(
        SHARED, 403, lambda things: {"moods": ["calm"], "seen": ""}, curator=200
    ),
    ("get", "songs/{song_id}/opinion"): Rule(OWN),
    ("put", "songs/{song_id}/opinion"): Rule(OWN, 200, lambda things: {"moods": ["calm"]}),
    ("delete", "songs/{song_id}/opinion"): Rule(OWN, 204),
    # Lists and feedback. Bodies name the owner's reading or list: others' are not found.
    ("get", "lists"): Rule(OWN),
    ("post", "lists"): Rule(
        OWN, 201, lambda things: {"reading": str(things.reading.pk), "goal": "match"}, others=404
    ),
    ("get", "lists/{list_id}"): Rule(OWNER),
    ("get", "lists/{list_id}/export"): Rule(OWNER),
    ("get", "lists/wishes"): Rule(OWN),
    ("put", "lists/wishes"): Rule(OWN, 200, lambda things: {"new_percent": 30}),
    ("put", "songs/{song_id}/rating"): Rule(
        OWN, 200, lambda things: {"stars": 5, "list": str(things.song_list.pk)}, others=404
    ),
    ("delete", "songs/{song_id}/rating"): Rule(OWN, 204),
    ("post", "plays"): Rule(
        OWN,
        201,
        lambda things: {"song": str(things.song.pk), "list": str(things.song_list.pk)},
        others=404,
    ),
    ("patch", "plays/{play_id}"): Rule(OWNER, 200, lambda things: {"position_s": 3}),
    ("post", "songs/{song_id}/verdicts"): Rule(
        OWN, 201, lambda things: {"kind": "never", "list": str(things.song_list.pk)}, others=404
    ),
    ("delete", "verdicts/{verdict_id}"): Rule(OWNER, 204),
    # Live sessions.
    ("post", "live"): Rule(OWN, 201, others=403),
    ("get", "live/{live_id}"): Rule(OWNER),
    ("put", "live/{live_id}"): Rule(OWNER, 200, lambda things: {"locked": True}),
    ("delete", "live/{live_id}"): Rule(OWNER, 204),
    # The library. An address names the owner's playlist, a body a song, which is everybody's.
    ("get", "playlists"): Rule(OWN),
    ("post", "playlists"): Rule(
        OWN, 201, lambda things: {"name": "New", "list": str(things.song_list.pk)}, others=404
    ),
    ("get", "playlists/{playlist_id}"): Rule(OWNER),
    ("patch", "playlists/{playlist_id}"): Rule(OWNER, 200, lambda things: {"name": "Other"}),
    ("delete", "playlists/{playlist_id}"): Rule(OWNER, 204),
    ("post", "playlists/{playlist_id}/songs"): Rule(
        OWNER, 200, lambda things: {"song": str(things.song.pk)}
    ),
    ("put", "playlists/{playlist_id}/songs"): Rule(
        OWNER, 200, lambda things: {"songs": [str(things.song.pk)], "version": 1}
    ),
    ("delete", "playlists/{playlist_id}/songs/{song_id}"): Rule(OWNER, 204),
    ("put", "playlists/{playlist_id}/link"): Rule(OWNER),
    ("delete", "playlists/{playlist_id}/link"): Rule(OWNER, 204),
    ("get", "playlists/{playlist_id}/export"): Rule(OWNER),
    ("get", "library/favourites"): Rule(OWN),
    ("get", "library/most-played"): Rule(OWN),
    ("get", "library/history"): Rule(OWN),
    ("delete", "library/history"): Rule(OWN, 204),
    ("delete", "library/history/{play_id}"): Rule(OWNER, 204),
    # Taste. A body names the owner's verdict, which is nobody else's.
    ("get", "taste"): Rule(OWN),
    ("get", "taste/edits"): Rule(OWN),
    ("post", "taste/edits"): Rule(
        OWN,
        201,
        lambda things: {"kind": "verdict", "key": str(things.verdict.pk), "do": "remove"},
        others=404,
    ),
    ("delete", "taste/edits/{edit_id}"): Rule(OWNER, 204),
    ("post", "taste/reset"): Rule(OWN, 201, lambda things: {"emotion": None}),
    # The journal.
    ("get", "journal"): Rule(OWN),
    ("patch", "journal/{reading_id}"): Rule(OWNER, 200, lambda things: {"note": "A walk."}),
    ("delete", "journal/{reading_id}"): Rule(OWNER, 204),
    ("get", "journal/summary"): Rule(OWN),
    ("get", "journal/export"): Rule(OWN),
    ("get", "journal/question"): Rule(OWN),
    ("put", "journal/question"): Rule(OWN, 200, lambda things: {"asks": False}),
    ("post", "lists/{list_id}/mood-after"): Rule(OWNER, 200, lambda things: {"answer": "better"}),
    ("delete", "lists/{list_id}/mood-after"): Rule(OWNER, 204),
    ("post", "songs/{song_id}/nudges"): Rule(
        OWN, 201, lambda things: {"kind": "more", "list": str(things.song_list.pk)}, others=404
    ),
    ("delete", "nudges/{nudge_id}"): Rule(OWNER, 204),
    ("post", "lists/{list_id}/tail"): Rule(OWNER, 201),
    ("get", "me/private"): Rule(OWN),
    ("put", "me/private"): Rule(OWN),
    ("delete", "me/private"): Rule(OWN, 204),
}
OPERATIONS = sorted(RULES)


@pytest.fixture
def things(owner: User) -> Things:
    return things_of(owner)


@pytest.fixture
def consenting(owner: User) -> User:
    """The owner agreed to face reading; nobody else did."""
    consent_grant(user=owner)
    return owner


def send(api: Any, operation: tuple[str, str], things: Things, ids: dict[str, Any]) -> Any:
    """Call an operation with the ids in its address and its rule's body."""
    method, where = operation
    rule = RULES[operation]
    body: Any = rule.body(things)
    address = "/api/v1/" + where.format(**ids)
    if method == "get":
        return getattr(api, method)(address)
    return getattr(api, method)(address, body, format="multipart" if rule.multipart else "json")


def said(answer: Any) -> str:
    """All that an answer tells, also that of the files in a zip."""
    if not answer.streaming:
        return str(answer.content.decode())
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def owned_rows(owner: User) -> dict[str, list[dict[str, Any]]]:
    """Everything the owner has, in a form to compare before and after."""
    kinds: tuple[type[models.Model], ...] = (
        Capture, LiveSession, Reading, SongList, Rating, Play, Verdict, PrivateStretch, Playlist,
        Nudge, TasteEdit,
    )  # fmt: skip
    return {
        kind.__name__: list(kind._default_manager.filter(user=owner).order_by("pk").values())
        for kind in kinds
    }


@pytest.fixture
def phone_of() -> Callable[[User], Any]:
    """A client with a real token, as allauth's endpoints do not know DRF's test authentication."""
    from rest_framework.test import APIClient

    def make(user: User) -> Any:
        client = APIClient()
        credentials = {"email": user.email, "password": PASSWORD}
        answer = client.post("/api/v1/auth/login", credentials, format="json")
        assert answer.status_code == 200, answer.content
        client.credentials(HTTP_X_SESSION_TOKEN=answer.json()["meta"]["session_token"])
        return client

    return make


def test_every_operation_has_a_rule() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    operations = {
        (method, path.removeprefix("/api/v1/"))
        for path, item in schema["paths"].items()
        for method in item
    }

    assert operations == set(RULES)


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_anonymous(operation: tuple[str, str], things: Things, api_of: Callable[..., Any]) -> None:
    from django.contrib.auth.models import AnonymousUser

    rule = RULES[operation]
    before = owned_rows(things.reading.user)

    answer = send(api_of(AnonymousUser()), operation, things, things.ids())

    if rule.access is PUBLIC:
        assert answer.status_code not in (401, 403, 404, 405, 500), answer.content
    else:
        assert answer.status_code == rule.anonymous, answer.content
        if not rule.allauth:
            assert answer.json()["code"] == "not_authenticated"
    words = said(answer)
    assert not any(name in words for name in things.private_ids())
    assert owned_rows(things.reading.user) == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_the_owner(
    operation: tuple[str, str], things: Things, consenting: User, phone_of: Callable[..., Any]
) -> None:
    rule = RULES[operation]

    answer = send(phone_of(consenting), operation, things, things.ids())

    if rule.access is not PUBLIC:
        assert answer.status_code == rule.status, getattr(answer, "content", b"")
    if operation in (("get", "readings"), ("get", "lists"), ("post", "me/export")):
        words = said(answer)
        assert any(name in words for name in things.private_ids())


@pytest.mark.parametrize("persona", ["other", "curator"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_somebody_else(
    operation: tuple[str, str],
    persona: str,
    things: Things,
    consenting: User,
    phone_of: Callable[..., Any],
    request: pytest.FixtureRequest,
) -> None:
    rule = RULES[operation]
    somebody: User = request.getfixturevalue(persona)
    before = owned_rows(consenting)

    answer = send(phone_of(somebody), operation, things, things.ids())

    if rule.access is OWNER:
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"
    elif rule.access is not PUBLIC:
        wanted = rule.curator if persona == "curator" else None
        assert answer.status_code == (wanted or rule.others or rule.status), answer.content
    # Nothing of the owner's is shown, and nothing of it has changed.
    words = said(answer)
    assert not any(name in words for name in things.private_ids())
    assert consenting.email not in words
    assert owned_rows(consenting) == before
    assert User.objects.filter(pk=consenting.pk).exists()


@pytest.mark.parametrize(
    "operation",
    [operation for operation in OPERATIONS if RULES[operation].access is OWNER],
    ids=" ".join,
)
def test_a_foreign_object_looks_like_none_at_all(
    operation: tuple[str, str], things: Things, other: User, api_of: Callable[..., Any]
) -> None:
    api = api_of(other)

    foreign = send(api, operation, things, things.ids())
    absent = send(api, operation, things, dict.fromkeys(things.ids(), uuid.uuid4()))

    assert (foreign.status_code, foreign.json()) == (absent.status_code, absent.json())
