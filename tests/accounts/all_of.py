"""A listener who has left something of every kind, for tests of taking it away and deleting it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.selectors import CURATOR_GROUP
from accounts.services import consent_grant, consent_withdraw
from catalog.models import (
    Analysis,
    Annotation,
    AudioFile,
    Edit,
    HiddenArtist,
    ImportProblem,
    ImportRun,
    Mood,
    Placement,
    Song,
)
from emotions.models import Capture, LiveSession, Reading
from emotions.services import reading_correct
from recommendations.beliefs.edits import event_remove
from recommendations.library.playlists import playlist_share
from recommendations.models import (
    Favourite,
    JournalWishes,
    ListWishes,
    MoodAfter,
    Rating,
    SongList,
    Taste,
)
from tests.catalog.factories import ArtistFactory, SongFactory
from tests.factories import PASSWORD, UserFactory
from tests.things import Things, things_of

#: Ids and addresses that nothing else in the database looks like.
PK, EMAIL = 918_273_645, "zenobia.quill@example.org"


def sign_in(email: str) -> dict[str, str]:
    """The header of a token for an account."""
    login = {"email": email, "password": PASSWORD}
    answer = Client().post("/api/v1/auth/login", login, "application/json")
    return {"X-Session-Token": answer.json()["meta"]["session_token"]}


def listener_with_everything(music: Path) -> tuple[User, Things]:
    """An account with at least one row in every table that can hold something of a listener."""
    from allauth.account.models import EmailAddress, EmailConfirmation

    user: Any = UserFactory(id=PK, email=EMAIL, is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=CURATOR_GROUP)[0])
    user.user_permissions.add(Permission.objects.get(codename="view_song"))
    address = EmailAddress.objects.create(user=user, email=EMAIL, primary=True, verified=True)
    EmailConfirmation.objects.create(email_address=address, key="k" * 20, sent=timezone.now())
    consent_grant(user=user)
    consent_withdraw(user=user)
    sign_in(EMAIL)
    things = things_of(user)
    reading_correct(reading=things.reading, emotion="sad")
    _followed_and_told(user, things)
    Capture.objects.create(user=user, state=Capture.State.PENDING, frame_count=1)
    ListWishes.objects.create(user=user, new_percent=30)
    Favourite.objects.create(user=user, genre="ambient")
    Taste.objects.get_or_create(user=user)
    HiddenArtist.objects.create(user=user, artist=ArtistFactory(name="=Hidden & Sons"))
    mood, song = Mood.objects.get(slug="calm"), things.song
    edit = Edit.objects.create(by=user, song=song, kind=Edit.Kind.LABEL)
    for source in (Annotation.Source.LISTENER, Annotation.Source.CURATOR):
        Annotation.objects.create(song=song, mood=mood, author=user, source=source, edit=edit)
        Placement.objects.create(
            song=song, author=user, source=source, valence=0.1, arousal=0.2, edit=edit
        )
    run = ImportRun.objects.create(by=user, kind="table", path="/music.csv", name="music.csv")
    ImportProblem.objects.create(run=run, place="3", code="no_title", detail="A song has no title.")
    content = ContentType.objects.get_for_model(User)
    for who, what in ((user, "a song"), (UserFactory(), EMAIL)):
        LogEntry.objects.create(
            user=who, content_type=content, object_id=str(PK), object_repr=what, action_flag=CHANGE
        )
    _own_song(user, music)
    song._history_user = user
    song.title = "Changed"
    song.save()
    return user, things


def _followed_and_told(user: User, things: Things) -> None:
    """A face that was followed, a note, a list that went on differently, and words after it."""
    LiveSession.objects.filter(pk=things.live.pk).update(ended_at=timezone.now(), end="stopped")
    Reading.objects.filter(pk=things.reading.pk).update(
        live=things.live, note="A walk by the river."
    )
    tail = SongList.objects.get(pk=things.song_list.pk)
    tail.pk, tail.began_as_id, tail._state.adding = uuid4(), things.song_list.pk, True
    tail.save()
    MoodAfter.objects.create(
        user=user, song_list=things.song_list, answer="better", emotion="happy"
    )
    JournalWishes.objects.create(user=user, asks_after=False)
    playlist_share(playlist=things.playlist)
    rating = Rating.objects.create(user=user, song=things.song, emotion="sad", stars=2)
    event_remove(user=user, event=rating)


def _own_song(user: User, music: Path) -> Song:
    own: Song = SongFactory(title="My own song", owner=user, moods=["calm"])
    (music / "own").mkdir(parents=True, exist_ok=True)
    (music / "own" / "mine.mp3").write_bytes(b"sound of zenobia")
    file = AudioFile.objects.create(
        song=own, path="own/mine.mp3", copied=True, size=16, modified_ns=1, digest="d" * 64,
        content_type="audio/mpeg",
    )  # fmt: skip
    Analysis.objects.create(file=file, state=Analysis.State.DONE)
    return own
