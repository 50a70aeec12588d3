"""Landing, sign-up, password reset, and consent where pictures are taken."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.consent import CURRENT
from accounts.models import Consent
from accounts.selectors import consent_standing
from accounts.services import consent_grant
from tests.catalog.factories import SongFactory
from tests.factories import PASSWORD, UserFactory
from tests.moodmusic.pages import text_of

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another-quiet-river-42"


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


# --- Landing --------------------------------------------------------------------------------------


def test_the_landing_shows_an_example_with_songs_of_the_demo_only(client: Client) -> None:
    demo = SongFactory(moods=["happy"], piece="a-piece", title="Demo Song")
    SongFactory(moods=["happy"], title="Somebody's Own Import")

    answer = client.get(reverse("home"))

    words, html = text_of(answer), answer.content.decode()
    assert "An example" in words
    assert "Looks like happy." in words
    assert "Fairly sure (71\N{NO-BREAK SPACE}%)." in words
    assert html.count('class="odds__row') == 3
    assert html.count('class="pad map__plane"') == 1
    assert demo.title in words
    assert "Somebody's Own Import" not in words.replace("&#x27;", "'")


def test_the_landing_stands_without_any_song(client: Client) -> None:
    html = client.get(reverse("home")).content.decode()

    assert 'class="example__songs"' not in html
    assert 'class="card example"' in html


# --- Forgotten password ---------------------------------------------------------------------------


def test_a_forgotten_password_is_reset_by_mail(client: Client) -> None:
    user = UserFactory(email="ada@example.org")
    assert "Forgotten your password?" in text_of(client.get(reverse("account_reset_password")))
    assert (
        reverse("account_reset_password") in client.get(reverse("account_login")).content.decode()
    )

    asked = client.post(reverse("account_reset_password"), {"email": user.email}, follow=True)
    assert "Look at your mail" in text_of(asked)
    (sent,) = mail.outbox
    assert sent.to == [user.email]
    link = re.search(r"/accounts/password/reset/key/\S+", sent.body)
    assert link is not None

    # The link leads to a form that keeps the key out of the address
    form = client.get(link.group(), follow=True)
    assert "Choose a new password" in text_of(form)
    address = form.redirect_chain[-1][0]
    weak = client.post(address, {"password1": "12345", "password2": "12345"})
    assert 'class="errorlist' in weak.content.decode()
    done = client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True)
    assert "Your password is changed" in text_of(done)

    # The new password works, the old one does not, and the link is spent
    old = Client().post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    new = Client().post(reverse("account_login"), {"login": user.email, "password": NEW_PASSWORD})
    assert (old.status_code, new.status_code) == (200, 302)
    spent = Client().get(link.group(), follow=True)
    assert "This link no longer works" in text_of(spent)


# --- Consent where pictures are taken -------------------------------------------------------------


@pytest.mark.parametrize("way", ["camera", "photo"])
def test_the_first_time_the_notice_stands_where_the_picture_would_be_taken(
    client_of: Any, owner: Any, way: str
) -> None:
    answer = client_of(owner).get(f"{reverse('mood')}?way={way}")

    html = answer.content.decode()
    assert str(CURRENT.title) in html
    for _heading, words in CURRENT.points:
        assert str(words)[:40].replace("'", "&#x27;") in html
    assert "<camera-panel" not in html
    assert "<photo-panel" not in html
    assert f'name="version" value="{CURRENT.version}"' in html


@pytest.mark.parametrize("way", ["camera", "photo"])
def test_it_is_allowed_and_withdrawn_there(
    client_of: Any, owner: Any, other: Any, way: str
) -> None:
    client, answer = client_of(owner), reverse("mood_consent")
    page = f"{reverse('mood')}?way={way}"

    allowed = client.post(answer, {"answer": "allow", "version": CURRENT.version, "way": way})
    assert (allowed.status_code, allowed["Location"]) == (303, page)
    given = Consent.objects.get(user=owner)
    assert given.version == CURRENT.version
    assert not consent_standing(user=other)
    seen = client.get(page)
    day = given.granted_at.strftime("%-d %B %Y")
    assert f"You allowed this on {day} (version {given.version}). Withdraw" in text_of(seen)
    assert f"<{way}-panel" in seen.content.decode()

    withdrawn = client.post(answer, {"answer": "withdraw", "way": way}, follow=True)
    assert "Withdrawn. No picture of yours is accepted" in text_of(withdrawn)
    assert not consent_standing(user=owner)
    assert f"<{way}-panel" not in withdrawn.content.decode()


def test_an_outdated_text_is_not_agreed_to(client_of: Any, owner: Any) -> None:
    form = {"answer": "allow", "version": CURRENT.version - 1, "way": "photo"}

    answer = client_of(owner).post(reverse("mood_consent"), form)

    assert answer.status_code == 409
    assert "The text has changed" in text_of(answer)
    assert not consent_standing(user=owner)


def test_a_newer_text_asks_again(client_of: Any, owner: Any) -> None:
    consent_grant(user=owner)
    Consent.objects.update(version=CURRENT.version - 1)

    html = client_of(owner).get(f"{reverse('mood')}?way=camera").content.decode()

    assert "<camera-panel" not in html
    assert str(CURRENT.title) in html


def test_another_listener_or_nobody_allows_nothing_for_me(
    client_of: Any, owner: Any, other: Any, anonymous: Any
) -> None:
    consent_grant(user=owner)
    Consent.objects.update(granted_at=timezone.now() - timedelta(days=3))

    client_of(other).post(reverse("mood_consent"), {"answer": "withdraw"})
    hidden = client_of(anonymous).post(reverse("mood_consent"), {"answer": "withdraw"})

    assert hidden.status_code == 302
    assert consent_standing(user=owner)


def test_by_hand_asks_for_no_consent(client_of: Any, owner: Any) -> None:
    html = client_of(owner).get(f"{reverse('mood')}?way=hand").content.decode()

    assert str(CURRENT.title) not in html
    assert html.count('class="faces__one') == 7
    assert html.count('type="range" name="') == 2
