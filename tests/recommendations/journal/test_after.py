"""How are you now? Asked once a list, answered by one tap, and counted without a claim."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import Song
from recommendations.journal.after import (
    FEWEST_FOR_GOAL,
    asking_set,
    helped_of,
    question_for,
    question_shown,
)
from recommendations.models import MoodAfter, Play, SongList
from tests.moodmusic.pages import HTMX, text_of
from tests.recommendations.journal.factories import answered, list_for, play_of, reading_at

pytestmark = pytest.mark.django_db


def heard(user: Any, songs: list[Song], *, minutes_ago: float, **fields: Any) -> SongList:
    """A list of which these songs were heard, the last of them so long ago."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    made = list_for(reading_at(user, at, "sad"))
    for song in songs:
        play_of(made, song, at, **fields)
    return made


def test_it_is_asked_when_a_list_ended_and_only_once(
    client_of: Any, owner: Any, songs: list[Song]
) -> None:
    made = heard(owner, songs[:1], minutes_ago=0)
    client = client_of(owner)

    asked = client.get(reverse("mood_after"), **HTMX)
    assert "How are you now?" in text_of(asked)
    assert reverse("mood_after_set", args=[made.pk]) in asked.content.decode()

    # Half an hour later it is not shown again, here or on the pages of a later visit
    MoodAfter.objects.update(asked_at=timezone.now() - timedelta(minutes=31))
    assert client.get(reverse("mood_after"), **HTMX).status_code == 204
    Play.objects.update(updated_at=timezone.now() - timedelta(hours=2))
    for page in ("/", "/journal/"):
        assert "How are you now?" not in text_of(client.get(page))


def test_one_tap_keeps_the_answer_and_a_second_may_add_an_emotion(
    client_of: Any, owner: Any, songs: list[Song]
) -> None:
    made = heard(owner, songs[:1], minutes_ago=0)
    client, address = client_of(owner), reverse("mood_after_set", args=[made.pk])
    client.get(reverse("mood_after"), **HTMX)

    tapped = client.post(address, {"answer": "better"}, **HTMX)
    assert "Noted: better." in text_of(tapped)
    assert (MoodAfter.objects.get().answer, MoodAfter.objects.get().emotion) == ("better", "")

    added = client.post(address, {"answer": "better", "emotion": "happy"}, **HTMX)
    assert "Happy." in text_of(added)
    assert MoodAfter.objects.get().emotion == "happy"
    assert question_for(user=owner, now=timezone.now(), ended=True) is None
    day = text_of(client.get("/journal/day/"))
    assert "better afterwards (happy)" in day

    taken_back = client.post(address, {"answer": ""}, **HTMX)
    assert taken_back.content == b""
    kept = MoodAfter.objects.get()
    assert (kept.answer, kept.emotion) == ("", "")
    assert question_for(user=owner, now=timezone.now(), ended=True) is None


def test_it_works_without_javascript_on_the_next_visit(
    client_of: Any, owner: Any, songs: list[Song]
) -> None:
    made = heard(owner, songs[:3], minutes_ago=30)
    client = client_of(owner)

    home = text_of(client.get("/"))
    answer = client.post(
        reverse("mood_after_set", args=[made.pk]), {"answer": "same", "next": "/"}, follow=True
    )

    assert "How are you now?" in home
    assert answer.redirect_chain == [("/", 303)]
    assert "Noted in your journal." in text_of(answer)
    assert "How are you now?" not in text_of(answer)
    assert MoodAfter.objects.get().answer == "same"


@pytest.mark.parametrize(
    ("minutes_ago", "number", "due"),
    [(5, 3, False), (30, 2, False), (30, 3, True), (1500, 3, False)],
)
def test_a_later_visit_asks_only_of_what_was_heard_lately(
    owner: Any, songs: list[Song], minutes_ago: float, number: int, due: bool
) -> None:
    heard(owner, songs[:number], minutes_ago=minutes_ago)

    assert (question_for(user=owner, now=timezone.now()) is not None) == due


