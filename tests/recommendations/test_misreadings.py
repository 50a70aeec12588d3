""" "You read my mood wrong": it teaches the reader of faces, and nothing about songs."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from catalog.models import Song
from emotions.models import Reading
from emotions.personal import corrections_of
from emotions.services import reading_correct, reading_uncorrect
from ml.emotion.labels import EMOTIONS
from moodmusic.problems import DomainError
from recommendations.history import history_of
from recommendations.models import SongList, Verdict
from recommendations.services import list_make, verdict_set, verdict_undo
from tests.emotions.factories import ReadingFactory
from tests.recommendations.factories import RatingFactory, VerdictFactory

Api = Callable[[Any], APIClient]
Make = Callable[..., SongList]


@pytest.fixture
def read_list(owner: Any, songs: list[Song]) -> SongList:
    """A list for a face that was read as happy."""
    return list_make(user=owner, reading=ReadingFactory(user=owner), goal="match")


def a_song(song_list: SongList) -> Song:
    song: Song = song_list.items.select_related("song").get(position=1).song
    return song


def test_it_corrects_the_reading_and_so_teaches_the_reader(read_list: SongList) -> None:
    owner, song = read_list.user, a_song(read_list)
    assert read_list.emotion == "happy"

    verdict = verdict_set(
        user=owner, song=song, kind="wrong_mood", song_list=read_list, right_emotion="sad"
    )

    reading = Reading.objects.get(pk=read_list.reading_id)
    assert (reading.label, reading.corrected_to) == ("happy", "sad")
    assert corrections_of(owner.pk).said.tolist() == [EMOTIONS.index("sad")]
    assert (verdict.emotion, verdict.right_emotion) == ("happy", "sad")
    assert list_make(user=owner, reading=reading, goal="match").emotion == "sad"


def test_it_hides_no_song_and_changes_no_taste(
    owner: Any, read_list: SongList, a_list: Make
) -> None:
    song = a_song(read_list)
    RatingFactory(user=owner, song=song, stars=4)
    before = history_of(user_id=owner.pk)

    verdict_set(user=owner, song=song, kind="wrong_mood", song_list=read_list, right_emotion="sad")

    now = timezone.now()
    after = history_of(user_id=owner.pk)
    assert after == before
    for emotion in EMOTIONS:
        assert after.excluded(emotion=emotion, now=now) == set()
        assert after.likings(emotion=emotion) == before.likings(emotion=emotion)
    assert song.pk in {item.song_id for item in a_list(owner, "happy", size=50).items.all()}


@pytest.mark.parametrize("earlier", ["", "fear"])
def test_undo_gives_the_reading_back_what_stood_before(read_list: SongList, earlier: str) -> None:
    reading = read_list.reading
    if earlier:
        reading_correct(reading=reading, emotion=earlier)
    before = Reading.objects.values().get(pk=reading.pk)
    said = {"user": read_list.user, "kind": "wrong_mood", "song_list": read_list}

    first, second = read_list.items.select_related("song")[:2]
    verdict_set(song=first.song, right_emotion="sad", **said)
    verdict = verdict_set(song=second.song, right_emotion="angry", **said)

    # A reading has one such word, the latest; undone, nothing remains of either.
    assert Verdict.objects.get() == verdict
    verdict_undo(verdict=Verdict.objects.get())
    assert Reading.objects.values().get(pk=reading.pk) == before
    assert not Verdict.objects.exists()


def test_undo_leaves_what_was_corrected_since(read_list: SongList) -> None:
    verdict = verdict_set(
        user=read_list.user,
        song=a_song(read_list),
        kind="wrong_mood",
        song_list=read_list,
        right_emotion="sad",
    )
    reading_correct(reading=Reading.objects.get(), emotion="neutral")

    verdict_undo(verdict=verdict)

    assert Reading.objects.get().corrected_to == "neutral"


def test_undo_after_the_correction_was_taken_back_changes_nothing(read_list: SongList) -> None:
    reading_correct(reading=read_list.reading, emotion="fear")
    verdict = verdict_set(
        user=read_list.user,
        song=a_song(read_list),
        kind="wrong_mood",
        song_list=read_list,
        right_emotion="sad",
    )
    reading_uncorrect(reading=Reading.objects.get())

    verdict_undo(verdict=verdict)

    assert Reading.objects.get().corrected_to == ""


def test_the_same_song_may_tell_of_two_readings(owner: Any, songs: list[Song]) -> None:
    lists = [
        list_make(user=owner, reading=ReadingFactory(user=owner), goal="match") for _ in range(2)
    ]

    for song_list in lists:
        verdict_set(
            user=owner,
            song=songs[0],
            kind="wrong_mood",
            song_list=song_list,
            right_emotion="sad",
        )

    assert Verdict.objects.count() == 2
    assert set(Reading.objects.values_list("corrected_to", flat=True)) == {"sad"}


def test_a_mood_named_by_hand_was_not_read_wrong(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    by_hand = a_list(owner)

    with pytest.raises(DomainError) as refused:
        verdict_set(
            user=owner,
            song=songs[0],
            kind="wrong_mood",
            song_list=by_hand,
            right_emotion="sad",
        )

    assert (refused.value.code, refused.value.status) == ("nothing_to_calibrate", 409)
    assert refused.value.extra["reading"] == str(by_hand.reading_id)
    assert Reading.objects.get().corrected_to == ""
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("emotion", ["happy", "bored"])
def test_the_right_emotion_is_another_of_the_seven(read_list: SongList, emotion: str) -> None:
    with pytest.raises(DomainError) as refused:
        verdict_set(
            user=read_list.user,
            song=a_song(read_list),
            kind="wrong_mood",
            song_list=read_list,
            right_emotion=emotion,
        )

    assert (refused.value.code, refused.value.status) == ("invalid", 400)
    assert Reading.objects.get().corrected_to == ""


def test_over_the_api(owner: Any, read_list: SongList, api_of: Api) -> None:
    api, song = api_of(owner), a_song(read_list)
    url = f"/api/v1/songs/{song.pk}/verdicts"
    body = {"kind": "wrong_mood", "list": str(read_list.pk)}

    wanted = api.post(url, body, format="json")
    said = api.post(url, {**body, "right_emotion": "sad"}, format="json")

    assert (wanted.status_code, wanted.json()["code"]) == (409, "correction_wanted")
    assert wanted.json()["reading"] == str(read_list.reading_id)
    assert said.status_code == 201
    assert (said.json()["emotion"], said.json()["right_emotion"]) == ("happy", "sad")
    read = api.get(f"/api/v1/readings/{read_list.reading_id}").json()
    assert (read["label"], read["corrected_to"], read["emotion"]) == ("happy", "sad", "sad")
    # The song stays in its list as it was.
    first = api.get(f"/api/v1/lists/{read_list.pk}").json()["items"][0]
    assert (first["song"]["id"], first["my_verdicts"]) == (str(song.pk), [])

    assert api.delete(f"/api/v1/verdicts/{said.json()['id']}").status_code == 204
    assert api.get(f"/api/v1/readings/{read_list.reading_id}").json()["corrected_to"] is None


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"kind": "wrong_mood", "right_emotion": "bored"}, "invalid"),
        ({"kind": "never", "right_emotion": "sad"}, "invalid"),
        ({"kind": "wrong_mood", "right_emotion": "sad", "list": None}, "list_needed"),
    ],
)
def test_the_api_refuses_what_does_not_fit(
    owner: Any, read_list: SongList, api_of: Api, extra: dict[str, Any], code: str
) -> None:
    url = f"/api/v1/songs/{a_song(read_list).pk}/verdicts"

    answer = api_of(owner).post(url, {"list": str(read_list.pk), **extra}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Verdict.objects.exists()


def test_the_page_leads_to_the_correction_of_a_face_alone(
    owner: Any, read_list: SongList, a_list: Make, client_of: Any
) -> None:
    client = client_of(owner)
    by_hand = a_list(owner)
    correction = f"{reverse('reading_detail', args=[read_list.reading_id])}?correct=1#correct"

    of_face = client.get(reverse("list_detail", args=[read_list.pk])).content.decode()
    of_hand = client.get(reverse("list_detail", args=[by_hand.pk])).content.decode()

    assert of_face.count(f'href="{correction}"') == 20
    # Outside the menu's form, whose htmx target is the song's row and not the page.
    inside = [part for part in of_face.split("</form>") if "/verdicts/" in part]
    assert len(inside) == 20
    assert not any(correction in part.partition("/verdicts/")[2] for part in inside)
    assert "You read me wrong" not in of_hand
    opened = client.get(correction).content.decode()
    assert '<section class="correct" id="correct"' in opened


def test_old_wrong_moods_go_on_leaving_their_song_out_and_teach_nothing(
    owner: Any, other: Any, songs: list[Song]
) -> None:
    # Given wrong moods from when they were about the song, of one listener beside a plain verdict
    migration = importlib.import_module(
        "recommendations.migrations.0005_private_stretch_and_wrong_mood"
    )
    said = {"song": songs[0], "emotion": "happy"}
    VerdictFactory(user=owner, kind="wrong_mood", **said)
    plain = VerdictFactory(user=other, kind="not_for_this_mood", **said)
    VerdictFactory(user=other, kind="wrong_mood", **said)

    migration.keep_songs_left_out(apps, None)

    now = timezone.now() + timedelta(days=30)
    for user in (owner, other):
        history = history_of(user_id=user.pk)
        assert history.excluded(emotion="happy", now=now) == {songs[0].pk}
        assert history.excluded(emotion="sad", now=now) == set()
    assert history_of(user_id=owner.pk).likings(emotion="happy") == {}
    assert Verdict.objects.get(user=other) == plain
    assert not Verdict.objects.get(user=other).private
