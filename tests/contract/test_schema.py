"""The OpenAPI schema is valid, whole, and shown by a page that our CSP lets work."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

#: Addresses of the API that describe it rather than belong to it.
ABOUT_ITSELF = {"/api/v1/schema/", "/api/v1/docs/"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    result: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return result


def mounted(
    patterns: list[URLPattern | URLResolver], prefix: str = "/"
) -> Iterator[tuple[str, URLPattern]]:
    """Every address below `prefix` in the schema's spelling, with its pattern."""
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from mounted(pattern.url_patterns, where)
        else:
            yield re.sub(r"<(?:\w+:)?\w+>", "{}", where), pattern


def api_addresses() -> dict[str, URLPattern]:
    return {
        address: pattern
        for address, pattern in mounted(get_resolver().url_patterns)
        if address.startswith("/api/") and address not in ABOUT_ITSELF
    }


def described(schema: dict[str, Any]) -> dict[str, set[str]]:
    """Address, parameters unnamed -> methods."""
    return {
        re.sub(r"{\w+}", "{}", path): set(operations) - {"parameters"}
        for path, operations in schema["paths"].items()
    }


def test_it_is_valid_and_made_without_a_warning() -> None:
    out = StringIO()

    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)

    assert out.getvalue().startswith("openapi: 3.0")


def test_every_address_is_described_and_exists(schema: dict[str, Any]) -> None:
    assert set(described(schema)) == set(api_addresses())


def test_every_method_is_described(schema: dict[str, Any]) -> None:
    missing = {}
    for address, pattern in api_addresses().items():
        view = getattr(pattern.callback, "cls", None) or getattr(
            pattern.callback, "view_class", None
        )
        if view is None:
            continue
        methods = {
            name for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)
        }
        lacking = methods - described(schema)[address]
        if lacking:
            missing[address] = lacking
    # allauth's own description leaves out what only its browser client uses.
    assert {where: names for where, names in missing.items() if "/auth/" not in where} == {}


def test_every_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    for kind, name in set(re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(schema))):
        assert name in schema["components"][kind], f"{kind}/{name}"


def test_every_operation_says_how_it_fails(schema: dict[str, Any]) -> None:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            text = json.dumps(operation["responses"])
            assert "Problem" in text or "components/responses/Auth" in text, f"{method} {path}"


def test_operation_ids_are_unique(schema: dict[str, Any]) -> None:
    names = [
        operation["operationId"]
        for operations in schema["paths"].values()
        for operation in operations.values()
    ]

    assert sorted(names) == sorted(set(names))


def test_signing_up_and_in_is_described_for_token_clients(schema: dict[str, Any]) -> None:
    signup = schema["paths"]["/api/v1/auth/signup"]["post"]
    body = schema["components"]["schemas"]["AuthSignup"]

    assert signup["security"] == [{}]
    assert signup["requestBody"]["$ref"] == "#/components/requestBodies/AuthSignup"
    assert "email" in schema["components"]["schemas"]["AuthBaseSignup"]["required"]
    assert "password" in json.dumps(body)
    assert "{client}" not in json.dumps(schema)
    assert schema["components"]["securitySchemes"]["sessionToken"]["name"] == "X-Session-Token"
    assert {"sessionToken": []} in schema["paths"]["/api/v1/me"]["get"]["security"]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/vnd.oai.openapi"])
def test_anybody_may_read_it(client: Client, db: None, accept: str) -> None:
    answer = client.get("/api/v1/schema/", headers={"Accept": accept})

    assert answer.status_code == 200
    assert b"/api/v1/me/consent" in answer.content


def test_the_page_has_only_scripts_and_styles_of_this_server(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs/", headers={"Accept": "text/html"})
    html = page.content.decode()

    assert page.status_code == 200
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", html), "an inline script"
    assert "<style" not in html
    assert not re.search(r"\son\w+=", html), "an inline handler"
    links = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(links) == 9  # three scripts, three style sheets, the icon, and two links of our head
    assert all(link.startswith("/") and not link.startswith("//") for link in links)


def test_the_script_of_the_page_is_a_script(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs/", headers={"Accept": "text/html"}).content.decode()
    (address,) = re.findall(r'src="(/api/[^"]+)"', page)

    script = client.get(address, headers={"Accept": "*/*"})

    assert script.status_code == 200
    assert script["Content-Type"].startswith("application/javascript")
    assert "/api/v1/schema/" in script.content.decode()
    # Cookies of signed-in browsers need the CSRF token under our cookie's name.
    assert "csrf" in script.content.decode().lower()
