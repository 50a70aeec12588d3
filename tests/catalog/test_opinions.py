"""Listeners who hear another mood: over the API, in lists, on the page, and when they leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Annotation, Song
from catalog.selectors import revision_now, songs_changed_since
from catalog.services import opinion_set
from catalog.services.opinions import MOST_WORDS
from tests.catalog.factories import SongFactory, mood_named
from tests.factories import UserFactory
from tests.moodmusic.pages import HTMX, text_of

pytestmark = pytest.mark.django_db
LISTENER = Annotation.Source.LISTENER


def address(song: Song) -> str:
    return f"/api/v1/songs/{song.pk}/opinion"


def said(song: Song) -> list[tuple[str, bool, int | None]]:
    rows = song.annotations.filter(source=LISTENER).order_by("pk")
    return list(rows.values_list("mood__slug", "present", "answers"))


def test_an_opinion_is_yes_to_what_is_heard_and_no_to_what_is_not(
    owner: Any, api_of: Callable[[Any], Any]
) -> None:
    song, api = SongFactory(moods=["sad"]), api_of(owner)
    assert api.get(address(song)).json() == {"moods": [], "lacks": [], "song_moods": ["sad"]}

    answer = api.put(address(song), {"moods": ["calm"]}, format="json")

    assert answer.status_code == 200
    assert answer.json() == {"moods": ["calm"], "lacks": ["sad"], "song_moods": ["sad"]}
    assert sorted(said(song)) == [("calm", True, None), ("sad", False, None)]
    # Once more says nothing new
    api.put(address(song), {"moods": ["calm"]}, format="json")
    assert len(said(song)) == 2


def test_three_listeners_of_one_mind_change_the_song_and_taking_back_restores_it(
    api_of: Callable[[Any], Any],
) -> None:
    song = SongFactory(moods=["sad"])
    apis = [api_of(UserFactory()) for _ in range(3)]
    for api in apis:
        api.put(address(song), {"moods": ["calm"]}, format="json")
    assert list(song.moods.values_list("slug", flat=True)) == ["calm"]
    before = revision_now()

    assert apis[0].delete(address(song)).status_code == 204

    assert list(song.moods.values_list("slug", flat=True)) == ["sad"]
    assert list(songs_changed_since(before)) == [song]
    assert apis[0].get(address(song)).json()["moods"] == []
    # By judgements that answer: nothing was deleted
    assert [answers is not None for *_, answers in said(song)] == [False] * 6 + [True] * 2
    # And the history names no listener
    assert {row.history_user for row in song.history.all()} == {None}


def test_taking_back_after_a_change_of_mind_leaves_nothing(
    owner: Any, api_of: Callable[[Any], Any]
) -> None:
    song, api = SongFactory(moods=["sad"]), api_of(owner)
    for moods in (["calm"], ["sad"], ["dark"]):
        api.put(address(song), {"moods": moods}, format="json")
    api.delete(address(song))
    assert api.get(address(song)).json() == {"moods": [], "lacks": [], "song_moods": ["sad"]}
    song.refresh_from_db()
    assert not song.disputed


def test_private_songs_are_for_their_owner_who_decides_alone(
    owner: Any, other: Any, curator: Any, api_of: Callable[[Any], Any]
) -> None:
    song = SongFactory(owner=owner, moods=["sad"])
    for stranger in (other, curator):
        api = api_of(stranger)
        for answer in (api.get(address(song)), api.delete(address(song)),
                       api.put(address(song), {"moods": ["calm"]}, format="json")):  # fmt: skip
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert said(song) == []

    answer = api_of(owner).put(address(song), {"moods": ["calm"]}, format="json")

    assert answer.json() == {"moods": ["calm"], "lacks": ["sad"], "song_moods": ["calm"]}


def test_hidden_songs_have_no_opinions(owner: Any, api_of: Callable[[Any], Any]) -> None:
    assert api_of(owner).get(address(SongFactory(hidden=True))).status_code == 404


@pytest.mark.parametrize("body", [{}, {"moods": "sad"}, {"moods": ["sleepy"]}, {"moods": [3]}])
def test_wrong_bodies_are_refused(
    body: dict[str, Any], owner: Any, api_of: Callable[[Any], Any]
) -> None:
    song = SongFactory()
    answer = api_of(owner).put(address(song), body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert said(song) == []


def test_many_opinions_at_once_are_slowed_down(owner: Any, api_of: Callable[[Any], Any]) -> None:
    song, last = SongFactory(), SongFactory()
    Annotation.objects.bulk_create(
        Annotation(song=song, mood=mood_named("sad"), source=LISTENER, author=owner)
        for _ in range(MOST_WORDS)
    )
    answer = api_of(owner).put(address(last), {"moods": ["sad"]}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert answer["Retry-After"] == "60"
    assert said(last) == []


def test_a_listener_who_leaves_takes_the_opinions_along(owner: Any, curator: Any) -> None:
    song = SongFactory(moods=["sad"])
    for one in (owner, UserFactory(), UserFactory()):
        opinion_set(user=one, song=song, moods=[mood_named("calm")])
    assert list(song.moods.values_list("slug", flat=True)) == ["calm"]

    owner.delete()

    assert list(song.moods.values_list("slug", flat=True)) == ["sad"]
    assert len(said(song)) == 4


def test_the_page_and_the_piece_of_a_list(owner: Any, client_of: Callable[[Any], Client]) -> None:
    song, client = SongFactory(moods=["sad"], title="Rain"), client_of(owner)
    page = reverse("song_opinion", args=[song.pk])

    whole, part = client.get(page), client.get(page, **HTMX)
    assert "Held to be sad." in text_of(whole)
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert part.text.count('type="checkbox"') == 7
    assert 'value="sad" checked' in part.text

    saved = client.post(page, {"moods": ["calm"]}, **HTMX)
    assert 'value="calm" checked' in saved.text
    assert "Take back my word" in saved.text
    cleared = client.post(page, {"clear": "1"}, follow=True)
    assert cleared.redirect_chain == [(page, 303)]
    assert "Taken back." in text_of(cleared)
    assert "Take back my word" not in cleared.text
    assert client_of(UserFactory()).get(page).status_code == 200


def test_the_page_wants_a_sign_in(anonymous: Any, client_of: Callable[[Any], Client]) -> None:
    page = reverse("song_opinion", args=[SongFactory().pk])
    assert client_of(anonymous).get(page).status_code == 302
