"""The installable app: its manifest, its icons, its service worker and the page for no network."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image


def test_the_manifest_has_all_that_installing_takes(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")

    body = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert body["name"].startswith("MoodMusic")
    assert len(body["short_name"]) <= 12
    assert (body["start_url"], body["scope"], body["display"]) == ("/", "/", "standalone")
    tokens = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    assert f"--paper: light-dark({body['theme_color']}," in tokens
    assert (body["lang"], body["dir"]) == ("en-gb", "ltr")


def test_every_icon_is_there_in_the_size_it_claims(client: Client) -> None:
    icons = client.get("/manifest.webmanifest").json()["icons"]

    purposes = {(icon["sizes"], icon["purpose"]) for icon in icons}
    assert purposes >= {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for icon in icons:
        path = finders.find(icon["src"].removeprefix(settings.STATIC_URL))
        assert path, icon["src"]
        if icon["sizes"] == "any":
            continue
        with Image.open(path) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_a_maskable_icon_is_filled_and_keeps_the_logo_inside_its_circle() -> None:
    with Image.open(str(finders.find("icons/maskable-512.png"))) as picture:
        pixels = picture.convert("RGBA")
    paper = pixels.getpixel((0, 0))

    assert paper[3] == 255
    for x in range(0, 512, 4):
        for y in range(0, 512, 4):
            if (x - 256) ** 2 + (y - 256) ** 2 > (0.4 * 512) ** 2:
                assert pixels.getpixel((x, y)) == paper


def test_the_service_worker_serves_every_page_and_is_never_kept(client: Client) -> None:
    answer = client.get("/sw.js")

    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    script = answer.content.decode()
    assert re.search(r'VERSION="moodmusic-[0-9a-f]{12}"', script)
    assert '"/offline/"' in script
    assert "&quot;" not in script
    assert "//" not in script  # minified: no comment is left


def test_the_page_for_no_network_is_the_same_for_everybody(
    owner: Any, client: Client, client_of: Any
) -> None:
    nobody, somebody = client.get("/offline/"), client_of(owner).get("/offline/")

    assert nobody.content == somebody.content
    assert "You are offline" in nobody.content.decode()
    assert owner.email not in somebody.content.decode()


@pytest.mark.django_db
def test_pages_name_the_manifest_and_the_account(
    owner: Any, client: Client, client_of: Any
) -> None:
    nobody = client.get("/").content.decode()
    somebody = client_of(owner).get("/").content.decode()

    for page in (nobody, somebody):
        assert '<link rel="manifest" href="/manifest.webmanifest">' in page
        assert "apple-touch-icon" in page
    assert 'data-account=""' in nobody
    assert re.search(r'data-account="[0-9a-f]{16}"', somebody)
    assert "<live-session" not in nobody
