"""Deleting an account."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configuration
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import Consent, User
from accounts.services import account_erase, consent_grant
from accounts.sessions import sessions_forget
from catalog.models import Annotation, AudioFile, ImportRun, Song
from emotions.frames import frames_load, frames_write
from emotions.models import Capture
from tests.accounts.all_of import EMAIL, PK, listener_with_everything, sign_in
from tests.accounts.leading import models_that_lead_to_the_user, rows_that_lead_to
from tests.catalog.factories import SongFactory
from tests.factories import PASSWORD, UserFactory
from tests.things import things_of

pytestmark = pytest.mark.django_db
API = "/api/v1/me/erasure"
#: A curator's work on everybody's songs, and what it changed.
KEPT_WITHOUT_A_NAME = {
    "catalog.Annotation",
    "catalog.Edit",
    "catalog.HistoricalSong",
    "catalog.HistoricalSong_moods",
    "catalog.ImportProblem",
    "catalog.ImportRun",
    "catalog.Placement",
}


def test_the_password_is_asked_for(owner: User, api_of: Callable[[Any], Any]) -> None:
    answer = api_of(owner).post(API, {"password": "wrong"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_password")
    assert User.objects.filter(pk=owner.pk).exists()


def test_guessing_it_is_slowed_down(owner: User, api_of: Callable[[Any], Any]) -> None:
    for _ in range(5):
        api_of(owner).post(API, {"password": "wrong"}, format="json")

    answer = api_of(owner).post(API, {"password": PASSWORD}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert int(answer["Retry-After"]) == answer.json()["retry_after"] <= 61


def test_the_account_goes_with_all_that_is_its_own(owner: User, other: User) -> None:
    for user in (owner, other):
        consent_grant(user=user)
    things = things_of(owner)
    kept = things_of(other)
    phone = sign_in(owner.email)

    answer = Client().post(API, {"password": PASSWORD}, "application/json", headers=phone)

    assert answer.status_code == 204
    assert list(User.objects.all()) == [other]
    assert [row.user for row in Consent.objects.all()] == [other]
    for name in ("reading", "capture", "song_list", "play", "verdict"):
        kind = type(getattr(kept, name))
        assert list(kind.objects.all()) == [getattr(kept, name)], name
    assert {things.song, kept.song} <= set(Song.objects.all())
    assert Client().get("/api/v1/me", headers=phone).status_code == 401
    assert not Session.objects.filter(session_key=phone["X-Session-Token"]).exists()


# --- Nothing is left ------------------------------------------------------------------------------


def rows_that_name(*needles: str) -> Iterator[str]:
    """ "table.column: value" for every value of every table in which a text is found.

    What sessions hold is unsealed first.
    """
    tables = connection.introspection.table_names()
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {quote(table)}")  # noqa: S608 - names of our own tables
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if any(needle in str(value).lower() for needle in needles):
                        yield f"{table}.{column}: {value}"
    for session in Session.objects.all():
        held = json.dumps(session.get_decoded(), default=str).lower()
        if any(needle in held for needle in needles):
            yield f"session: {held}"


@pytest.fixture
def music(tmp_path: Path, settings: Any) -> Path:
    settings.MUSIC_DIR = tmp_path / "music"
    settings.COVERS_DIR = tmp_path / "covers"
    return tmp_path / "music"


def test_no_row_and_no_text_names_the_listener_afterwards(
    music: Path, other: User, django_capture_on_commit_callbacks: Any
) -> None:
    """Every column of every table is searched for the id and the address."""
    user, things = listener_with_everything(music)
    browser = Client()
    browser.force_login(user)
    browser.get("/privacy/")
    phone = sign_in(EMAIL)
    asked = {"reading": str(things.reading.pk), "goal": "match"}
    made = Client().post("/api/v1/lists", asked, "application/json", headers=phone)
    assert made.status_code == 201
    assert [key for key in cache._cache if str(PK) in key] != []  # type: ignore[attr-defined]
    # A visitor's session that waits for a word of this account's.
    waiting = Client().session
    waiting["account_login"] = {"user_pk_str": str(PK), "email": EMAIL}
    waiting.save()
    needles = (str(PK), EMAIL)
    before = list(rows_that_name(*needles))
    assert len({place.partition(":")[0] for place in before}) > 25

    with django_capture_on_commit_callbacks(execute=True):
        answer = Client().post(API, {"password": PASSWORD}, "application/json", headers=phone)

    assert answer.status_code == 204
    assert list(rows_that_name(*needles)) == []
    assert not Song.objects.filter(title="My own song").exists()
    assert not AudioFile.objects.exists()
    assert [path for path in music.rglob("*") if path.is_file()] == []
    assert [key for key in cache._cache if str(PK) in key] == []  # type: ignore[attr-defined]
    # A curator's work stays, without a name.
    said = Annotation.objects.filter(song=things.song, source__in=("listener", "curator"))
    assert list(said.values_list("source", "author")) == [("curator", None)]
    assert User.objects.filter(pk=other.pk).exists()


def test_every_table_that_leads_to_a_user_had_a_row_to_find(
    music: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """The searches are only as good as the rows they have to find; and rows that name the listener
    by way of others alone, such as the songs of a playlist, are gone as well.
    """
    user, _things = listener_with_everything(music)
    phone = sign_in(EMAIL)
    before = rows_that_lead_to(user)
    leading = models_that_lead_to_the_user()
    assert {model._meta.label for model in leading if not before[model]} == set()

    with django_capture_on_commit_callbacks(execute=True):
        answer = Client().post(API, {"password": PASSWORD}, "application/json", headers=phone)

    assert answer.status_code == 204
    left = {
        model._meta.label
        for model, keys in before.items()
        if model._base_manager.filter(pk__in=keys).exists()
    }
    assert left == KEPT_WITHOUT_A_NAME
    assert not Song.history.filter(title="My own song").exists()


def test_pictures_that_wait_go_at_once(
    owner: User, django_capture_on_commit_callbacks: Any
) -> None:
    capture = Capture.objects.create(user=owner, frame_count=1)
    frames_write(capture.pk, [b"a face"])
    assert frames_load(capture.pk, 1) == [b"a face"]

    with django_capture_on_commit_callbacks(execute=True):
        account_erase(user=owner, password=PASSWORD)

    with pytest.raises(FileNotFoundError):
        frames_load(capture.pk, 1)


@pytest.mark.parametrize("all_at_once", [False, True], ids=["one", "many"])
def test_own_songs_leave_no_history_whatever_else_there_is(all_at_once: bool) -> None:
    """Of a listener with little else, Django deletes the songs behind the user."""
    user: Any = UserFactory()
    own = SongFactory(title="My own song", owner=user)
    assert Song.history.filter(id=own.pk).exists()

    if all_at_once:
        User.objects.filter(pk=user.pk).delete()
    else:
        account_erase(user=user, password=PASSWORD)

    assert not User.objects.filter(pk=user.pk).exists()
    assert not Song.history.filter(title="My own song").exists()


def test_own_songs_leave_no_folder_no_made_sound_and_no_import(
    music: Path, tmp_path: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Of a song that both have, the other's keeps what was made to play it."""
    settings.AUDIO_CACHE_DIR = tmp_path / "audio"
    settings.AUDIO_CACHE_DIR.mkdir()
    user, other = UserFactory(id=PK), UserFactory()
    for owner, digest in ((user, "a" * 64), (user, "b" * 64), (other, "b" * 64)):
        path = f"of-{owner.pk}/{digest[:2]}/{digest}.m4a"
        (music / path).parent.mkdir(parents=True, exist_ok=True)
        (music / path).write_bytes(b"sound")
        (settings.AUDIO_CACHE_DIR / f"file-{digest}.mp3").write_bytes(b"sound as MP3")
        AudioFile.objects.create(
            song=SongFactory(owner=owner), path=path, copied=True, size=5, modified_ns=1,
            digest=digest, content_type="audio/mp4; codecs=alac",
        )  # fmt: skip
    for owner_id in (PK, other.pk, None):
        run = ImportRun.objects.create(
            kind="folder", path="/music", name="/music", options={"owner": owner_id}
        )
        run.problems.create(place="A diary.mp3", code="broken", detail="No audio is in it.")

    with django_capture_on_commit_callbacks(execute=True):
        account_erase(user=user, password=PASSWORD)

    assert [folder.name for folder in music.iterdir()] == [f"of-{other.pk}"]
    assert [path.read_bytes() for path in music.rglob("*.m4a")] == [b"sound"]
    assert [file.name for file in settings.AUDIO_CACHE_DIR.iterdir()] == [f"file-{'b' * 64}.mp3"]
    assert [run.options["owner"] for run in ImportRun.objects.order_by("created_at")] == [
        other.pk,
        None,
    ]


