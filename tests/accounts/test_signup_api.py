"""Sign-up, sign-in and sign-out of phones."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.selectors import account_key
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SIGNUP, LOGIN, SESSION = (f"/api/v1/auth/{name}" for name in ("signup", "login", "session"))


def post(address: str, body: Any, **headers: str) -> Any:
    """A phone: no cookies, no CSRF token, and CSRF checks switched on."""
    return Client(enforce_csrf_checks=True).post(
        address,
        body if isinstance(body, str | bytes) else json.dumps(body),
        "application/json",
        headers=headers,
    )


def me(token: str) -> Any:
    return Client().get("/api/v1/me", headers={"X-Session-Token": token})


def test_signing_up_gives_a_token_at_once() -> None:
    answer = post(SIGNUP, {"email": "Ada@Example.org", "password": PASSWORD})

    assert answer.status_code == 200, answer.content
    token = answer.json()["meta"]["session_token"]
    assert answer.json()["meta"]["is_authenticated"] is True
    assert me(token).json() == {
        "email": "ada@example.org",
        "account": account_key(user=User.objects.get()),
        "joined_at": me(token).json()["joined_at"],
        "curator": False,
        "consent": False,
        "language": "",
        "time_zone": "",
    }


def test_the_password_is_not_kept_readably() -> None:
    post(SIGNUP, {"email": "ada@example.org", "password": PASSWORD})

    user = User.objects.get(email="ada@example.org")
    assert PASSWORD not in user.password
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("email", "password", "field", "code"),
    [
        ("ada@example.org", "1234567", "password", "password_too_short"),
        ("ada@example.org", "password123", "password", "password_too_common"),
        ("ada@example.org", "8624097531", "password", "password_entirely_numeric"),
        ("ada.lovelace@example.org", "ada.lovelace", "password", "password_too_similar"),
        ("ada", PASSWORD, "email", "invalid"),
        ("", PASSWORD, "email", "required"),
        ("ada@example.org", "", "password", "required"),
    ],
)
def test_what_is_wrong_is_said_per_field(email: str, password: str, field: str, code: str) -> None:
    answer = post(SIGNUP, {"email": email, "password": password})

    assert answer.status_code == 400
    assert (field, code) in {(error["param"], error["code"]) for error in answer.json()["errors"]}
    assert not User.objects.exists()


def test_an_address_has_one_account_whatever_its_case() -> None:
    UserFactory(email="ada@example.org")

    answer = post(SIGNUP, {"email": "ADA@example.org", "password": PASSWORD})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["param"] == "email"
    assert User.objects.count() == 1


def test_signing_in_by_address_in_any_case_and_out_again() -> None:
    UserFactory(email="ada@example.org")

    answer = post(LOGIN, {"email": "ADA@Example.ORG", "password": PASSWORD})
    assert answer.status_code == 200, answer.content
    token = answer.json()["meta"]["session_token"]
    assert me(token).status_code == 200

    # Signing out ends the token for good.
    out = Client().delete(SESSION, headers={"X-Session-Token": token})
    assert out.status_code == 401
    assert me(token).status_code == 401
    assert Client().get(SESSION, headers={"X-Session-Token": token}).status_code == 410


def test_a_wrong_password_and_an_unknown_address_look_the_same() -> None:
    UserFactory(email="ada@example.org")

    wrong = post(LOGIN, {"email": "ada@example.org", "password": "wrong"})
    unknown = post(LOGIN, {"email": "bob@example.org", "password": "wrong"})

    assert wrong.status_code == unknown.status_code == 400
    assert wrong.json() == unknown.json()


def test_a_blocked_account_cannot_sign_in_nor_use_its_token() -> None:
    user = UserFactory(email="ada@example.org")
    token = post(LOGIN, {"email": "ada@example.org", "password": PASSWORD}).json()["meta"][
        "session_token"
    ]
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert me(token).status_code == 401
    answer = post(LOGIN, {"email": "ada@example.org", "password": PASSWORD})
    assert "session_token" not in answer.json().get("meta", {})


def test_guessing_passwords_is_slowed_down() -> None:
    UserFactory(email="ada@example.org")

    for _ in range(5):
        assert post(LOGIN, {"email": "ada@example.org", "password": "wrong"}).status_code == 400
    answer = post(LOGIN, {"email": "ada@example.org", "password": PASSWORD})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "too_many_login_attempts"


def test_signing_up_ten_times_from_one_address_is_no_attack() -> None:
    for number in range(10):
        body = {"email": f"a{number}@example.org", "password": PASSWORD}
        assert post(SIGNUP, body).status_code == 200


def test_a_new_password_needs_the_old_one_and_ends_the_other_tokens() -> None:
    UserFactory(email="ada@example.org")
    credentials = {"email": "ada@example.org", "password": PASSWORD}
    phone, tablet = (post(LOGIN, credentials).json()["meta"]["session_token"] for _ in range(2))
    change = "/api/v1/account/password/change"

    refused = post(
        change,
        {"current_password": "wrong", "new_password": "violet-heron-9"},
        **{"X-Session-Token": phone},
    )
    assert refused.status_code == 400
    accepted = post(
        change,
        {"current_password": PASSWORD, "new_password": "violet-heron-9"},
        **{"X-Session-Token": phone},
    )
    assert accepted.status_code == 200

    assert me(accepted.json()["meta"].get("session_token", phone)).status_code == 200
    assert me(tablet).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '"text"',
        "[" * 100_000,
        b"\xff\xfe",
        r'{"email": "ada@example.org", "password": "\ud800-grey-otter"}',
    ],
    ids=["cut", "list", "text", "deep", "not-utf8", "surrogate"],
)
@pytest.mark.parametrize("address", [SIGNUP, LOGIN])
def test_bodies_that_are_no_json_object_are_malformed(address: str, body: str | bytes) -> None:
    answer = post(address, body)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "malformed"


@pytest.mark.parametrize("value", [None, 7, [], {"a": 1}, "a\0b@example.org", "x" * 100_000])
def test_odd_values_are_field_errors(value: Any) -> None:
    assert post(SIGNUP, {"email": value, "password": value}).status_code == 400
    assert post(LOGIN, {"email": value, "password": value}).status_code == 400


@pytest.mark.parametrize("number", [2**63, "9" * 30, -(2**63) - 1])
def test_sessions_with_impossible_numbers_are_refused(number: Any) -> None:
    UserFactory(email="ada@example.org")
    credentials = {"email": "ada@example.org", "password": PASSWORD}
    token = post(LOGIN, credentials).json()["meta"]["session_token"]

    answer = Client().delete(
        "/api/v1/auth/sessions",
        json.dumps({"sessions": [number]}),
        "application/json",
        headers={"X-Session-Token": token},
    )

    assert answer.status_code == 400
    assert me(token).status_code == 200


def test_listing_and_ending_ones_sessions() -> None:
    UserFactory(email="ada@example.org")
    credentials = {"email": "ada@example.org", "password": PASSWORD}
    phone, tablet = (post(LOGIN, credentials).json()["meta"]["session_token"] for _ in range(2))
    address, headers = "/api/v1/auth/sessions", {"X-Session-Token": phone}

    listed = Client().get(address, headers=headers).json()["data"]
    (lost,) = [session["id"] for session in listed if not session["is_current"]]
    Client().delete(address, json.dumps({"sessions": [lost]}), "application/json", headers=headers)

    assert len(listed) == 2
    assert me(tablet).status_code == 401
    assert me(phone).status_code == 200


def test_a_token_is_no_cookie_and_a_cookie_no_token() -> None:
    UserFactory(email="ada@example.org")

    answer = post(LOGIN, {"email": "ada@example.org", "password": PASSWORD})

    assert not answer.cookies
    assert answer["Cache-Control"].find("no-store") >= 0


def test_endpoints_we_do_not_offer_do_not_exist() -> None:
    for path in ("auth/phone/verify", "auth/code/confirm", "tokens/refresh", "app/v1/config"):
        assert post(f"/api/v1/{path}", {}).status_code == 404
