"""Why a song is in a list, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

from catalog.models import Song
from ml.emotion.labels import EMOTIONS
from recommendations.history import Said
from recommendations.models import Activity, Goal, ListItem, SongList
from recommendations.models.sentences import SENTENCES, sentence_of
from recommendations.reasons import Cause, Reason, reason_of
from recommendations.services import tail_make

#: As long as names get in a sentence (recommendations.reasons.NAME_LENGTH).
LONG = {"title": "t" * 60, "artist": "a" * 60, "stars": 5}
HINDI = {"Accept-Language": "hi"}


def reason(cause: Cause, **more: Any) -> Reason:
    given = {
        "emotion": "happy",
        "goal": "match",
        "journey": False,
        "personal": False,
        "artist": "Anyone",
        "name_of": lambda _song: None,
        "said_of": lambda _song: Said(),
    }
    return reason_of(cause=cause, **(given | more))


@pytest.mark.parametrize("key", SENTENCES)
def test_each_sentence_is_told_in_both_languages_and_fits(key: str) -> None:
    with translation.override("en-gb"):
        english = sentence_of(key, LONG)
    with translation.override("hi"):
        hindi = sentence_of(key, LONG)

    assert hindi != english
    for said in (english, hindi):
        assert 0 < len(said) <= ListItem._meta.get_field("reason").max_length
        assert "%" not in said


def test_every_mood_goal_and_activity_has_its_sentence() -> None:
    for emotion, goal in product(EMOTIONS, Goal.values):
        assert reason(Cause("mood"), emotion=emotion, goal=goal).key in SENTENCES
    for activity in Activity.values:
        assert reason(Cause("taste", "activity"), activity=activity).key in SENTENCES
    assert str(reason(Cause("mood"), emotion="sad")) == "Fits a sad mood"
    assert str(reason(Cause("mood"), goal="lift")) == "Close to the lift you asked for"
    assert (
        str(reason(Cause("mood"), goal="lift", journey=True)) == "A step on the way you asked for"
    )


def test_one_star_is_one_star(songs: list[Song]) -> None:
    cause = Cause("taste", "own", songs[0].pk)

    said = [str(reason(cause, said_of=lambda _s, n=n: Said(stars=n))) for n in (1, 4)]

    assert said == ["You gave it 1 star", "You gave it 4 stars"]


def test_a_list_speaks_the_language_of_whoever_reads_it(
    owner: Any,
    songs: list[Song],
    a_list: Callable[..., SongList],
    client_of: Callable[[Any], Client],
    api_of: Callable[[Any], APIClient],
) -> None:
    # Given a list that was made in Hindi
    with translation.override("hi"):
        made = a_list(owner)
    first = made.items.get(position=1)
    assert (first.reason, first.because) == ("Fits a happy mood", {"key": "fits_happy"})
    with translation.override("hi"):
        hindi = first.said
    assert hindi != first.reason

    # Then page and API say it in the language that is asked for
    page, address = f"/lists/{made.pk}/", f"/api/v1/lists/{made.pk}"
    client, api = client_of(owner), api_of(owner)
    assert first.reason in client.get(page).content.decode()
    assert hindi in client.get(page, headers=HINDI).content.decode()
    assert api.get(address).json()["items"][0]["reason"] == first.reason
    assert api.get(address, headers=HINDI).json()["items"][0]["reason"] == hindi

    # And so does what is kept of it where the rest is ranked anew
    tail = tail_make(user=owner, song_list=made, played=[first.song_id])
    assert tail.items.get(position=1).because == first.because


def test_a_list_from_before_the_keys_says_what_it_said(
    owner: Any, songs: list[Song], a_list: Callable[..., SongList]
) -> None:
    item = a_list(owner).items.get(position=1)
    item.reason = "Passt zu einer fröhlichen Stimmung"

    for because in ({}, {"key": "of_a_version_to_come"}):
        item.because = because
        assert item.said == "Passt zu einer fröhlichen Stimmung"