def test_an_administrators_deletion_leaves_as_little(
    music: Path, django_capture_on_commit_callbacks: Any
) -> None:
    user, _things = listener_with_everything(music)
    admin = User.objects.create_superuser("root@example.org", PASSWORD)
    client = Client()
    client.force_login(admin)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/accounts/user/{user.pk}/delete/", {"post": "yes"})

    assert not User.objects.filter(pk=PK).exists()
    assert list(rows_that_name(EMAIL)) == []


def test_other_sessions_stay(owner: User, other: User) -> None:
    theirs, mine = sign_in(other.email), sign_in(owner.email)

    sessions_forget(owner.pk, owner.email)

    assert Client().get("/api/v1/me", headers=theirs).status_code == 200
    assert Client().get("/api/v1/me", headers=mine).status_code == 401


def test_an_address_that_this_one_is_part_of_is_another() -> None:
    """What names joann@example.org names nobody who is called ann@example.org."""
    ann: Any = UserFactory(email="ann@example.org")
    joann: Any = UserFactory(email="joann@example.org")
    longer: Any = UserFactory(email="ann@example.org.uk")
    theirs = [sign_in(user.email) for user in (joann, longer)]
    waiting = Client().session
    waiting["said"] = {"words": "A link was sent to Ann@example.org."}
    waiting.save()
    content = ContentType.objects.get_for_model(Song)
    for what in (joann.email, longer.email, f"a song of {ann.email}."):
        LogEntry.objects.create(
            user=joann, content_type=content, object_id="1", object_repr=what, action_flag=CHANGE
        )

    account_erase(user=ann, password=PASSWORD)

    assert [Client().get("/api/v1/me", headers=one).status_code for one in theirs] == [200, 200]
    assert not Session.objects.filter(session_key=waiting.session_key).exists()
    left = set(LogEntry.objects.values_list("object_repr", flat=True))
    assert left == {joann.email, longer.email}


def test_a_browser_is_a_visitors_again(owner: User) -> None:
    client = Client()
    client.force_login(owner)

    answer = client.post("/settings/erasure/", {"password": PASSWORD}, follow=True)

    assert "Your account and everything that belonged to it is deleted." in answer.content.decode()
    assert client.get("/privacy/")["Location"].startswith("/accounts/login/")
    assert configuration.SESSION_COOKIE_NAME in client.cookies
