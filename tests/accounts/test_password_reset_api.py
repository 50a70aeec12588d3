"""A forgotten password, over the API: a key by e-mail, then a new password."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
REQUEST, RESET = (f"/api/v1/auth/password/{name}" for name in ("request", "reset"))
NEW = "violet-heron-sleeps-9"


def post(address: str, body: dict[str, Any]) -> Any:
    return Client().post(address, body, "application/json")


def test_a_key_by_mail_sets_a_new_password_once() -> None:
    user = UserFactory(email="ada@example.org")

    assert post(REQUEST, {"email": "ADA@example.org"}).status_code == 200
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.org"]
    (key,) = re.findall(r"/reset/key/([^/\s]+)/", sent.body)

    assert Client().get(RESET, headers={"X-Password-Reset-Key": key}).status_code == 200
    # 401: the password is set, and signing in with it comes next.
    assert post(RESET, {"key": key, "password": NEW}).status_code == 401
    assert User.objects.get(pk=user.pk).check_password(NEW)
    assert post(RESET, {"key": key, "password": "another-heron-10"}).status_code == 400


def test_a_weak_new_password_is_refused() -> None:
    UserFactory(email="ada@example.org")
    post(REQUEST, {"email": "ada@example.org"})
    (key,) = re.findall(r"/reset/key/([^/\s]+)/", mail.outbox[0].body)

    answer = post(RESET, {"key": key, "password": "1234"})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["param"] == "password"


@pytest.mark.parametrize("key", ["", "a", "1-x", "-1", " -1", "zzzzzzzzzzzzzzz-1", None, 5, []])
def test_keys_that_are_none_are_refused(key: Any) -> None:
    assert post(RESET, {"key": key, "password": NEW}).status_code == 400
    if isinstance(key, str):
        answer = Client().get(RESET, headers={"X-Password-Reset-Key": key})
        assert answer.status_code == 400
