"""Dark or light by choice: a cookie without an account, read before the page is drawn."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.moodmusic.pages import HTMX

pytestmark = pytest.mark.django_db

ADDRESS = "/theme/"


def test_a_visitor_chooses_dark_and_the_next_page_comes_dark(client: Client) -> None:
    assert "data-theme" not in client.get("/").content.decode().split("<head>")[0]

    answer = client.post(
        ADDRESS, {"theme": "dark"}, headers={"Referer": "http://testserver/about/model/?a=1"}
    )
    page = client.get("/").content.decode()

    assert (answer.status_code, answer["Location"]) == (303, "/about/model/?a=1")
    assert answer.cookies["theme"]["samesite"] == "Lax"
    assert '<html lang="en-gb" dir="ltr" data-theme="dark">' in page
    assert 'value="dark" aria-pressed="true"' in page
    assert page.count("#17111a") == 2  # the browser's own bar is dark under either system


def test_following_the_system_again_forgets_the_choice(client: Client) -> None:
    client.post(ADDRESS, {"theme": "light"})
    assert 'data-theme="light"' in client.get("/").content.decode()

    answer = client.post(ADDRESS, {"theme": "system"})

    assert answer.cookies["theme"].value == ""
    assert 'value="system" aria-pressed="true"' in client.get("/").content.decode()


def test_a_page_with_htmx_changes_where_it_is(client: Client) -> None:
    answer = client.post(ADDRESS, {"theme": "dark"}, **HTMX)

    assert (answer.status_code, answer.content) == (204, b"")
    assert json.loads(answer["HX-Trigger"]) == {"theme": "dark"}
    assert answer.cookies["theme"].value == "dark"


@pytest.mark.parametrize("value", ["purple", '"><script>', ""])
def test_a_cookie_that_is_no_choice_counts_for_nothing(client: Client, value: str) -> None:
    client.cookies["theme"] = value

    page = client.get("/").content.decode()

    assert "data-theme=" not in page
    assert 'value="system" aria-pressed="true"' in page


def test_the_way_back_leads_to_no_other_site(client: Client) -> None:
    answer = client.post(ADDRESS, {"theme": "dark"}, headers={"Referer": "https://evil.example//x"})

    assert answer["Location"] == "/"
    assert client.get(ADDRESS).status_code == 405


def test_the_sections_are_marked_where_one_is(client_of: Any, owner: Any, curator: Any) -> None:
    listener = client_of(owner).get(reverse("mood")).content.decode()
    desk = client_of(curator).get(reverse("desk_songs")).content.decode()
    further_in = client_of(owner).get(reverse("music_artists")).content.decode()

    assert f'<a href="{reverse("mood")}" aria-current="page">' in listener
    assert f'<a href="{reverse("music")}" aria-current="true">' in further_in
    assert f'<a href="{reverse("desk")}" hx-boost="false" aria-current="true">' in desk
    assert reverse("desk") not in listener
