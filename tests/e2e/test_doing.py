"""Saying what one is doing, with the keyboard alone, on a small phone."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


def test_an_activity_is_chosen_by_keyboard_and_kept_for_the_session(visitor_of: Any) -> None:
    visitor = visitor_of(viewport={"width": 360, "height": 740})
    page = visitor.page
    visitor.sign_up()
    visitor.go_on_without_camera()
    visitor.visit("/mood/?way=hand")
    page.get_by_role("button", name="Happy").click()
    page.wait_for_url("**/readings/*/")
    reading = page.url
    page.locator(".song").first.wait_for()
    chips = page.get_by_role("group", name="What are you doing?")
    assert chips.get_by_role("radio", name="Never mind").is_checked()
    assert not visitor.ask("document.documentElement.scrollWidth > window.innerWidth")

    # From the goals before it: Tab into the row, and two arrows to the right
    page.locator("#goal-way").focus()
    for key in ("Tab", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    exercising = chips.get_by_role("radio", name="Exercising")
    assert exercising.is_checked()
    ring = "getComputedStyle(document.querySelector('.doing__chip input:checked + span'))"
    assert visitor.ask(f"{ring}.outlineStyle") == "solid"

    # The songs follow in their place, and the keyboard is where it was
    page.get_by_text("while exercising").wait_for()
    assert visitor.ask("document.activeElement.id") == "doing-exercising"

    # The next time the page knows it
    page.goto(reading)
    assert exercising.is_checked()
    assert visitor.complaints == []
