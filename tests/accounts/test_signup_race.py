"""A double click on "sign up"."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD


@pytest.fixture
def slow_hash(settings: Any) -> None:
    """The hash of production: slow enough that both requests pass the form's check."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]


def at_once(address: str, body: dict[str, str], content_type: str | None) -> list[Any]:
    """The answers to the same request sent by two clients at the same moment."""
    barrier = Barrier(2)

    def send(_: int) -> Any:
        client = Client(raise_request_exception=False)
        barrier.wait()
        try:
            if content_type:
                return client.post(address, body, content_type)
            return client.post(address, body)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(send, range(2)), key=lambda answer: answer.status_code)


@pytest.mark.django_db(transaction=True)
def test_a_phone_that_sends_twice_gets_one_account(slow_hash: None) -> None:
    body = {"email": "ada@example.org", "password": PASSWORD}

    first, second = at_once("/api/v1/auth/signup", body, "application/json")

    assert (first.status_code, second.status_code) == (200, 400)
    assert [error["code"] for error in second.json()["errors"]] == ["email_taken"]
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_browser_that_sends_twice_is_led_on(slow_hash: None) -> None:
    body = {"email": "ada@example.org", "password1": PASSWORD}

    answers = at_once(reverse("account_signup"), body, None)

    # The later one meets either the form's check or the database's; neither is an error page.
    assert answers[0].status_code in (200, 302)
    assert {answer.status_code for answer in answers} <= {200, 302}
    assert "/welcome/favourites/" in {answer.get("Location") for answer in answers}
    assert User.objects.count() == 1
