"""What docs/api.md and docs/privacy.md name is there."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from drf_spectacular.generators import SchemaGenerator

from accounts.consent import CURRENT
from moodmusic import local, theme

DOCS = Path(settings.BASE_DIR) / "docs"


def test_every_call_of_the_walk_is_an_operation() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    operations = {
        (method.upper(), re.sub(r"{\w+}", "{}", path.removeprefix("/api/v1")))
        for path, item in schema["paths"].items()
        for method in item
    }
    walk = (DOCS / "api.md").read_text(encoding="utf-8").split("```")[1]
    walk = walk.replace("\\\n", " ")

    calls = re.findall(r"curl -s (?:-X (\w+) )?\$HOST([^\s|)]+)([^|\n]*)", walk)

    assert len(calls) == 17
    for method, address, rest in calls:
        given = method or ("POST" if re.search(r" -[dF] ", rest) else "GET")
        assert (given, re.sub(r"\$\w+", "{}", address)) in operations, (given, address)


def test_the_walk_agrees_to_the_text_in_force() -> None:
    walk = (DOCS / "api.md").read_text(encoding="utf-8").split("```")[1]

    (agreed,) = re.findall(r"/me/consent .*\"version\": (\d+)", walk)

    assert int(agreed) == CURRENT.version


def test_every_code_of_the_table_is_explained_once() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    table = text.split("| Status | Code |")[1].split("\n\n")[0]

    codes = re.findall(r"`([a-z_]+)`", table)

    expected = {"invalid", "malformed", "not_authenticated", "forbidden", "not_found", "too_large"}
    expected |= {"method_not_allowed", "not_acceptable", "unsupported_media_type"}
    assert expected | {"throttled", "server_error"} <= set(codes)


def test_every_cookie_is_named() -> None:
    """Those of settings and code; a browser keeps no other of ours."""
    text = (DOCS / "privacy.md").read_text(encoding="utf-8")
    part = text.split("### Cookies")[1].split("\n## ")[0]

    named = set(re.findall(r"`(\w+)`", part))

    assert named == {
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        CookieStorage.cookie_name,
        theme.COOKIE,
        local.ZONE_COOKIE,
    }


def test_the_tests_that_privacy_rests_on_exist() -> None:
    named = re.findall(r"`(tests/[^`]+)`", (DOCS / "privacy.md").read_text(encoding="utf-8"))

    assert len(named) >= 7
    assert [name for name in named if not (Path(settings.BASE_DIR) / name).exists()] == []
