"""The page where one stays: goals, map and corrections change the songs in their place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.test_first_ten_minutes import AUDIO

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

SAID = "document.getElementById('list-said').textContent"


def at_a_reading(visitor: Any, emotion: str = "Happy") -> Any:
    """Sign up and say how one is; the page, with its first list."""
    visitor.sign_up()
    visitor.skip_favourites()
    visitor.page.get_by_role("button", name=emotion).click()
    visitor.page.wait_for_url("**/readings/*/")
    visitor.page.locator(".song").first.wait_for()
    return visitor.page


def test_goals_change_the_songs_in_place(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = visitor_of(viewport={"width": 1280, "height": 900})
    page = at_a_reading(visitor)
    reading, matched = page.url, visitor.song_titles()
    assert len(matched) == 20
    visitor.until(f"{SAID}.includes('20 songs')")

    # Loaded again it is the same list
    page.reload()
    assert visitor.song_titles() == matched

    # By keyboard: the focus and the scroll place stay, and a live region says what changed
    page.evaluate("window.stays = true")
    page.locator("#goal-calm").focus()
    before = visitor.ask("window.scrollY")
    page.keyboard.press("Enter")
    page.locator("#goal-calm[aria-pressed=true]").wait_for()
    assert visitor.ask("window.stays")
    assert visitor.ask("document.activeElement.id") == "goal-calm"
    assert abs(visitor.ask("window.scrollY") - before) < 5
    visitor.until(f"{SAID}.includes('Calm after happy')")
    calmed = visitor.song_titles()
    assert calmed != matched
    page.wait_for_url("**/lists/*/")

    # Step by step, and back to plain
    page.get_by_role("button", name="Step by step").click()
    expect(page.get_by_role("heading", level=2, name="From happy to calm")).to_be_visible()
    page.get_by_role("button", name="Step by step").click()
    expect(page.get_by_role("heading", level=2, name="Calm after happy")).to_be_visible()

    # The address is the list's own page; the reading shows it, too
    address = page.url
    page.reload()
    expect(page.get_by_role("heading", level=1, name="Calm after happy")).to_be_visible()
    page.get_by_role("button", name="Help me focus").click()
    expect(page.get_by_role("heading", level=1, name="Focus when happy")).to_be_visible()
    visitor.until(f"location.href !== '{address}' && document.title.startsWith('Focus for happy')")
    page.goto(reading)
    expect(page.locator("#goal-focus")).to_have_attribute("aria-pressed", "true")
    assert visitor.complaints == []


def test_dots_of_the_map_name_songs_and_lead_to_them(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = visitor_of(viewport={"width": 1280, "height": 900})
    page = at_a_reading(visitor, "Sad")
    titles = visitor.song_titles()
    dots = page.locator(".map__dot")
    expect(dots).to_have_count(20)

    # Title by hover and by focus; each can be pointed at, none stops the keyboard before the rows
    last = dots.nth(19)
    expect(last.locator(".map__name")).to_be_hidden()
    last.hover()
    expect(last.locator(".map__name")).to_be_visible()
    assert dots.evaluate_all("all => all.every((dot) => dot.tabIndex === -1)")
    assert titles[19] in (last.get_attribute("aria-label") or "")
    dots.nth(4).focus()
    expect(dots.nth(4).locator(".map__name")).to_be_visible()

    # The dot's row comes into view, and the page is not loaded anew
    page.evaluate("window.stays = true")
    page.keyboard.press("Enter")
    visitor.until("location.hash.startsWith('#song-')")
    row = page.locator(":target")
    assert titles[4] in row.inner_text()
    expect(row).to_be_in_viewport()
    assert visitor.ask("window.stays")
    assert visitor.complaints == []


def test_one_tap_corrects_and_the_songs_follow(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = visitor_of(viewport={"width": 360, "height": 740})
    page = at_a_reading(visitor)
    happy = visitor.song_titles()

    sad = page.locator("#correct").get_by_role("button", name="Sad")
    sad.focus()
    before = visitor.ask("window.scrollY")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1, name="You say sad")).to_be_visible()
    assert set(visitor.song_titles()).isdisjoint(happy)
    assert visitor.ask("document.activeElement.id") == "correct-sad"
    assert abs(visitor.ask("window.scrollY") - before) < 60
    visitor.until(f"{SAID}.includes('You are sad') && {SAID}.includes('20 songs')")
    page.get_by_role("button", name="Take back my correction").click()
    expect(page.get_by_role("heading", level=1, name="You are happy")).to_be_visible()
    assert not visitor.ask("document.documentElement.scrollWidth > window.innerWidth")
    assert visitor.complaints == []


def test_a_song_plays_on_while_the_list_changes(visitor_of: Any) -> None:
    audio = "document.querySelector('music-player audio')"
    visitor = visitor_of()
    page = at_a_reading(visitor)
    page.get_by_role("button", name="Play all").click()
    visitor.until(f"{audio}.currentTime > 0.3")
    source = visitor.ask(f"{audio}.src")

    page.get_by_role("button", name="Lift me").click()
    page.locator("#goal-lift[aria-pressed=true]").wait_for()

    assert visitor.ask(f"{audio}.src") == source
    assert not visitor.ask(f"{audio}.paused")
    assert visitor.complaints == []


def test_on_a_phone_music_is_two_taps_from_a_face(visitor_of: Any) -> None:
    visitor = visitor_of(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = visitor.page
    visitor.sign_up()
    visitor.allow_reading()
    visitor.visit("/mood/?way=camera")

    page.get_by_role("button", name="Start the camera").tap()
    page.wait_for_url("**/readings/*/")
    play = page.get_by_role("button", name="Play the songs")
    play.wait_for()
    # Seen without scrolling, above the navigation.
    assert visitor.ask("window.scrollY") == 0
    box, below = (one.bounding_box() for one in (play, page.get_by_role("navigation", name="Main")))
    assert box["y"] + box["height"] < below["y"]
    play.tap()

    visitor.until(f"{AUDIO}.currentTime > 0.3")
    assert page.locator(".player__title").inner_text() == visitor.song_titles()[0]
    # A new goal has songs of its own to play.
    page.get_by_role("button", name="Calm me").tap()
    page.locator("#goal-calm[aria-pressed=true]").wait_for()
    play.tap()
    first = visitor.song_titles()[0]
    visitor.until(f"document.querySelector('.player__title').textContent === {first!r}")
    assert visitor.complaints == []
