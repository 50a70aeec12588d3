"""What is kept of sessions, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.tasks import clear_sessions
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def sign_in(email: str) -> str:
    body = {"email": email, "password": PASSWORD}
    answer = Client().post("/api/v1/auth/login", body, "application/json")
    token: str = answer.json()["meta"]["session_token"]
    return token


def test_ended_sessions_are_forgotten_and_living_ones_kept() -> None:
    UserFactory(email="ada@example.org")
    expired, living = sign_in("ada@example.org"), sign_in("ada@example.org")
    assert UserSession.objects.get(session_key=expired).ip == "127.0.0.1"
    Session.objects.filter(session_key=expired).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )

    clear_sessions()

    assert [row.session_key for row in UserSession.objects.all()] == [living]
    assert [row.session_key for row in Session.objects.all()] == [living]
    assert Client().get("/api/v1/me", headers={"X-Session-Token": living}).status_code == 200


def test_a_session_lasts_two_weeks() -> None:
    UserFactory(email="ada@example.org")

    sign_in("ada@example.org")

    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)
