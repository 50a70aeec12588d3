"""A listener takes everything away, signs a device out, and leaves: in a real browser."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest

from accounts.consent import CURRENT
from tests.e2e.axe import faults
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

#: No page may be wider than the window.
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def email_of(visitor: Any) -> str:
    visitor.visit("/settings/")
    return str(visitor.page.locator("#account ~ p strong").inner_text())


def test_a_listener_takes_everything_away_and_leaves(visitor_of: Any, tmp_path: Any) -> None:
    from playwright.sync_api import expect

    visitor = visitor_of(viewport={"width": 360, "height": 740}, timezone_id="Asia/Kolkata")
    page = visitor.page
    visitor.sign_up()
    visitor.allow_reading()
    email = email_of(visitor)

    # A mood by hand gives the history something to hold.
    visitor.visit("/mood/?way=hand")
    page.locator('button[name="emotion"][value="happy"]').first.click()
    page.wait_for_url("**/readings/**")

    # The browser's own time zone holds until one is set.
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    assert cookies["zone"] in {"Asia/Kolkata", "Asia/Calcutta"}

    # Download, and open what came.
    visitor.visit("/privacy/")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download everything").click()
    path = tmp_path / coming.value.suggested_filename
    coming.value.save_as(path)
    assert path.name.startswith("moodmusic-")
    with zipfile.ZipFile(path) as archive:
        assert email in archive.read("README.txt").decode()
        (account,) = json.loads(archive.read("account.json"))
        (reading,) = json.loads(archive.read("readings.json"))
        (consent,) = json.loads(archive.read("consents.json"))
    assert (account["email"], reading["label"], consent["version"]) == (
        email,
        "happy",
        CURRENT.version,
    )

    # Somewhere else the same listener is signed in; from here that is ended.
    elsewhere = visitor_of(flags=[])
    elsewhere.visit("/accounts/login/")
    elsewhere.page.locator('input[name="login"]').fill(email)
    elsewhere.page.locator('input[name="password"]').fill(PASSWORD)
    elsewhere.page.locator("main form button").first.click()
    elsewhere.page.wait_for_url(f"{elsewhere.url}/")
    visitor.visit("/privacy/")
    expect(page.locator(".device")).to_have_count(2)
    assert faults(page) == []
    assert not visitor.ask(WIDE)
    page.locator(".device").nth(1).get_by_role("button").click()
    expect(page.get_by_text("That device is signed out.")).to_be_visible()
    expect(page.locator(".device")).to_have_count(1)
    elsewhere.visit("/settings/")
    elsewhere.page.wait_for_url("**/accounts/login/**")

    # Consent is withdrawn and given again, and the limit set, without leaving the page.
    page.get_by_role("button", name="Withdraw my consent").click()
    expect(page.get_by_role("button", name="Allow reading my expression")).to_be_visible()
    page.get_by_role("button", name="Allow reading my expression").click()
    expect(page.get_by_role("button", name="Withdraw my consent")).to_be_visible()
    page.get_by_label("90 days").check()
    page.get_by_role("button", name="Set the limit").click()
    expect(page.get_by_text("Your moods are kept: 90 days.")).to_be_visible()

    # Everything is deleted, and nobody can sign in with that address any more.
    page.locator("summary", has_text="Delete my account").click()
    page.get_by_label("Your password").fill("not this one")
    page.get_by_role("button", name="Delete my account and all its data").click()
    expect(page.get_by_text("That is not the password of this account.")).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account and all its data").click()
    page.wait_for_url(f"{visitor.url}/")
    expect(page.get_by_text("everything that belonged to it is deleted")).to_be_visible()
    visitor.visit("/privacy/")
    page.wait_for_url("**/accounts/login/**")
    page.locator('input[name="login"]').fill(email)
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator("main form button").first.click()
    expect(page.locator(".errorlist")).to_be_visible()
    # A refused password is a page of status 403, which Chromium notes as a complaint of its own.
    assert [line for line in visitor.complaints if "status of 40" not in line] == []


def test_settings_speak_hindi_and_keep_the_zone(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = visitor_of(viewport={"width": 360, "height": 740})
    page = visitor.page
    visitor.sign_up()
    visitor.go_on_without_camera()

    visitor.visit("/settings/")
    assert faults(page) == []
    page.locator("#id_language").select_option("hi")
    page.locator("#id_time_zone").select_option("Asia/Kolkata")
    page.locator("#local ~ form button").click()
    expect(page.locator("html")).to_have_attribute("lang", "hi")

    assert "Devanagari" in visitor.ask("getComputedStyle(document.body).fontFamily")
    visitor.visit("/privacy/")
    assert not visitor.ask(WIDE)
    assert faults(page) == []
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    # With a zone of their own nothing asks the browser for its.
    assert visitor.ask("!document.querySelector('script[src*=zone]')")
    page.locator("html").evaluate("root => root.dir = 'rtl'")
    assert not visitor.ask(WIDE)
    assert visitor.complaints == []
