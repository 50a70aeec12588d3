"""Finding a song by a misspelt word and playing it, and hiding an artist, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

AUDIO = "document.querySelector('music-player audio')"
#: No page may be wider than the window.
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_a_misspelt_song_is_found_and_played_and_an_artist_hidden(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = visitor_of(viewport={"width": 360, "height": 740})
    page = visitor.page
    visitor.sign_up()
    visitor.go_on_without_camera()

    # Music is a link of every page; the key "/" leads to the search.
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Music").click()
    page.wait_for_url("**/music/")
    titles = page.locator(".song__title")
    expect(titles).to_have_count(50)
    wanted = next(title for title in titles.all_inner_texts() if len(title.split()[0]) >= 4)
    artist = page.locator(".song", has_text=wanted).first.locator(".song__artist a").first
    artist_name = artist.inner_text()
    page.keyboard.press("/")
    visitor.until("document.activeElement.id === 'q'")

    # One letter of the first word is wrong; the list follows what is typed.
    word, *others = wanted.split()
    page.keyboard.type(" ".join([word[0] + "x" + word[2:], *others]))
    page.locator("#found .song__title", has_text=wanted).first.wait_for()
    visitor.until("document.querySelectorAll('#found .song').length < 50")
    row = page.locator("#found .song", has_text=wanted).first
    row.get_by_role("button", name=f"Play {wanted}").click()
    visitor.until(f"{AUDIO}.currentTime > 0.3")
    expect(page.locator(".player__title")).to_have_text(wanted)

    # It plays on while the song's page, and then the artist's, is read.
    row.get_by_role("link", name=wanted, exact=True).click()
    page.wait_for_url("**/music/songs/*/")
    page.get_by_role("heading", level=1, name=wanted).wait_for()
    expect(page.locator(".opinions")).to_contain_text("says the program that composed it")
    page.get_by_role("main").get_by_role("link", name=artist_name).first.click()
    page.wait_for_url("**/music/artists/*/")
    visitor.until(f"!{AUDIO}.paused")

    # Hidden, the artist is gone from the search until shown again from the settings.
    page.get_by_role("button", name="Hide this artist").click()
    page.get_by_role("button", name="Show this artist again").wait_for()
    visitor.visit(f"/music/?q={wanted.replace(' ', '+')}")
    expect(page.locator("#found")).not_to_contain_text(artist_name)
    visitor.visit("/settings/hidden-artists/")
    page.get_by_role("button", name=f"Show {artist_name} again").click()
    page.get_by_text("You have hidden nobody").wait_for()

    for address in ("", "artists/", "albums/", "moods/", "moods/calm/"):
        visitor.visit(f"/music/{address}")
        assert not visitor.ask(WIDE), address
    assert visitor.complaints == []
