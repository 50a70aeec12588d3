"""Every page of the product, as everybody who may see it, read by axe and by its edges.

Pages are found in the URLconf (tests.e2e.walk), so a new one is looked at without a line here; a
new kind of address needs an example in tests.e2e.world.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.e2e.axe import faults
from tests.e2e.conftest import FLAGS
from tests.e2e.walk import Page, context_of, pages_of, sessions_of
from tests.e2e.world import world_of
from tests.process import Stack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1800)]

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
WHOLE = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
#: What a change of colours alone can break.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
#: Pages of packages, where the head alone is ours.
HEADS = {"admin": "#header", "admin-songs": "#header", "docs": "header.docs"}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"
#: Links of where one is that lie beyond the screen's edge.
OUT_OF_SIGHT = """() => [...document.querySelectorAll("main nav a[aria-current]")].filter((one) => {
  const { left, right, width } = one.getBoundingClientRect();
  return width && (left < -1 || right > innerWidth + 1);
}).map((one) => one.textContent.trim())"""
#: Open everything that can be opened, so that what it hides is looked at, too; but for the menus of
#: songs, which lie over what stands below them.
UNFOLD = """() => {
  for (const one of document.querySelectorAll("main details:not(.nope)")) one.open = true;
}"""
#: Of those people see one at a time: the first is looked at by itself. Whether there is one.
MENU = "main details.nope"
OPEN_MENU = f"""() => {{
  const menu = document.querySelector("{MENU}");
  if (menu) menu.open = true;
  return Boolean(menu);
}}"""


@pytest.fixture(scope="module")
def found(stack: Stack) -> tuple[dict[str, requests.Session], list[Page]]:
    """Everybody's cookies, and all pages."""
    world = world_of(stack)
    sessions = sessions_of(stack)
    return sessions, pages_of(stack, sessions, world)


@pytest.fixture(scope="module")
def windows(
    playwright: Any,
    chromium: str,
    stack: Stack,
    found: tuple[dict[str, requests.Session], list[Page]],
) -> Iterator[Any]:
    """A window for each persona; axe is a script of ours that the page's policy would refuse."""
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    sessions, _ = found
    opened = {
        persona: context_of(
            browser, stack, session, viewport=WIDE, bypass_csp=True, reduced_motion="reduce"
        ).new_page()
        for persona, session in sessions.items()
    }
    yield opened
    browser.close()


def test_there_are_pages_of_everybody(
    found: tuple[dict[str, requests.Session], list[Page]],
) -> None:
    _, pages = found
    seen = {page.persona for page in pages}

    assert seen == {"visitor", "listener", "newcomer", "curator"}
    assert {"home", "reading_detail", "list_detail", "desk", "docs"} <= {p.name for p in pages}
    assert len({(page.persona, page.path) for page in pages}) == len(pages)


def test_no_page_has_a_serious_fault_or_scrolls_sideways(
    stack: Stack, found: tuple[dict[str, requests.Session], list[Page]], windows: Any, capsys: Any
) -> None:
    _, pages = found
    wrong: list[str] = []
    for page in pages:
        window = windows[page.persona]

        def look(options: dict[str, Any], where: str, page: Page = page) -> None:
            found = faults(windows[page.persona], head=HEADS.get(page.name), options=options)
            wrong.extend(f"{page} ({where}): {fault}" for fault in found)

        window.set_viewport_size(WIDE)
        window.emulate_media(color_scheme="light", reduced_motion="reduce")
        window.goto(stack.url + page.path)
        window.wait_for_load_state("networkidle")
        window.evaluate(UNFOLD)
        look(WHOLE, "1280 px, light")
        window.emulate_media(color_scheme="dark", reduced_motion="reduce")
        look(COLOURS, "1280 px, dark")
        window.set_viewport_size(NARROW)
        look(WHOLE, "360 px, dark")
        window.emulate_media(color_scheme="light", reduced_motion="reduce")
        look(COLOURS, "360 px, light")
        if window.evaluate(OPEN_MENU):
            for scheme in ("light", "dark"):
                window.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                found_there = faults(window, head=f"{MENU}[open]", options=WHOLE)
                wrong.extend(f"{page} (menu of a song, {scheme}): {one}" for one in found_there)
        if page.name not in HEADS and (over := window.evaluate(SIDEWAYS)) > 0:
            wrong.append(f"{page} (360 px): scrolls sideways by {over} px")

    with capsys.disabled():
        print(f"\n{len(pages)} pages looked at, light and dark, at 1280 and 360 px")
    assert wrong == [], "\n" + "\n".join(wrong)


def test_on_a_phone_one_sees_where_one_is_and_from_right_to_left_no_page_scrolls_sideways(
    stack: Stack, found: tuple[dict[str, requests.Session], list[Page]], windows: Any
) -> None:
    wrong = []
    for page in found[1]:
        if page.name in HEADS:
            continue
        window = windows[page.persona]
        window.set_viewport_size(NARROW)
        window.goto(stack.url + page.path)
        if hidden := window.evaluate(OUT_OF_SIGHT):
            wrong.append(f"{page}: {hidden} is beyond the edge")
        window.evaluate("document.documentElement.dir = 'rtl'")
        window.evaluate(UNFOLD)
        # From right to left the overflow lies on the left, where scrollWidth counts it as well.
        if (over := window.evaluate(SIDEWAYS)) > 0:
            wrong.append(f"{page}: scrolls sideways by {over} px")

    assert wrong == [], "\n" + "\n".join(wrong)


def test_the_keyboard_reaches_the_content_first_and_leaves_menus(
    stack: Stack, windows: Any
) -> None:
    window = windows["listener"]
    window.set_viewport_size(WIDE)
    window.goto(f"{stack.url}/")
    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.className") == "skip"
    window.keyboard.press("Enter")
    assert window.evaluate("document.activeElement.id") == "main"

    menu = window.locator("details.account")
    menu.locator("summary").focus()
    window.keyboard.press("Enter")
    assert menu.get_by_role("link", name="Settings").is_visible()
    window.keyboard.press("Tab")
    window.keyboard.press("Escape")
    assert not menu.get_by_role("link", name="Settings").is_visible()
    assert window.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_dark_is_chosen_where_the_system_is_light_and_stays(
    stack: Stack, playwright: Any, chromium: str
) -> None:
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    window = browser.new_context(color_scheme="light").new_page()
    paper = "getComputedStyle(document.body).backgroundColor"
    window.goto(f"{stack.url}/about/recommender/")
    light = window.evaluate(paper)

    window.get_by_role("button", name="Dark").click()
    window.locator("button[value=dark][aria-pressed=true]").wait_for()
    dark = window.evaluate(paper)
    window.goto(f"{stack.url}/")
    stays = window.evaluate(paper)
    browser.close()

    assert light == "rgb(251, 244, 236)"
    assert dark == stays == "rgb(23, 17, 26)"
