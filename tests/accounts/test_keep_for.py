"""How long moods are kept: what a limit lets go, what it leaves, and that taste still follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import keeping
from accounts.models import KeepFor, User
from accounts.tasks import purge_moods
from emotions.models import Capture, LiveSession, Reading
from moodmusic.settings import env
from recommendations.beliefs import edits
from recommendations.history import history_of
from recommendations.models import (
    MoodAfter,
    Nudge,
    Play,
    Playlist,
    Rating,
    SongList,
    TasteEdit,
    Verdict,
)
from recommendations.services import taste_refold
from tests.catalog.factories import SongFactory
from tests.factories import UserFactory
from tests.moodmusic.pages import text_of
from tests.things import Things, things_of

pytestmark = pytest.mark.django_db
API = "/api/v1/me/keep-for"


def shift(things: Things, days: float) -> datetime:
    """Make all of a listener's things so many days old."""
    at = timezone.now() - timedelta(days=days)
    user = things.reading.user
    for kind in (Capture, Reading, SongList, Verdict):
        kind.objects.filter(user=user).update(created_at=at)
    Rating.objects.filter(user=user).update(created_at=at, updated_at=at, rated_at=at)
    Play.objects.filter(user=user).update(started_at=at, updated_at=at, emotion="happy")
    return at


