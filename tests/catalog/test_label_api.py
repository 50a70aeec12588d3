"""Labels over the API: curators alone, and of two at once neither's work is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from accounts.models import User
from accounts.selectors import CURATOR_GROUP
from catalog.models import Edit, Song
from tests.catalog.factories import SongFactory
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
Api = Callable[[Any], APIClient]


@pytest.fixture
def second() -> User:
    user: User = UserFactory(email="second@example.org", is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=CURATOR_GROUP)[0])
    return user


def address(song: Song) -> str:
    return f"/api/v1/songs/{song.pk}/label"


def test_a_label_is_read_and_saved(curator: Any, api_of: Api) -> None:
    song, api = SongFactory(moods=["sad"]), api_of(curator)
    before = api.get(address(song)).json()
    assert (before["moods"], before["ambiguous"], before["seen"]) == (["sad"], False, "")

    point = {"valence": 0.4, "arousal": -0.6}
    body = {"moods": ["calm", "romantic"], "point": point, "seen": ""}
    answer = api.put(address(song), body, format="json")

    assert answer.status_code == 200
    assert answer.json()["moods"] == ["calm", "romantic"]
    assert answer.json()["point"] == point
    assert answer.json() == api.get(address(song)).json()
    edit = Edit.objects.get()
    assert (edit.kind, edit.by, edit.song) == (Edit.Kind.LABEL, curator, song)


def test_who_comes_second_gets_both_sides_and_decides(
    curator: Any, second: User, api_of: Api
) -> None:
    song = SongFactory()
    seen = api_of(curator).get(address(song)).json()["seen"]
    first = {"moods": ["sad"], "point": {"valence": -0.5, "arousal": -0.5}, "seen": seen}
    assert api_of(second).put(address(song), first, format="json").status_code == 200

    mine = {"moods": ["calm"], "seen": seen}
    answer = api_of(curator).put(address(song), mine, format="json")

    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "label_conflict")
    assert answer["Content-Type"] == "application/problem+json"
    assert told["theirs"]["by"] == "second@example.org"
    assert told["theirs"]["moods"] == ["sad"]
    assert told["theirs"]["point"] == [-0.5, -0.5]
    assert told["mine"] == {"moods": ["calm"], "point": None, "ambiguous": False}
    assert api_of(curator).get(address(song)).json()["moods"] == ["sad"]
    assert Edit.objects.count() == 1

    again = api_of(curator).put(address(song), {**mine, "seen": told["seen"]}, format="json")
    assert (again.status_code, again.json()["moods"]) == (200, ["calm"])
    assert Edit.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"moods": [], "seen": ""}, "nothing_said"),
        ({"moods": ["calm"]}, "invalid"),
        ({"moods": ["cheerful"], "seen": ""}, "invalid"),
        ({"moods": ["calm"], "seen": "", "point": {"valence": 2, "arousal": 0}}, "invalid"),
        ({"moods": ["calm"], "seen": "", "point": {"valence": 0.5}}, "invalid"),
    ],
)
def test_what_is_no_label_is_refused(curator: Any, api_of: Api, body: Any, code: str) -> None:
    song = SongFactory(moods=["sad"])
    answer = api_of(curator).put(address(song), body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Edit.objects.exists()


def test_a_code_of_nobodys_word_stands_in_nobodys_way(curator: Any, api_of: Api) -> None:
    """Before any curator has judged a song there is no judgement that a label could run over."""
    song = SongFactory()

    answer = api_of(curator).put(address(song), {"moods": ["calm"], "seen": "7-7"}, format="json")

    assert (answer.status_code, answer.json()["moods"]) == (200, ["calm"])


def test_that_a_mood_cannot_be_told_is_a_label(curator: Any, api_of: Api) -> None:
    song = SongFactory()
    body = {"moods": [], "ambiguous": True, "seen": ""}
    answer = api_of(curator).put(address(song), body, format="json")
    assert (answer.status_code, answer.json()["ambiguous"]) == (200, True)


def test_listeners_label_nothing_and_private_songs_are_nobodys_to_label(
    owner: Any, curator: Any, anonymous: Any, api_of: Api
) -> None:
    song, private = SongFactory(), SongFactory(owner=owner)
    body = {"moods": ["calm"], "seen": ""}
    for persona, status in ((anonymous, 401), (owner, 403)):
        assert api_of(persona).get(address(song)).status_code == status
        assert api_of(persona).put(address(song), body, format="json").status_code == status
    assert api_of(curator).get(address(private)).status_code == 404
    assert api_of(curator).put(address(private), body, format="json").status_code == 404
    assert not Edit.objects.exists()
