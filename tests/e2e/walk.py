"""Every page of the product, found by walking the URLconf rather than by a list of ours.

A route without arguments is asked for as each persona; a route with arguments needs the world
(`tests.e2e.world`) to hold an example under the parameter's name. Where it does not, `pages_of`
fails, unless the route answers nothing but forms.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from django.urls import URLPattern, URLResolver, get_resolver

from tests.e2e.world import CURATOR, LISTENER, NEWCOMER
from tests.factories import PASSWORD
from tests.process import Stack

VISITOR = ""
#: Personas in the order in which they are tried: a page is shown as the first who may see it.
PERSONAS = {"visitor": VISITOR, "listener": LISTENER, "curator": CURATOR}
#: Packages' own pages and what is no page; the admin and the API's page are visited below.
ELSEWHERE = ("/admin/", "/api/", "/static/", "/accounts/social/")
PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
DUMMY = {"uuid": lambda: str(uuid.uuid4()), "int": lambda: "1"}
#: Further faces of pages: persona, name, address.
FURTHER = (
    ("listener", "home-listener", "/"),
    ("newcomer", "home-newcomer", "/"),
    ("newcomer", "lists-empty", "/lists/"),
    ("newcomer", "library-empty", "/library/"),
    ("newcomer", "journal-empty", "/journal/"),
    ("newcomer", "taste-empty", "/taste/"),
    ("newcomer", "mood-camera-consent", "/mood/?way=camera"),
    ("listener", "mood-camera", "/mood/?way=camera"),
    ("listener", "mood-photo", "/mood/?way=photo"),
    ("listener", "mood-hand", "/mood/?way=hand"),
    ("listener", "music-search", "/music/?q=night"),
    ("listener", "music-search-nothing", "/music/?q=xqzzxq"),
    ("listener", "not-found", "/nothing/"),
    ("visitor", "docs", "/api/v1/docs/"),
    ("curator", "admin", "/admin/"),
    ("curator", "admin-songs", "/admin/catalog/song/"),
)


@dataclass(frozen=True)
class Page:
    """An address that answers with a page of ours, and who sees it."""

    persona: str
    name: str
    path: str

    def __str__(self) -> str:
        return f"{self.persona}-{self.name}"


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "/"
) -> Iterator[tuple[str, str]]:
    """Name and address of every route, parameters in angle brackets."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        where = prefix + _plain(str(pattern.pattern))
        if where.startswith(ELSEWHERE):
            continue
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, where)
        else:
            yield pattern.name or where, where


def _plain(pattern: str) -> str:
    """A pattern in the spelling of `path()`: allauth has some regular expressions."""
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern.removeprefix("^")).removesuffix("$")


def filled(name: str, address: str, ids: dict[str, Any]) -> tuple[str, bool]:
    """The address with its arguments, and whether all of them are known."""
    known = True

    def argument(found: re.Match[str]) -> str:
        nonlocal known
        value = ids.get(f"{name}.{found['name']}", ids.get(found["name"]))
        if value is None:
            known = False
            return DUMMY.get(found["kind"] or "str", lambda: "none")()
        return str(value)

    return PARAMETER.sub(argument, address), known


def session_of(stack: Stack, email: str) -> requests.Session:
    """A browser's cookies, signed in as this person ("" for a visitor)."""
    session = requests.Session()
    if email:
        address = f"{stack.url}/accounts/login/"
        session.get(address, timeout=30)
        form = {
            "login": email,
            "password": PASSWORD,
            "csrfmiddlewaretoken": session.cookies["csrf"],
        }
        answer = session.post(address, form, timeout=30, allow_redirects=False)
        assert answer.status_code == 302, f"{email} cannot sign in: {answer.status_code}"
    return session


def sessions_of(stack: Stack) -> dict[str, requests.Session]:
    """Everybody's."""
    people = {**PERSONAS, "newcomer": NEWCOMER}
    return {persona: session_of(stack, email) for persona, email in people.items()}


def is_page(answer: requests.Response) -> bool:
    """Whether it is a whole page, and not a fragment, a file or a way to elsewhere."""
    kind = answer.headers.get("Content-Type", "")
    return kind.startswith("text/html") and "<!doctype html" in answer.text[:200].lower()


def pages_of(
    stack: Stack, sessions: dict[str, requests.Session], world: dict[str, Any]
) -> list[Page]:
    """All pages; AssertionError names the routes for which the world has no example."""
    found, unknown = [], []
    for name, address in routes():
        path, known = filled(name, address, world["ids"])
        if not known:
            # What answers forms alone says so before it looks at its arguments.
            if sessions["curator"].get(stack.url + path, timeout=60).status_code != 405:
                unknown.append(f"{name} {address}")
            continue
        for persona in PERSONAS:
            # A key in an address leads on to the page that it opens.
            answer = sessions[persona].get(
                stack.url + path, timeout=60, allow_redirects="<key>" in address
            )
            if answer.status_code == 200:
                if is_page(answer):
                    found.append(Page(persona, name, path))
                break
    assert unknown == [], f"give tests.e2e.world an example for: {', '.join(unknown)}"
    for persona, name, path in FURTHER:
        answer = sessions[persona].get(stack.url + path, timeout=60)
        if name == "not-found" or answer.status_code == 200:
            found.append(Page(persona, name, path))
    return found


def context_of(browser: Any, stack: Stack, session: requests.Session, **options: Any) -> Any:
    """A browser context that holds the session's cookies."""
    context = browser.new_context(**options)
    cookies = [
        {"name": cookie.name, "value": cookie.value or "", "url": stack.url}
        for cookie in session.cookies
    ]
    if cookies:
        context.add_cookies(cookies)
    return context
