"""Pages: who sees them, what they say, and that they keep to the security policy."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from accounts.selectors import consent_standing
from accounts.services import CONSENT_VERSION, consent_grant
from emotions.models import Reading
from recommendations.models import Rating, SongList, Verdict
from tests.factories import PASSWORD
from tests.moodmusic.pages import text_of
from tests.things import Things, things_of

pytestmark = pytest.mark.django_db

PUBLIC = ("home", "about_model", "about_recommender", "account_login", "account_signup")
PERSONAL = ("welcome", "favourites", "settings", "mood", "list_index")
OF_ONE_LISTENER = (
    ("capture_detail", "capture_id"),
    ("reading_detail", "reading_id"),
    ("list_detail", "list_id"),
)
INLINE = re.compile(
    r"""<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|javascript:""", re.IGNORECASE
)
ELSEWHERE = re.compile(r"""(?:src|href|action)="(?:https?:)?//""")


@pytest.fixture
def things(owner: Any) -> Things:
    return things_of(owner)


# --- Who sees what --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_are_open_to_anyone(client: Client, name: str) -> None:
    response = client.get(reverse(name))

    assert response.status_code == 200
    assert "MoodMusic" in response.content.decode()


@pytest.mark.parametrize("name", PERSONAL)
def test_personal_pages_need_a_sign_in(
    client_of: Any, owner: Any, anonymous: Any, name: str
) -> None:
    seen = client_of(owner).get(reverse(name))
    hidden = client_of(anonymous).get(reverse(name))

    assert seen.status_code == 200
    assert "no-store" in seen["Cache-Control"]
    assert hidden.status_code == 302
    assert hidden["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


@pytest.mark.parametrize(("name", "key"), OF_ONE_LISTENER)
def test_pages_of_one_listener_are_not_found_by_another(
    client_of: Any, owner: Any, other: Any, things: Things, name: str, key: str
) -> None:
    address = reverse(name, args=[things.ids()[key]])

    seen = client_of(owner).get(address, follow=True)
    hidden = client_of(other).get(address)

    assert seen.status_code == 200
    assert "no-store" in seen["Cache-Control"]
    assert hidden.status_code == 404
    assert str(things.reading.pk) not in hidden.content.decode()


def test_nobody_changes_what_is_another_listeners(
    client_of: Any, other: Any, things: Things
) -> None:
    client = client_of(other)
    song, named = things.song.pk, {"list": str(things.song_list.pk)}
    tries = (
        (reverse("reading_correct", args=[things.reading.pk]), {"emotion": "sad"}),
        (reverse("list_create", args=[things.reading.pk]), {"goal": "match"}),
        (reverse("rating_set", args=[song]), {"stars": "1", **named}),
        (reverse("verdict_create", args=[song]), {"kind": "never", **named}),
        (reverse("verdict_undo", args=[things.verdict.pk]), named),
    )
    before = (Rating.objects.count(), Verdict.objects.count(), SongList.objects.count())

    statuses = [client.post(address, form).status_code for address, form in tries]

    assert statuses == [404] * len(tries)
    assert (Rating.objects.count(), Verdict.objects.count(), SongList.objects.count()) == before
    assert Reading.objects.get(pk=things.reading.pk).corrected_to == ""


def test_lists_show_the_owners_and_nobody_elses(
    client_of: Any, owner: Any, other: Any, things: Things
) -> None:
    address = reverse("list_detail", args=[things.song_list.pk])

    assert address in client_of(owner).get(reverse("list_index")).content.decode()
    assert address in client_of(owner).get(reverse("home")).content.decode()
    assert address not in client_of(other).get(reverse("list_index")).content.decode()
    assert address not in client_of(other).get(reverse("home")).content.decode()


def test_every_page_keeps_to_the_security_policy(
    client_of: Any, owner: Any, anonymous: Any, things: Things
) -> None:
    consent_grant(user=owner)
    visited = [(anonymous, reverse(name)) for name in PUBLIC]
    visited += [(owner, reverse(name)) for name in (*PERSONAL, "home", "account_email")]
    visited += [(owner, f"{reverse('mood')}?way={way}") for way in ("camera", "photo", "hand")]
    visited += [(owner, reverse(name, args=[things.ids()[key]])) for name, key in OF_ONE_LISTENER]
    visited += [(anonymous, "/nothing/")]

    for persona, address in visited:
        response = client_of(persona).get(address, follow=True)
        html = response.content.decode()
        if address == reverse("account_email"):
            # allauth's own script reads its words from a block of JSON, which nothing executes.
            html = re.sub(r'<script[^>]*type="application/json"', "", html)
        assert INLINE.findall(html) == [], address
        assert ELSEWHERE.findall(html) == [], address
        assert "unsafe" not in response["Content-Security-Policy"]


# --- Consent --------------------------------------------------------------------------------------


def test_allowing_and_going_on_without_are_two_answers_of_one_form(
    client_of: Any, owner: Any, other: Any
) -> None:
    address, form = (
        reverse("welcome"),
        {"version": str(CONSENT_VERSION), "next": "/mood/?way=camera"},
    )

    allowed = client_of(owner).post(address, {**form, "answer": "allow"})
    without = client_of(other).post(address, {**form, "answer": "without"})

    assert (allowed.status_code, allowed["Location"]) == (303, "/mood/?way=camera")
    assert (without.status_code, without["Location"]) == (303, "/mood/?way=camera")
    assert consent_standing(user=owner)
    assert not consent_standing(user=other)


def test_consent_leads_to_no_other_site(client_of: Any, owner: Any) -> None:
    form = {"version": str(CONSENT_VERSION), "answer": "without", "next": "https://evil.example/"}

    assert client_of(owner).post(reverse("welcome"), form)["Location"] == reverse("favourites")


def test_consent_to_a_text_that_has_changed_is_asked_again(client_of: Any, owner: Any) -> None:
    form = {"version": "0", "answer": "allow", "next": ""}

    response = client_of(owner).post(reverse("welcome"), form)

    assert response.status_code == 409
    assert "The text has changed" in text_of(response)
    assert not consent_standing(user=owner)


def test_withdrawing_shuts_the_camera_and_keeps_the_hand(client_of: Any, owner: Any) -> None:
    consent_grant(user=owner)
    client = client_of(owner)
    assert "camera-panel" in client.get("/mood/?way=camera").content.decode()

    client.post(reverse("settings"), {"consent": "withdraw"})

    assert not consent_standing(user=owner)
    assert "camera-panel" not in client.get("/mood/?way=camera").content.decode()
    assert 'value="happy"' in client.get("/mood/?way=hand").content.decode()


def test_deleting_the_account_needs_its_password(client_of: Any, owner: Any) -> None:
    client, address = client_of(owner), reverse("account_erase")

    refused = client.post(address, {"password": "wrong"})
    done = client.post(address, {"password": PASSWORD}, follow=True)

    assert refused.status_code == 403
    assert "not the password" in text_of(refused)
    assert done.status_code == 200
    assert not type(owner).objects.filter(pk=owner.pk).exists()


# --- When things go wrong -------------------------------------------------------------------------


def test_a_missing_page_says_so(client: Client) -> None:
    response = client.get("/nothing/")

    assert response.status_code == 404
    assert "Nothing here" in text_of(response)


def test_a_form_without_its_token_is_explained(owner: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)

    response = client.post(reverse("reading_create"), {"emotion": "sad"})

    assert response.status_code == 403
    assert "This form has grown old" in text_of(response)
    assert Reading.objects.count() == 0


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
def test_error_pages_need_no_request(name: str) -> None:
    assert "Back to the start" in render_to_string(name)


def test_get_changes_nothing(client_of: Any, owner: Any, things: Things) -> None:
    client = client_of(owner)
    for name, key in (
        ("list_create", "reading_id"),
        ("reading_correct", "reading_id"),
        ("rating_set", "song_id"),
        ("verdict_create", "song_id"),
        ("verdict_undo", "verdict_id"),
    ):
        assert client.get(reverse(name, args=[things.ids()[key]])).status_code == 405
