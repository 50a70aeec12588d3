"""Pages of the desk: who sees them, what they show, and labelling without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Edit, Song
from tests.catalog.factories import SongFactory, mood_named
from tests.moodmusic.pages import HTMX, text_of

pytestmark = pytest.mark.django_db
PAGES = [
    "desk", "desk_card", "desk_songs", "desk_map", "desk_edits", "desk_gaps", "desk_agreement",
    "desk_licences", "desk_licences_csv",
]  # fmt: skip


@pytest.fixture
def desk(curator: Any, client_of: Callable[[Any], Client]) -> Client:
    return client_of(curator)


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_curators_alone(
    name: str, owner: Any, anonymous: Any, desk: Client, client_of: Callable[[Any], Client]
) -> None:
    SongFactory(title="Still Water", licence="")

    assert desk.get(reverse(name)).status_code == 200
    assert client_of(owner).get(reverse(name)).status_code == 403
    visitor = client_of(anonymous).get(reverse(name))
    assert (visitor.status_code, visitor["Location"].split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("name", ["desk_label", "desk_skip", "desk_undo", "desk_song"])
def test_deeds_are_for_curators_alone(
    name: str, owner: Any, anonymous: Any, curator: Any, client_of: Callable[[Any], Client]
) -> None:
    song = SongFactory()
    edit = Edit.objects.create(kind=Edit.Kind.LABEL, by=curator, song=song, what={"moods": []})
    address = reverse(name, args=[edit.pk if name == "desk_undo" else song.pk])

    assert client_of(owner).post(address, {"moods": "sad"}).status_code == 403
    assert client_of(anonymous).post(address, {"moods": "sad"}).status_code == 302
    edit.refresh_from_db()
    assert edit.undone_at is None
    assert not song.annotations.exists()


def test_the_link_to_the_desk_is_for_curators_alone(
    owner: Any, desk: Client, client_of: Callable[[Any], Client]
) -> None:
    assert f'href="{reverse("desk")}"' in desk.get("/").text
    assert reverse("desk") not in client_of(owner).get("/").text


def test_private_songs_are_not_at_the_desk(owner: Any, desk: Client) -> None:
    private = SongFactory(title="My own", owner=owner, licence="")

    for name in PAGES:
        assert "My own" not in desk.get(reverse(name)).getvalue().decode()
    assert desk.get(reverse("desk_song", args=[private.pk])).status_code == 404
    label = reverse("desk_label", args=[private.pk])
    assert desk.post(label, {"moods": "sad"}).status_code == 404


def test_songs_are_labelled_by_a_plain_form(desk: Client, curator: Any) -> None:
    SongFactory(title="First")
    SongFactory(title="Second")
    Song.objects.filter(title="First").update(gain=4)
    page = desk.get(reverse("desk"), {"kind": "unlabelled"})
    assert "First" in page.text
    song = Song.objects.get(title="First")

    saved = desk.post(
        reverse("desk_label", args=[song.pk]),
        {"moods": ["sad", "dark"], "seen": "", "kind": "unlabelled", "placed": "on",
         "valence": "-0.5", "arousal": "-0.25", "seconds": "3.2"},
        follow=True,
    )  # fmt: skip

    assert saved.redirect_chain == [(f"{reverse('desk')}?kind=unlabelled", 303)]
    assert "First is labelled." in text_of(saved)
    assert "Second" in saved.text
    song.refresh_from_db()
    assert set(song.moods.values_list("slug", flat=True)) == {"sad", "dark"}
    assert (song.valence, song.arousal, song.doubt) == (-0.5, -0.25, "")
    edit = Edit.objects.get()
    assert (edit.by, edit.kind, edit.seconds) == (curator, "label", 3.2)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Choose a mood"),
        ({"moods": "sleepy"}, "sleepy is not one of the available choices"),
        ({"moods": "sad", "placed": "on"}, "A point needs valence and arousal"),
        ({"moods": "sad", "placed": "on", "valence": "2", "arousal": "0"}, "less than or equal"),
        ({"moods": "sad", "placed": "on", "valence": "nan", "arousal": "0"}, "Enter a number"),
    ],
)
def test_a_wrong_label_is_refused_in_words(desk: Client, form: dict[str, str], words: str) -> None:
    song = SongFactory()
    answer = desk.post(reverse("desk_label", args=[song.pk]), form, **HTMX)
    assert answer.status_code == 400
    assert words in answer.text
    assert not Edit.objects.exists()


def test_a_skipped_song_comes_no_more_in_this_session(desk: Client) -> None:
    first, second = SongFactory(title="First"), SongFactory(title="Second")
    Song.objects.filter(pk=first.pk).update(gain=9)
    assert "First" in desk.get(reverse("desk_card")).text

    desk.post(reverse("desk_skip", args=[first.pk]), **HTMX)

    assert "Second" in desk.get(reverse("desk_card")).text
    assert desk.get(reverse("desk_card"), {"not": f"{second.pk},x"}).status_code == 204


def test_undo_brings_the_song_back(desk: Client, client_of: Callable[[Any], Client]) -> None:
    song = SongFactory(title="Once")
    label = reverse("desk_label", args=[song.pk])
    answer = desk.post(label, {"moods": "happy", "seen": ""}, **HTMX).json()
    assert answer["title"] == "Once"

    back = desk.post(answer["undo"], **HTMX)

    assert back.status_code == 200
    assert "Once" in back.text
    assert "Unlabelled" in back.text
    again = desk.post(answer["undo"], **HTMX)
    assert (again.status_code, again.text) == (409, "This has been undone already.")
    assert desk.post(reverse("desk_undo", args=[uuid4()])).status_code == 404


def test_a_conflict_shows_both_judgements_and_lets_the_curator_decide(
    desk: Client, other: Any, client_of: Callable[[Any], Client]
) -> None:
    # Given two curators with the same song before them
    from django.contrib.auth.models import Group

    other.groups.add(Group.objects.get(name="curator"))
    theirs, song = client_of(other), SongFactory(title="Both")
    label = reverse("desk_label", args=[song.pk])
    theirs.post(label, {"moods": "sad", "seen": ""}, **HTMX)
    # When the slower one saves
    conflict = desk.post(label, {"moods": "calm", "seen": ""}, **HTMX)
    # Then nothing is lost: the first stands, and the page shows both
    assert conflict.status_code == 409
    shown = text_of(conflict)
    assert "other@example.org" in shown
    assert "Sad" in shown
    assert "Calm" in shown
    assert list(song.moods.values_list("slug", flat=True)) == ["sad"]
    plain = desk.post(label, {"moods": "calm", "seen": ""})
    assert (plain.status_code, "<html" in plain.text) == (409, True)
    # And the form for both carries what was seen
    seen = conflict.text.split('name="seen" value="')[-1].split('"')[0]
    done = desk.post(label, {"moods": ["calm", "sad"], "seen": seen}, **HTMX)
    assert done.status_code == 200
    assert set(song.moods.values_list("slug", flat=True)) == {"calm", "sad"}


def test_a_blind_card_tells_nothing_of_the_first_label(
    desk: Client, other: Any, curator: Any
) -> None:
    from catalog.services import label_save

    song = SongFactory(title="Twice")
    label_save(song=song, by=other, moods=[mood_named("sad")], seen="", ambiguous=True)

    card = desk.get(reverse("desk_card"), {"blind": "1"}).text

    assert "Twice" in card
    assert "checked" not in card
    assert "other@example.org" not in card
    assert 'class="cover"' not in card  # its colours are those of the moods
    assert "History" not in card
    done = desk.post(reverse("desk_label", args=[song.pk]), {"moods": "sad", "blind": "1"}, **HTMX)
    assert done.status_code == 200
    assert Edit.objects.filter(kind="blind", by=curator, song=song).count() == 1
    assert desk.get(reverse("desk_card"), {"blind": "1"}).status_code == 204
