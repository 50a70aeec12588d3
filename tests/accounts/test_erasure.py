"""Deleting an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import Consent, User
from accounts.services import consent_grant
from catalog.models import Song
from tests.factories import PASSWORD
from tests.things import things_of

pytestmark = pytest.mark.django_db
API = "/api/v1/me/erasure"


def test_the_password_is_asked_for(owner: User, api_of: Callable[[Any], Any]) -> None:
    answer = api_of(owner).post(API, {"password": "wrong"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_password")
    assert User.objects.filter(pk=owner.pk).exists()


def test_guessing_it_is_slowed_down(owner: User, api_of: Callable[[Any], Any]) -> None:
    for _ in range(5):
        api_of(owner).post(API, {"password": "wrong"}, format="json")

    answer = api_of(owner).post(API, {"password": PASSWORD}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert int(answer["Retry-After"]) == answer.json()["retry_after"] <= 61


def test_the_account_goes_with_all_that_is_its_own(owner: User, other: User) -> None:
    for user in (owner, other):
        consent_grant(user=user)
    things = things_of(owner)
    kept = things_of(other)
    login = {"email": owner.email, "password": PASSWORD}
    token = (
        Client()
        .post("/api/v1/auth/login", login, "application/json")
        .json()["meta"]["session_token"]
    )
    phone = {"X-Session-Token": token}

    answer = Client().post(API, {"password": PASSWORD}, "application/json", headers=phone)

    assert answer.status_code == 204
    assert list(User.objects.all()) == [other]
    assert [row.user for row in Consent.objects.all()] == [other]
    for name in ("reading", "capture", "song_list", "play", "verdict"):
        kind = type(getattr(kept, name))
        assert list(kind.objects.all()) == [getattr(kept, name)], name
    assert {things.song, kept.song} <= set(Song.objects.all())
    assert Client().get("/api/v1/me", headers=phone).status_code == 401
    assert not Session.objects.filter(session_key=token).exists()
