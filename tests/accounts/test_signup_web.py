"""Sign-up, sign-in and sign-out in the browser."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def test_an_address_and_one_password_make_an_account(client: Client) -> None:
    answer = client.post(
        reverse("account_signup"), {"email": "Ada@Example.org", "password1": PASSWORD}
    )

    assert answer.status_code == 302
    assert answer["Location"] == "/welcome/favourites/"
    user = User.objects.get()
    assert user.email == "ada@example.org"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_wrong_fields_are_shown_and_nothing_is_made(client: Client) -> None:
    answer = client.post(reverse("account_signup"), {"email": "ada", "password1": "123"})

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"email", "password1"}
    assert not User.objects.exists()


def test_a_weak_password_is_refused_by_name(client: Client) -> None:
    answer = client.post(
        reverse("account_signup"), {"email": "ada@example.org", "password1": "password"}
    )

    assert answer.context["form"].errors == {"password1": ["This password is too common."]}


def test_an_address_that_has_an_account_is_refused(client: Client) -> None:
    UserFactory(email="ada@example.org")

    answer = client.post(
        reverse("account_signup"), {"email": "ADA@example.org", "password1": PASSWORD}
    )

    assert list(answer.context["form"].errors) == ["email"]
    assert User.objects.count() == 1


def test_signing_in_and_out(client: Client) -> None:
    UserFactory(email="ada@example.org")

    answer = client.post(
        reverse("account_login"), {"login": "ADA@example.org", "password": PASSWORD}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/api/v1/me").json()["email"] == "ada@example.org"

    client.post(reverse("account_logout"))
    assert client.get("/api/v1/me").status_code == 401


def test_signing_in_goes_back_to_our_own_pages_only(client: Client) -> None:
    UserFactory(email="ada@example.org")
    address = reverse("account_login")
    body = {"login": "ada@example.org", "password": PASSWORD}

    ours = Client().post(address, {**body, "next": "/lists/"})
    foreign = Client().post(address, {**body, "next": "https://evil.example/"})

    assert ours["Location"] == "/lists/"
    assert foreign["Location"] == "/"


def test_a_session_cookie_needs_the_csrf_token_on_the_api() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())

    answer = client.put("/api/v1/me/consent", {}, "application/json")

    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"
    assert "CSRF" in answer.json()["detail"]
