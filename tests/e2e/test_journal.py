"""A journal worth returning to: see the year, open a day, write a note, say how you are, replay."""

from __future__ import annotations

import sqlite3
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.axe import faults
from tests.process import Stack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


def move_back(stack: Stack, reading: str, days: int) -> str:
    """Let a reading have been made so many days ago; the day."""
    at = datetime.now(UTC) - timedelta(days=days)
    with sqlite3.connect(stack.home / "moodmusic.sqlite3", timeout=30) as database:
        database.execute(
            "UPDATE emotions_reading SET created_at = ? WHERE id = ?",
            (at.strftime("%Y-%m-%d %H:%M:%S.%f"), uuid.UUID(reading).hex),
        )
    return f"{at:%Y-%m-%d}"


def by_hand(visitor: Any, mood: str) -> str:
    """Name a mood; the reading's id."""
    visitor.visit("/mood/?way=hand")
    visitor.page.get_by_role("button", name=mood).click()
    visitor.page.wait_for_url("**/readings/*/")
    return str(visitor.page.url.split("/")[-2])


def faults_of(visitor: Any) -> list[str]:
    """What axe finds serious or critical; our policy lets no other script in, so it is lifted."""
    context = visitor.page.context.browser.new_context(
        bypass_csp=True,
        storage_state=visitor.page.context.storage_state(),
        viewport=visitor.page.viewport_size,
    )
    page = context.new_page()
    page.goto(visitor.page.url)
    found = faults(page)
    context.close()
    return found


def test_see_the_year_open_a_day_write_a_note_and_find_it_again(
    visitor_of: Any, stack: Stack
) -> None:
    visitor = visitor_of(viewport={"width": 360, "height": 740})
    page = visitor.page
    visitor.sign_up()
    visitor.go_on_without_camera()
    day = move_back(stack, by_hand(visitor, "Sad"), 1)
    by_hand(visitor, "Happy")

    # The year: a square for each day, and yesterday's leads to its day
    visitor.visit(f"/journal/year/{day}/")
    square = page.locator(f'a[href="/journal/day/{day}/"]')
    assert square.get_attribute("aria-label").endswith(": sad, 1 reading")
    box = square.bounding_box()
    assert min(box["width"], box["height"]) >= 20
    assert visitor.ask("document.documentElement.scrollWidth <= window.innerWidth")
    assert faults_of(visitor) == []
    # It opens within the page, as a link that does not end the music
    visitor.ask("void (window.stays = true)")
    square.click()
    page.wait_for_url(f"**/journal/day/{day}/")
    page.get_by_role("heading", name="Entries").wait_for()
    assert visitor.ask("window.stays")
    assert page.locator(".entry").count() == 1

    # A note is there at once, and after a reload
    page.get_by_text("Add a note").click()
    page.get_by_label("Your note").fill("Rain all day.\nThen a letter.")
    page.get_by_role("button", name="Save the note").click()
    page.get_by_text("Note saved.").wait_for()
    page.reload()
    assert page.locator(".note__words").inner_text() == "Rain all day.\nThen a letter."
    assert faults_of(visitor) == []

    # And it goes with its reading, after a question
    page.get_by_role("link", name="Delete the reading of").click()
    page.get_by_role("button", name="Delete it").click()
    page.get_by_text("Deleted. The reading is gone").wait_for()
    assert page.locator(".entry").count() == 0
    for view in ("week", "month"):
        visitor.visit(f"/journal/{view}/")
        assert visitor.ask("document.documentElement.scrollWidth <= window.innerWidth")
        assert faults_of(visitor) == []
    assert visitor.complaints == []


def test_better_by_one_tap_and_the_sad_songs_again(visitor_of: Any) -> None:
    visitor = visitor_of()
    page = visitor.page
    visitor.sign_up()
    visitor.go_on_without_camera()
    by_hand(visitor, "Sad")
    page.get_by_role("button", name="Match it").click()
    page.wait_for_url("**/lists/*/")
    heard = page.locator("[data-list] [data-audio]").first
    title = heard.get_attribute("data-title")
    heard.locator("[data-play]").click()
    visitor.until("document.querySelector('music-player audio').currentTime > 0.2", 90)
    visitor.ask("void (document.querySelector('music-player audio').currentTime = 12)")
    visitor.until("document.querySelector('music-player audio').currentTime > 12")
    page.locator("music-player").get_by_role("button", name="Pause").click()
    visitor.until("document.querySelector('music-player audio').paused")
    page.wait_for_timeout(500)  # the position is told when it pauses

    # The list ends: a discreet question, once, answered by one tap
    ended = "document.dispatchEvent(new CustomEvent('player:ended-list', {detail: {list: ''}}))"
    visitor.ask(ended)
    page.get_by_role("button", name="Better").click()
    page.get_by_text("Noted: better.").wait_for()
    page.get_by_role("button", name="Done").click()
    page.locator(".after").wait_for(state="detached")
    visitor.ask(ended)
    page.wait_for_timeout(500)
    assert page.locator(".after").count() == 0

    # The journal knows it, and one tap plays what was heard when sad
    visitor.visit("/journal/")
    page.get_by_text("better afterwards").wait_for()
    page.get_by_role("link", name="Replay what I heard when sad").click()
    # It begins by itself, at an address that shows the songs without playing them.
    page.wait_for_url("**/journal/moods/sad/")
    player = page.locator("music-player")
    audio = "document.querySelector('music-player audio')"
    visitor.until(f"!{audio}.paused && {audio}.currentTime > 0.2")
    assert player.locator(".player__title").inner_text() == title
    assert faults_of(visitor) == []
    assert visitor.complaints == []