def ranked_anew(song_list: SongList, songs: list[Song], *, minutes_ago: float) -> SongList:
    """What a list became while it played, with these songs heard of it since."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    tail = list_for(song_list.reading)
    SongList.objects.filter(pk=tail.pk).update(began_as=song_list.root_id, created_at=at)
    tail.refresh_from_db()
    for song in songs:
        play_of(tail, song, at)
    return tail


def test_a_list_ranked_anew_while_it_played_is_asked_about_once(
    client_of: Any, owner: Any, songs: list[Song]
) -> None:
    made = heard(owner, songs[:1], minutes_ago=40)
    now = timezone.now()
    shown = question_for(user=owner, now=now, ended=True)
    assert shown == made
    question_shown(song_list=made)
    tail = ranked_anew(made, songs[1:2], minutes_ago=30)

    # The question that is open stays the one about the list as it was
    assert question_for(user=owner, now=now, ended=True) == made
    client_of(owner).post(reverse("mood_after_set", args=[made.pk]), {"answer": "better"})

    assert question_for(user=owner, now=now, ended=True) is None
    assert not MoodAfter.objects.filter(song_list=tail).exists()


def test_songs_heard_before_and_after_a_list_was_ranked_anew_count_together(
    owner: Any, songs: list[Song]
) -> None:
    made = heard(owner, songs[:2], minutes_ago=40)
    tail = ranked_anew(made, songs[2:3], minutes_ago=30)

    assert question_for(user=owner, now=timezone.now()) == tail


def test_nothing_is_asked_of_private_or_skipped_songs(owner: Any, songs: list[Song]) -> None:
    heard(owner, songs[:4], minutes_ago=30, private=True)
    assert question_for(user=owner, now=timezone.now(), ended=True) is None

    heard(owner, songs[:4], minutes_ago=30, outcome="playing", position_s=1)
    assert question_for(user=owner, now=timezone.now(), ended=True) is None


def test_it_can_be_turned_off_and_on(client_of: Any, owner: Any, songs: list[Song]) -> None:
    made = heard(owner, songs[:3], minutes_ago=30)
    question_shown(song_list=made)
    client = client_of(owner)
    assert "How are you now?" in text_of(client.get("/journal/"))

    off = client.post(reverse("journal_asking"), {"asks": "no", "next": "/journal/"}, follow=True)
    assert "You will not be asked." in text_of(off)
    assert "How are you now?" not in text_of(off)
    assert "Ask me after lists how I am" in text_of(off)
    assert client.get(reverse("mood_after"), **HTMX).status_code == 204

    asking_set(user=owner, asks=True)
    assert question_for(user=owner, now=timezone.now(), ended=True) == made


@pytest.mark.parametrize("form", [{"answer": "great"}, {"answer": "better", "emotion": "joy"}])
def test_other_answers_are_refused(
    client_of: Any, owner: Any, songs: list[Song], form: dict[str, str]
) -> None:
    made = heard(owner, songs[:1], minutes_ago=0)

    refused = client_of(owner).post(reverse("mood_after_set", args=[made.pk]), form, **HTMX)

    assert refused.status_code == 400
    assert not MoodAfter.objects.exists()


# --- What the answers say -------------------------------------------------------------------------


def test_a_summary_has_counts_and_nothing_under_its_minimum(
    client_of: Any, owner: Any, other: Any, songs: list[Song]
) -> None:
    # Four answers after lists of one kind: too few for a row
    now = timezone.now()
    for number, answer in enumerate(["better", "better", "same", "worse"]):
        answered(heard(owner, songs[:2], minutes_ago=60 * number), answer, now)
    for _each in range(6):
        answered(heard(other, songs[:2], minutes_ago=60), "better", now)

    four = helped_of(user=owner)
    assert four.answers == {"better": 2, "same": 1, "worse": 1}
    assert four.goals == []
    assert [(row["song"], row["answers"], row["better"]) for row in four.songs] == [
        (song.pk, 4, 2) for song in sorted(songs[:2], key=lambda song: song.title)
    ]

    answered(heard(owner, songs[1:2], minutes_ago=900), "better", now)
    five = helped_of(user=owner)
    (row,) = five.goals
    assert (row["felt"], row["goal"], row["answers"]) == ("sad", "lift", FEWEST_FOR_GOAL)
    assert (row["better"], row["same"], row["worse"]) == (3, 1, 1)
    assert next((one["song"], one["better"]) for one in five.songs) == (songs[1].pk, 3)

    page = text_of(client_of(owner).get("/journal/month/"))
    assert "After 5 lists you said better 3 times, the same 1, worse 1." in page
    assert "They do not say that the music was the cause." in page
    assert "3 of 5" in page


def test_two_answers_sum_up_to_nothing(client_of: Any, owner: Any, songs: list[Song]) -> None:
    for _each in range(2):
        answered(heard(owner, songs[:2], minutes_ago=60), "better", timezone.now())

    page = text_of(client_of(owner).get("/journal/month/"))

    assert "After a few answers" in page
    assert "you said better" not in page
    assert helped_of(user=owner).songs == []
