"""A playlist from a list to a shared link, and a belief that is looked at and taken back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.axe import faults

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

#: No page may be wider than the window.
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
ORDER = "[...document.querySelectorAll('#songs .song__title')].map((one) => one.innerText.trim())"


def listener(visitor_of: Any, **context: Any) -> Any:
    """Somebody with a list for a happy mood, on its page."""
    visitor = visitor_of(bypass_csp=True, **context)
    visitor.sign_up()
    visitor.go_on_without_camera()
    visitor.visit("/mood/?way=hand")
    visitor.page.get_by_role("button", name="Happy").click()
    visitor.page.wait_for_url("**/readings/*/")
    visitor.page.get_by_role("button", name="Match").first.click()
    visitor.page.wait_for_url("**/lists/*/")
    return visitor


def test_a_list_becomes_a_playlist_that_is_ordered_shared_and_taken_back(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = listener(visitor_of, viewport={"width": 1280, "height": 1000})
    page = visitor.page
    page.get_by_role("button", name="Keep as a playlist").click()
    page.wait_for_url("**/library/playlists/*/")
    visitor.until("Boolean(customElements.get('sortable-list'))")
    first = visitor.ask(ORDER)
    assert len(first) == 20

    # The first song is dragged by its handle to the third place.
    grips = page.locator("[data-grip]")
    grips.first.scroll_into_view_if_needed()
    start, end = grips.nth(0).bounding_box(), grips.nth(2).bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 10, end["y"] + 30, steps=8)
    with page.expect_response("**/songs/") as saved:
        page.mouse.up()
    assert saved.value.status == 200
    dragged = [first[1], first[2], first[0], *first[3:]]
    visitor.until(f"JSON.stringify({ORDER}) === {_json(dragged)}")

    # And by keyboard it goes back up by one.
    rows = page.locator("#songs .song")
    rows.nth(2).get_by_role("button", name=f"Take {first[0]} out").focus()
    with page.expect_response("**/songs/") as saved:
        page.keyboard.press("Alt+ArrowUp")
    assert saved.value.status == 200
    moved = [first[1], first[0], *first[2:]]
    visitor.until(f"JSON.stringify({ORDER}) === {_json(moved)}")
    page.reload()
    assert visitor.ask(ORDER) == moved

    # Pressed faster than the server answers, every move is kept.
    last = rows.nth(19).get_by_role("button", name="Take")
    last.focus()
    for _press in range(4):
        page.keyboard.press("Alt+ArrowUp")
    moved = [*moved[:15], moved[19], *moved[15:19]]
    visitor.until(f"JSON.stringify({ORDER}) === {_json(moved)}")
    page.wait_for_load_state("networkidle")
    page.reload()
    assert visitor.ask(ORDER) == moved

    # One is taken out without leaving the place.
    rows.nth(5).get_by_role("button", name=f"Take {first[5]} out").click()
    visitor.until(f"{ORDER}.length === 19")

    page.locator("summary", has_text="Name and description").click()
    page.get_by_label("Name", exact=True).fill("Sunday morning")
    page.get_by_label("Description").fill("With coffee.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", level=1, name="Sunday morning").wait_for()

    page.locator("summary", has_text="Share").click()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("The link").input_value()
    assert faults(page) == []
    assert not visitor.ask(WIDE)

    # In another window, signed out, whoever has the link sees the songs and hears none.
    guest = visitor_of(bypass_csp=True, viewport={"width": 360, "height": 740})
    guest.page.goto(link)
    guest.page.get_by_role("heading", level=1, name="Sunday morning").wait_for()
    expect(guest.page.locator(".song__title")).to_have_count(19)
    assert guest.page.locator("[data-play], [data-play-all]").count() == 0
    assert faults(guest.page) == []
    assert not guest.ask(WIDE)

    page.get_by_role("button", name="Take the link back").click()
    page.get_by_text("The link leads nowhere any more").wait_for()
    answer = guest.page.goto(link)
    assert answer.status == 404

    # Playing from the playlist makes a history, which goes on over pages.
    page.get_by_role("button", name="Play all").click()
    visitor.until("document.querySelector('music-player audio').currentTime > 0.3")
    page.get_by_role("navigation", name="Library").get_by_role("link", name="History").click()
    page.wait_for_url("**/library/history/")
    expect(page.locator(".song__title").first).to_have_text(moved[0])
    tabs = page.get_by_role("navigation", name="Library")
    for name in ("Overview", "Lists", "Playlists", "Favourites", "Most played"):
        tabs.get_by_role("link", name=name, exact=True).click()
        expect(tabs.locator("[aria-current]")).to_have_text(name)
        assert faults(page) == []
        assert not visitor.ask(WIDE), name
    assert visitor.complaints == []


def test_a_song_is_put_into_a_new_playlist_from_its_row(visitor_of: Any) -> None:
    visitor = listener(visitor_of, viewport={"width": 360, "height": 740})
    page = visitor.page
    stars = page.locator(".song").first.locator(".star").nth(4)
    with page.expect_response("**/rating"):
        stars.click()
    title = page.locator(".song__title").first.inner_text()
    visitor.visit("/library/favourites/")
    row = page.locator(".song", has_text=title)
    row.get_by_role("link", name=f"Add {title} to a playlist").click()
    row.get_by_label("A new playlist with it").fill("Fives")
    row.get_by_role("button", name="Make it").click()
    page.get_by_text("Added to “Fives”.").wait_for()
    assert faults(page) == []
    assert not visitor.ask(WIDE)
    assert page.url.endswith("/library/favourites/")
    row.get_by_role("button", name="Fives").click()
    page.get_by_text("Taken out of “Fives”.").wait_for()
    assert visitor.complaints == []


def test_a_belief_is_opened_removed_and_taken_back(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = listener(visitor_of)
    page = visitor.page
    title = page.locator(".song__title").first.inner_text()
    with page.expect_response("**/rating"):
        page.locator(".song").first.locator(".star").nth(4).click()

    visitor.visit("/taste/")
    belief = page.locator(".belief[id^=song-]", has_text=title)
    belief.locator("summary").click()
    belief.get_by_label("Stars when happy").wait_for()
    expect(belief.locator(".belief__number")).to_have_text("+0.30")
    assert faults(page) == []
    assert not visitor.ask(WIDE)

    # Two stars instead of five: the belief turns round, and the page comes back to it, open.
    belief.get_by_label("Stars when happy").select_option("2")
    belief.get_by_role("button", name="Change").click()
    page.get_by_text("Done. Your next list follows it.").wait_for()
    expect(belief.locator(".belief__number")).to_have_text("\N{MINUS SIGN}0.15")
    belief.get_by_role("button", name=f"Remove the stars of {title}").click()
    page.get_by_text(f"Stars of {title} removed").first.wait_for()
    assert belief.count() == 0

    # Undone, the latest first, all is as it was.
    for _turn in range(2):
        page.get_by_role("button", name="Undo").first.click()
        page.get_by_text("Taken back. Your lists are what they were.").wait_for()
    expect(belief.locator(".belief__number")).to_have_text("+0.30")
    page.get_by_text("Nothing that could be taken back.").wait_for()

    # Starting over needs a tick, and can be taken back as well.
    page.locator("summary", has_text="Start over").click()
    page.get_by_label("Everything, in all moods").check()
    page.get_by_label("Yes, start over").check()
    page.get_by_role("button", name="Reset").click()
    page.get_by_text("Started over with everything").first.wait_for()
    assert page.locator(".belief").count() == 0
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_text("Taken back. Your lists are what they were.").wait_for()
    expect(belief.locator(".belief__number")).to_have_text("+0.30")
    assert faults(page) == []
    assert visitor.complaints == []


def _json(words: list[str]) -> str:
    import json

    return json.dumps(json.dumps(words, separators=(",", ":"), ensure_ascii=False))
