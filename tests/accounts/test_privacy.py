"""The privacy page: what it tells, consent on it, and devices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.browsers import browser_name
from accounts.models import User
from accounts.selectors import consent_standing
from accounts.services import CONSENT_VERSION, consent_grant, consent_withdraw
from tests.accounts.all_of import sign_in
from tests.factories import PASSWORD
from tests.moodmusic.pages import text_of

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


def browser(user: User, agent: str = FIREFOX) -> Client:
    """A browser in which somebody signed in by the form."""
    client = Client(headers={"user-agent": agent})
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def page(client: Client) -> str:
    return text_of(client.get("/privacy/"))


def test_it_says_plainly_what_is_kept(owner: User, client_of: Callable[[Any], Client]) -> None:
    answer = browser(owner).get("/privacy/")
    words = text_of(answer)

    assert "no-store" in answer["Cache-Control"]
    for promise in (
        "Never kept. Each is deleted as soon as it has been read",
        "Kept: For ever",
        "On this server only",
        "This device",
        "Download everything",
        "Delete my account and all its data",
    ):
        assert promise in words
    assert 'href="/privacy/details/"' in answer.content.decode()
    assert "# Privacy" in client_of(owner).get("/privacy/details/").content.decode()


def test_it_is_nobody_elses(client: Client) -> None:
    for address in ("/privacy/", "/settings/"):
        assert client.get(address)["Location"].startswith("/accounts/login/")


def test_the_settings_lead_there_and_old_addresses_work(
    owner: User, client_of: Callable[[Any], Client]
) -> None:
    client = client_of(owner)

    assert 'href="/privacy/"' in client.get("/settings/").content.decode()
    assert client.get("/accounts/sessions/")["Location"] == "/privacy/#devices"
    refused = client.post("/settings/erasure/", {"password": "wrong"})
    assert refused.status_code == 403
    assert "That is not the password of this account." in text_of(refused)


# --- Consent --------------------------------------------------------------------------------------


def test_consent_is_given_and_withdrawn_right_there(
    owner: User, other: User, client_of: Callable[[Any], Client]
) -> None:
    client = client_of(owner)
    assert "Your expression is not read" in page(client)
    assert "What happens to the picture" in page(client)

    client.post("/privacy/consent/", {"answer": "allow", "version": CONSENT_VERSION})

    assert consent_standing(user=owner)
    assert not consent_standing(user=other)
    assert f"(version {CONSENT_VERSION} of the text)" in page(client)

    answer = client.post("/privacy/consent/", {"answer": "withdraw"}, follow=True)

    assert not consent_standing(user=owner)
    assert "Withdrawn. No picture of yours is accepted from now on." in text_of(answer)


def test_every_answer_stays_in_the_history(owner: User, client_of: Callable[[Any], Client]) -> None:
    consent_grant(user=owner)
    consent_withdraw(user=owner)
    consent_grant(user=owner)

    html = client_of(owner).get("/privacy/").content.decode()

    assert html.count(f"<td>version {CONSENT_VERSION}</td>") == 2
    assert html.count("<td>not withdrawn</td>") == 1


@pytest.mark.parametrize(
    ("form", "status"),
    [({"answer": "allow", "version": "0"}, 409), ({"answer": "allow"}, 303), ({}, 303)],
)
def test_nothing_but_a_whole_answer_is_consent(
    owner: User, client_of: Callable[[Any], Client], form: dict[str, str], status: int
) -> None:
    assert client_of(owner).post("/privacy/consent/", form).status_code == status
    assert not consent_standing(user=owner)


# --- Devices --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (IPHONE, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("moodmusic-android/1.4 (build 7)", "moodmusic-android/1.4"),
        ("x" * 200, "x" * 40),
        ("", "A program without a name"),
        ("<script>", "<script>"),
    ],
)
def test_browsers_are_named_in_words(agent: str, words: str) -> None:
    assert browser_name(agent) == words


def test_devices_are_listed_this_one_first(owner: User, other: User) -> None:
    here = browser(owner)
    browser(owner, IPHONE)
    sign_in(owner.email)
    browser(other, EDGE)

    words = page(here)

    assert words.index("Firefox on Linux This device") < words.index("Safari on iPhone")
    assert words.count("From 127.0.0.1 since") == 3
    assert "Edge on Windows" not in words


def test_a_device_is_signed_out(owner: User) -> None:
    here, there = browser(owner), browser(owner, IPHONE)
    assert there.get("/settings/").status_code == 200
    phone = UserSession.objects.get(user_agent=IPHONE)

    answer = here.post(f"/privacy/devices/{phone.pk}/end/", follow=True)

    assert "That device is signed out." in text_of(answer)
    assert "Safari on iPhone" not in text_of(answer)
    assert there.get("/settings/").status_code == 302
    assert here.get("/settings/").status_code == 200


def test_all_others_are_signed_out_phones_too(owner: User, other: User) -> None:
    here, there, theirs = browser(owner), browser(owner, IPHONE), browser(other)
    phone = sign_in(owner.email)

    answer = here.post("/privacy/devices/end/", follow=True)

    assert "2 other devices are signed out." in text_of(answer)
    assert there.get("/settings/").status_code == 302
    assert Client().get("/api/v1/me", headers=phone).status_code == 401
    assert here.get("/settings/").status_code == 200
    assert theirs.get("/settings/").status_code == 200


def test_nobody_ends_anothers_session(owner: User, other: User) -> None:
    here, theirs = browser(owner), browser(other)
    session = UserSession.objects.get(user=other)

    foreign = here.post(f"/privacy/devices/{session.pk}/end/")
    absent = here.post("/privacy/devices/99999999/end/")

    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert theirs.get("/settings/").status_code == 200


def test_ended_and_changed_sessions_are_not_listed(owner: User) -> None:
    here, there = browser(owner), browser(owner, IPHONE)
    there.post("/accounts/logout/")

    assert "Safari on iPhone" not in page(here)


def test_when_a_session_was_last_seen_is_noted_now_and_then(owner: User) -> None:
    here = browser(owner)
    phone = sign_in(owner.email)
    long_ago = timezone.now() - timedelta(days=3)
    UserSession.objects.update(last_seen_at=long_ago)
    cache.clear()

    here.get("/settings/")
    Client().get("/api/v1/me", headers=phone)

    assert all(row.last_seen_at > long_ago for row in UserSession.objects.all())
    # Not at each request: within a quarter of an hour nothing is written.
    UserSession.objects.update(last_seen_at=long_ago)
    here.get("/settings/")
    Client().get("/api/v1/me", headers=phone)
    assert all(row.last_seen_at == long_ago for row in UserSession.objects.all())
