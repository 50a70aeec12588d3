"""Every refusal of the API is an RFC 9457 problem with a stable code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.exceptions import ErrorDetail

from accounts.models import User
from moodmusic.api import field_errors

ME, CONSENT = "/api/v1/me", "/api/v1/me/consent"


def check(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem in an answer, with its fixed members checked."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"/api/v1/docs/#problem-{code}"
    assert body["title"] == code.replace("_", " ").capitalize()
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]
    return body


@pytest.fixture
def api(owner: User, client_of: Callable[[Any], Client]) -> Client:
    return client_of(owner)


@pytest.mark.parametrize("headers", [{}, {"X-Session-Token": "no-such-token"}])
def test_not_authenticated(client: Client, db: None, headers: dict[str, str]) -> None:
    answer = client.get(ME, headers=headers)

    check(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("X-Session-Token")


def test_not_found(api: Client) -> None:
    check(api.get("/api/v1/nothing/here"), 404, "not_found")


def test_pages_that_are_not_the_api_keep_their_html(client: Client, db: None) -> None:
    answer = client.get("/nothing/here")

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")


def test_method_not_allowed(api: Client) -> None:
    answer = api.post(ME)

    check(answer, 405, "method_not_allowed")
    assert "GET" in answer["Allow"]


def test_unsupported_media_type(api: Client) -> None:
    check(api.put(CONSENT, "version=1", "text/plain"), 415, "unsupported_media_type")


def test_not_acceptable(api: Client) -> None:
    check(api.get(ME, headers={"Accept": "text/csv"}), 406, "not_acceptable")


@pytest.mark.parametrize("body", ["{", b"\xff", "[" * 100_000], ids=["cut", "not-utf8", "deep"])
def test_malformed(api: Client, body: str | bytes) -> None:
    check(api.put(CONSENT, body, "application/json"), 400, "malformed")


def test_too_large(api: Client) -> None:
    body = '{"version": 1, "more": "' + "x" * 1024 * 1024 + '"}'

    check(api.put(CONSENT, body, "application/json"), 413, "too_large")


def test_invalid_names_the_fields(api: Client) -> None:
    body = check(api.put(CONSENT, {"version": "one"}, "application/json"), 400, "invalid")

    assert body["errors"] == {"version": ["A valid integer is required."]}


def test_invalid_as_a_whole(api: Client) -> None:
    body = check(api.put(CONSENT, [1], "application/json"), 400, "invalid")

    assert list(body["errors"]) == ["non_field_errors"]


def test_nested_errors_are_flattened() -> None:
    def wrong(text: str) -> list[Any]:
        return [ErrorDetail(text, "invalid")]

    assert field_errors({"title": wrong("a"), "items": [{}, {"stars": wrong("b")}]}) == {
        "title": ["a"],
        "items.1.stars": ["b"],
    }


@pytest.mark.urls("tests.contract.broken_urls")
def test_a_refusal_of_the_domain(client: Client) -> None:
    answer = client.get("/api/v1/refusal")

    body = check(answer, 429, "too_many_waiting")
    assert (answer["Retry-After"], body["retry_after"]) == ("7", 7)
    assert body["detail"] == "Wait for one to end."


@pytest.mark.urls("tests.contract.broken_urls")
@pytest.mark.parametrize("path", ["fault", "plain/fault"])
def test_a_fault_of_ours_is_logged_and_not_told(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(raise_request_exception=False)

    answer = client.get(f"/api/v1/{path}")

    check(answer, 500, "server_error")
    assert b"secret" not in answer.content
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.exc_info is not None
    assert "the secret cause" in str(record.exc_info[1])


@pytest.mark.urls("tests.contract.broken_urls")
def test_refusals_of_plain_views(client: Client) -> None:
    check(client.get("/api/v1/plain/forbidden"), 403, "forbidden")
    check(client.get("/api/v1/plain/malformed"), 400, "malformed")