def days_pass(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """The clock of keeping goes on."""
    later = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(keeping.timezone, "now", lambda: later)


def counts(user: User) -> dict[str, int]:
    kinds = (Reading, Capture, SongList, Rating, Play, Verdict)
    return {kind.__name__: kind.objects.filter(user=user).count() for kind in kinds}


def test_moods_are_kept_for_ever_unless_somebody_chooses(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift(things_of(owner), 4000)
    before = counts(owner)

    purge_moods()

    assert owner.keep_days == KeepFor.FOREVER
    assert counts(owner) == before


def test_an_operator_sets_what_new_accounts_begin_with(settings: Any) -> None:
    before = UserFactory()
    settings.KEEP_MOODS_DAYS = 90

    after = UserFactory()

    assert (before.keep_days, after.keep_days) == (0, 90)
    before.refresh_from_db()
    assert before.keep_days == 0
    assert "MOODMUSIC_KEEP_FOR" in env.known


@pytest.mark.parametrize("days", [KeepFor.DAYS_30, KeepFor.DAYS_90])
def test_moods_go_on_the_day_they_are_too_old(
    owner: User, other: User, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is moved on; the task runs as it does every day."""
    things_of(owner), things_of(other)
    keeping.keep_for_set(user=owner, days=days)
    theirs = counts(other)

    days_pass(monkeypatch, days - 0.01)
    purge_moods()
    assert counts(owner)["Reading"] == 1

    days_pass(monkeypatch, 0.02)
    purge_moods()
    assert counts(owner) == {
        "Reading": 0, "Capture": 0, "SongList": 0, "Rating": 1, "Play": 1, "Verdict": 1,
    }  # fmt: skip
    assert counts(other) == theirs
    # Run once more, it finds nothing.
    purge_moods()
    assert counts(owner)["Rating"] == 1


def test_what_stays_tells_no_mood_of_old_days(owner: User) -> None:
    things = things_of(owner)
    Verdict.objects.create(user=owner, song=things.song, kind="not_for_this_mood", emotion="sad")
    Verdict.objects.create(user=owner, song=things.song, kind="never")
    at = shift(things, 31)

    went = keeping.keep_for_set(user=owner, days=30)

    assert {one.name: one.count for one in went} == {
        "readings": 1, "captures": 1, "lists": 1, "ratings": 1, "plays": 1, "verdicts": 1,
    }  # fmt: skip
    rating, play = Rating.objects.get(), Play.objects.get()
    assert (rating.stars, rating.emotion, rating.song_list, rating.updated_at) == (4, "", None, at)
    assert (play.emotion, play.song_list, play.updated_at) == ("", None, at)
    assert {one.kind for one in Verdict.objects.all()} == {"not_now", "never"}


def test_of_stars_in_several_moods_the_latest_stay(owner: User) -> None:
    song = SongFactory()
    for age, emotion, stars in ((50, "sad", 1), (40, "happy", 5), (60, "", 2), (5, "angry", 3)):
        at = timezone.now() - timedelta(days=age)
        rating = Rating.objects.create(user=owner, song=song, emotion=emotion, stars=stars)
        Rating.objects.filter(pk=rating.pk).update(created_at=at, updated_at=at, rated_at=at)

    keeping.keep_for_set(user=owner, days=30)

    assert set(Rating.objects.values_list("emotion", "stars")) == {("", 5), ("angry", 3)}


def test_stars_of_a_device_that_was_offline_are_of_the_day_they_were_given(owner: User) -> None:
    # Given stars that arrived after later ones; and some that arrived lately, of an old day
    song, other = SongFactory(), SongFactory()
    for rated, emotion, stars, given, heard in (
        (song, "happy", 5, 40, 40),
        (song, "sad", 1, 50, 35),
        (other, "fear", 4, 31, 10),
    ):
        rating = Rating.objects.create(user=owner, song=rated, emotion=emotion, stars=stars)
        at, arrived = (timezone.now() - timedelta(days=age) for age in (given, heard))
        Rating.objects.filter(pk=rating.pk).update(
            rated_at=at, created_at=arrived, updated_at=arrived
        )

    went = keeping.keep_for_set(user=owner, days=30)

    assert [(one.name, one.count) for one in went] == [("ratings", 3)]
    assert set(Rating.objects.values_list("song", "emotion", "stars")) == {
        (song.pk, "", 5),
        (other.pk, "", 4),
    }
    assert keeping.keep_for_set(user=owner, days=30) == []


def test_stars_given_anew_keep_their_mood_and_lose_the_old_day(owner: User) -> None:
    rating = Rating.objects.create(user=owner, song=SongFactory(), emotion="sad", stars=2)
    old, new = (timezone.now() - timedelta(days=age) for age in (40, 3))
    Rating.objects.filter(pk=rating.pk).update(created_at=old, updated_at=new, rated_at=new)

    keeping.keep_for_set(user=owner, days=30)

    rating.refresh_from_db()
    assert (rating.emotion, rating.created_at, rating.updated_at) == ("sad", new, new)


def test_a_new_list_made_from_an_old_mood_goes_with_it(owner: User) -> None:
    things = things_of(owner)
    shift(things, 31)
    SongList.objects.update(created_at=timezone.now())

    keeping.keep_for_set(user=owner, days=30)

    assert not SongList.objects.exists()


def test_a_picture_that_waits_is_left_to_be_read(owner: User) -> None:
    old = timezone.now() - timedelta(days=40)
    waiting = Capture.objects.create(user=owner, state=Capture.State.PENDING, frame_count=1)
    Capture.objects.filter(pk=waiting.pk).update(created_at=old)

    keeping.keep_for_set(user=owner, days=30)

    assert Capture.objects.get() == waiting


def test_taste_is_worked_out_of_what_is_left(
    owner: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    things = things_of(owner)
    Play.objects.update(outcome="completed", position_s=100)
    shift(things, 31)
    rung: list[Any] = []
    monkeypatch.setattr("moodmusic.enqueue.logger", None)
    monkeypatch.setattr(
        "recommendations.tasks.refold_taste.apply_async",
        lambda args, **options: rung.append(args) or taste_refold(user_id=args[0]),
    )
    before = history_of(user_id=owner.pk).confidences()

    with django_capture_on_commit_callbacks(execute=True):
        keeping.keep_for_set(user=owner, days=30)

    after = history_of(user_id=owner.pk)
    assert rung == [(owner.pk,)]
    # What the listener thinks of songs is what it was; in which mood is not known any more.
    assert after.confidences() == pytest.approx(before)
    assert {mood for moods in after.said.values() for mood in moods} == {""}
    owner.taste.refresh_from_db()
    assert owner.taste.events == after.events


def test_an_error_with_one_listeners_moods_keeps_nobody_elses(
    owner: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for user in (owner, other):
        shift(things_of(user), 31)
    User.objects.update(keep_days=30)
    first, second = User.objects.filter(keep_days=30).order_by("pk")
    going = keeping.going
    monkeypatch.setattr(
        keeping,
        "going",
        lambda *, user, days: 1 / 0 if user == first else going(user=user, days=days),
    )

    purge_moods()

    assert (counts(first)["Reading"], counts(second)["Reading"]) == (1, 0)


def test_an_error_half_way_leaves_everything(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    shift(things_of(owner), 31)
    before = counts(owner)
    monkeypatch.setattr(Reading.objects.all().__class__, "delete", lambda rows: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        keeping.keep_for_set(user=owner, days=30)

    monkeypatch.undo()
    owner.refresh_from_db()
    assert (counts(owner), owner.keep_days) == (before, 0)


def test_all_else_that_tells_the_mood_of_old_days_goes(owner: User) -> None:
    # Given what was said in moods 31 days ago, and some of it without a mood or a day ago
    things = things_of(owner)
    for kind, emotion in (("less", "happy"), ("more", ""), ("more", "fear")):
        Nudge.objects.create(user=owner, song=things.song, kind=kind, emotion=emotion)
    MoodAfter.objects.create(user=owner, song_list=things.song_list, answer="better")
    Reading.objects.update(live=things.live, note="A walk.")
    at = shift(things, 31)
    LiveSession.objects.update(started_at=at)
    Nudge.objects.exclude(emotion="fear").update(created_at=at)
    young = LiveSession.objects.create(user=owner)
    assert {one.name for one in keeping.going(user=owner, days=90)} == set()

    went = keeping.keep_for_set(user=owner, days=30)

    counted = {one.name: one.count for one in went}
    assert (counted["nudges"], counted["live_sessions"], counted["moods_after"]) == (2, 1, 1)
    assert all(one.words for one in went)
    assert {(one.kind, one.emotion) for one in Nudge.objects.all()} == {
        ("more", ""),
        ("more", "fear"),
    }
    assert list(LiveSession.objects.all()) == [young]
    assert not MoodAfter.objects.exists()
    # A playlist is the listener's own and tells no mood.
    assert Playlist.objects.get() == things.playlist


def test_what_a_change_of_taste_keeps_grows_old_too(owner: User) -> None:
    # Given a reset a day ago, of what was said 31 days ago and lately
    song, other = SongFactory(), SongFactory()
    for emotion, stars in (("sad", 1), ("happy", 5)):
        Rating.objects.create(user=owner, song=song, emotion=emotion, stars=stars)
    for word, emotion in (("never", ""), ("not_for_this_mood", "sad")):
        Verdict.objects.create(user=owner, song=song, kind=word, emotion=emotion)
    Nudge.objects.create(user=owner, song=song, kind="more", emotion="sad")
    old = timezone.now() - timedelta(days=31)
    for kind in (Rating, Verdict, Nudge):
        kind.objects.update(created_at=old)
    earlier = old - timedelta(days=1)
    Rating.objects.filter(emotion="sad").update(updated_at=earlier, rated_at=earlier)
    Rating.objects.filter(emotion="happy").update(updated_at=old, rated_at=old)
    Rating.objects.create(user=owner, song=other, emotion="fear", stars=4)
    changed = edits.rating_change(user=owner, rating=Rating.objects.get(emotion="sad"), stars=2)
    Rating.objects.filter(emotion="sad").update(updated_at=earlier, rated_at=earlier)
    reset = edits.taste_reset(user=owner, emotion=None)

    went = keeping.keep_for_set(user=owner, days=30)

    assert {one.name: one.count for one in went} == {"taste_edits": 2}
    assert list(TasteEdit.objects.all()) == [reset]
    assert changed is not None
    reset.refresh_from_db()
    assert "sad" not in str(reset.before)
    assert "happy" not in str(reset.before)
    # Its undo brings back what an old mood leaves behind: the latest stars, and what is for good.
    edits.edit_undo(edit=reset)
    assert set(Rating.objects.values_list("emotion", "stars")) == {("", 5), ("fear", 4)}
    assert [one.kind for one in Verdict.objects.all()] == ["never"]
    assert not Nudge.objects.exists()
    # Nothing is left to go.
    assert keeping.keep_for_set(user=owner, days=30) == []


# --- The page -------------------------------------------------------------------------------------


def test_the_page_shows_what_would_go_and_asks(
    owner: User, client_of: Callable[[Any], Client]
) -> None:
    shift(things_of(owner), 31)
    client = client_of(owner)
    before = counts(owner)

    asked = client.post("/privacy/keep-for/", {"days": "30"})

    words = text_of(asked)
    for line in ("1 mood", "1 attempt to read your face", "1 list", "the mood of 1 rating"):
        assert line in words
    owner.refresh_from_db()
    assert (asked.status_code, owner.keep_days, counts(owner)) == (200, 0, before)

    done = client.post("/privacy/keep-for/", {"days": "30", "sure": "1"}, follow=True)

    owner.refresh_from_db()
    assert "Your moods are kept: 30 days." in text_of(done)
    assert (owner.keep_days, counts(owner)["Reading"]) == (30, 0)


def test_a_limit_that_lets_nothing_go_is_set_at_once(
    owner: User, client_of: Callable[[Any], Client]
) -> None:
    things_of(owner)

    client_of(owner).post("/privacy/keep-for/", {"days": "90"})

    owner.refresh_from_db()
    assert (owner.keep_days, counts(owner)["Reading"]) == (90, 1)


@pytest.mark.parametrize("days", ["", "31", "-1", "many"])
def test_another_number_of_days_is_refused(
    owner: User, client_of: Callable[[Any], Client], days: str
) -> None:
    answer = client_of(owner).post("/privacy/keep-for/", {"days": days})

    owner.refresh_from_db()
    assert (answer.status_code, owner.keep_days) == (400, 0)


# --- The API --------------------------------------------------------------------------------------


def test_a_phone_looks_and_then_sets_the_limit(
    owner: User, other: User, api_of: Callable[[Any], Any]
) -> None:
    shift(things_of(owner), 31)
    api = api_of(owner)

    assert api.get(API).json() == {"days": None, "went": []}
    look = api.get(API, {"days": 30}).json()
    assert look["days"] is None
    assert look["went"][0] == {"name": "readings", "count": 1, "words": "1 mood"}
    assert counts(owner)["Reading"] == 1
    done = api.put(API, {"days": 30}, format="json").json()

    assert (done["days"], done["went"]) == (30, look["went"])
    assert counts(owner)["Reading"] == 0
    assert api.put(API, {"days": None}, format="json").json() == {"days": None, "went": []}
    assert api_of(other).get(API).json()["days"] is None


@pytest.mark.parametrize("body", [{"days": 31}, {"days": "ever"}, {}])
def test_a_phone_cannot_name_another_limit(
    owner: User, api_of: Callable[[Any], Any], body: dict[str, Any]
) -> None:
    answer = api_of(owner).put(API, body, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
