"""The first ten minutes of a listener, in a real browser, on the whole served product."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.e2e.conftest import PATIENCE
from tests.process import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

AUDIO = "document.querySelector('music-player audio')"
#: Keeps the camera's track where the test can see it after the page has let go of it.
WATCH_CAMERA = """
window.askedForCamera = 0;
if (navigator.mediaDevices) {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    window.askedForCamera += 1;
    const stream = await ask(wanted);
    window.cameraTrack = stream.getTracks()[0];
    return stream;
  };
}
"""


def test_from_sign_up_to_a_better_list(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = visitor_of(viewport={"width": 1280, "height": 900})
    page = visitor.page
    page.add_init_script(WATCH_CAMERA)

    # Sign up and name a favourite; the notice stands where the camera would be.
    visitor.visit("/")
    page.get_by_text("An example").wait_for()
    visitor.sign_up()
    page.locator("#choices .pick").first.click()
    page.locator(".slot--taken").wait_for()
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url(f"{visitor.url}/")
    page.get_by_role("link", name="Show my face").click()
    page.get_by_role("button", name="Allow reading my expression").click()
    start = page.get_by_role("button", name="Start the camera")
    start.wait_for()
    assert visitor.ask("window.askedForCamera") == 0

    # Two taps from a face to a song: the first starts the camera, which counts down by itself.
    began = time.monotonic()
    start.click()
    page.wait_for_url("**/readings/*/", timeout=90_000)
    page.locator(".song").first.wait_for()
    print(f"from Start to the list: {time.monotonic() - began:.1f} s")
    assert visitor.ask("window.askedForCamera") == 1
    assert visitor.ask("window.cameraTrack.readyState") == "ended"
    expect(page.locator(".odds__row")).to_have_count(7)
    shares = page.locator(".odds__row").first.inner_text()
    assert "%" in shares
    heading = page.get_by_role("heading", level=1).inner_text()
    assert heading.startswith(("Looks like", "Not sure"))
    page.get_by_role("button", name="Play all").click()
    visitor.until(f"{AUDIO}.currentTime > 0.2")
    page.get_by_role("region", name="Player").get_by_role("button", name="Stop").click()

    # The listener overrules it, and takes that back.
    page.locator("#correct").get_by_role("button", name="Sad").click()
    page.get_by_role("heading", level=1, name="You say sad").wait_for()
    page.get_by_role("button", name="Take back my correction").click()
    page.get_by_role("heading", level=1, name=heading.split()[0]).wait_for()

    # A goal in place, a list of twenty with reasons, and a song that really plays.
    page.get_by_role("button", name="Lift me").click()
    page.wait_for_url("**/lists/*/")
    page.locator("#goal-lift[aria-pressed=true]").wait_for()
    first_address, first = page.url, visitor.song_titles()
    assert len(first) == 20
    assert all(page.locator(".why__reason").all_inner_texts())
    told: list[tuple[str, int, Any]] = []

    def note(response: Any) -> None:
        if "/api/v1/plays" in response.url:
            told.append((response.request.method, response.status, response.request.post_data_json))

    page.on("response", note)
    page.get_by_role("button", name="Play all").click()
    visitor.until(f"{AUDIO}.currentTime > 0.5")
    expect(page.locator(".player__title")).to_have_text(first[0])
    expect(page.locator(".player__credit")).to_contain_text("CC0-1.0")

    # Pause, resume, seek, next, stop.
    player = page.get_by_role("region", name="Player")
    player.get_by_role("button", name="Pause").click()
    visitor.until(f"{AUDIO}.paused")
    stood = visitor.ask(f"{AUDIO}.currentTime")
    page.wait_for_timeout(400)
    assert visitor.ask(f"{AUDIO}.currentTime") == stood
    player.get_by_role("button", name="Play").click()
    visitor.until(f"{AUDIO}.currentTime > {stood} + 0.3")
    visitor.ask("document.activeElement.blur()")
    page.keyboard.press("Space")
    visitor.until(f"{AUDIO}.paused")
    page.keyboard.press("Space")
    visitor.until(f"!{AUDIO}.paused")
    player.get_by_label("Position in the song").fill("20")
    visitor.until(f"{AUDIO}.currentTime > 8 && !{AUDIO}.seeking")
    player.get_by_role("button", name="Next song").click()
    visitor.until(f"{AUDIO}.currentTime > 0.3 && {AUDIO}.currentTime < 8")
    expect(page.locator(".player__title")).to_have_text(first[1])

    # It plays on while pages change.
    before = visitor.ask(f"{AUDIO}.currentTime")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Library").click()
    page.wait_for_url("**/library/")
    visitor.until(f"!{AUDIO}.paused && {AUDIO}.currentTime > {before} + 0.3")
    page.go_back()
    page.wait_for_url(first_address)
    player.get_by_role("button", name="Stop").click()
    visitor.until(f"{AUDIO}.paused && !{AUDIO}.hasAttribute('src')")

    # The server was told of both plays: where they paused, and how they ended.
    def ends() -> list[str]:
        page.wait_for_timeout(100)
        return [body["outcome"] for _, _, body in told if body and "outcome" in body]

    wait_for(lambda: len(ends()) >= 2, PATIENCE, "both plays told")
    assert ends() == ["skipped", "abandoned"]
    assert [status for method, status, _ in told if method == "POST"] == [201, 201]
    assert {status for method, status, _ in told if method == "PATCH"} == {200}
    skipped = next(body for _, _, body in told if body and body.get("outcome") == "skipped")
    assert skipped["position_s"] > 8

    # Stars by keyboard, "never" on one song, undo on another.
    rows = page.locator(".song")
    rows.nth(2).get_by_role("radio", name="5 stars").check()
    rows.nth(2).get_by_text("Saved").wait_for()
    rows.nth(3).get_by_role("radio", name="1 star", exact=True).focus()
    page.keyboard.press("ArrowRight")
    rows.nth(3).get_by_text("Saved").wait_for()
    expect(rows.nth(3).get_by_role("radio", name="2 stars")).to_be_checked()
    for row, kind in ((4, "Never"), (5, "Not now")):
        rows.nth(row).locator(".nope summary").click()
        rows.nth(row).get_by_role("button", name=kind).click()
        rows.nth(row).get_by_role("button", name="Undo").wait_for()
    rows.nth(5).get_by_role("button", name="Undo").click()
    rows.nth(5).get_by_role("heading", name=first[5]).wait_for()

    # The next list follows: it differs, and the song turned down is gone.
    page.get_by_role("button", name="Make the next list").click()
    visitor.until(f"location.href !== '{first_address}'")

    def differing() -> list[str]:
        # The address may change a moment before the page does.
        titles = visitor.song_titles()
        return titles if titles != first else []

    second = wait_for(differing, PATIENCE, "a list that differs")
    assert len(second) == 20
    assert first[4] not in second

    # What was said of the first list is still there.
    page.goto(first_address)
    expect(rows.nth(2).get_by_role("radio", name="5 stars")).to_be_checked()
    expect(rows.nth(4).get_by_role("button", name="Undo")).to_be_visible()
    assert visitor.complaints == []


def test_camera_denied_leads_to_music_by_hand_in_two_taps(visitor_of: Any) -> None:
    visitor = visitor_of(
        flags=["--use-fake-device-for-media-stream", "--deny-permission-prompts"],
        viewport={"width": 390, "height": 844},
    )
    page = visitor.page
    visitor.sign_up()
    visitor.allow_reading()
    visitor.visit("/mood/?way=camera")
    page.get_by_role("button", name="Start the camera").click()
    page.get_by_text("The camera is blocked").wait_for()
    page.get_by_role("link", name="Use a photo").wait_for()

    # From the first page: a face, play.
    page.get_by_role("link", name="MoodMusic").first.click()
    page.get_by_role("button", name="Happy").click()
    page.get_by_role("button", name="Play all").click()

    visitor.until(f"{AUDIO}.currentTime > 0.3")
    assert visitor.complaints == []


def test_a_wall_gives_advice_and_no_mood(visitor_of: Any, tmp_path: Any) -> None:
    from PIL import Image

    visitor = visitor_of()
    page = visitor.page
    wall = tmp_path / "wall.png"
    Image.new("RGB", (640, 480), (180, 170, 160)).save(wall)
    visitor.sign_up()
    visitor.allow_reading()
    visitor.visit("/mood/?way=photo")
    page.locator("input[name=frames]").set_input_files(wall)
    page.get_by_role("button", name="Read this photo").click()

    page.get_by_role("heading", name="No face found").wait_for(timeout=90_000)
    page.get_by_role("link", name="Pick by hand").click()
    page.get_by_role("button", name="Sad").wait_for()
    visitor.visit("/lists/")
    page.get_by_text("No lists yet").wait_for()
    assert visitor.complaints == []


def test_everything_but_camera_and_player_works_without_javascript(
    visitor_of: Any, tmp_path: Any
) -> None:
    from tests.process import portrait_jpeg

    visitor = visitor_of(java_script_enabled=False)
    page = visitor.page
    photo = tmp_path / "me.jpg"
    photo.write_bytes(portrait_jpeg())
    visitor.sign_up()
    visitor.allow_reading()

    # A photo: the waiting page reloads itself.
    visitor.visit("/mood/?way=photo")
    page.locator("input[name=frames]").set_input_files(photo)
    page.get_by_role("button", name="Read this photo").click()
    page.wait_for_url("**/readings/*/", timeout=90_000)
    page.get_by_role("button", name="Make my list").wait_for()
    page.get_by_role("button", name="Calm me").click()
    page.wait_for_url("**/lists/*/")
    titles = visitor.song_titles()

    # Stars and "not this" by plain forms: each click loads a page anew.
    row = page.locator(".song").first
    row.get_by_role("radio", name="4 stars").check(force=True)
    with page.expect_navigation():
        row.get_by_role("button", name="Save").click()
    assert page.locator(".song").first.get_by_role("radio", name="4 stars").is_checked()
    second = page.locator(".song").nth(1)
    second.locator(".nope summary").click()
    with page.expect_navigation():
        second.get_by_role("button", name="Never").click()
    assert page.locator(".song").nth(1).get_by_role("button", name="Undo").is_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Make the next list").click()
    assert titles[1] not in visitor.song_titles()


def test_no_page_complains_or_scrolls_sideways_on_a_small_phone(visitor_of: Any) -> None:
    visitor = visitor_of(viewport={"width": 360, "height": 740})
    page = visitor.page
    anonymous = [
        "/",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/about/model/",
        "/about/recommender/",
        "/admin/login/",
    ]
    personal = [
        "/",
        "/welcome/",
        "/welcome/favourites/",
        "/settings/",
        "/mood/?way=camera",
        "/mood/?way=photo",
        "/mood/?way=hand",
        "/lists/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/sessions/",
        "/accounts/logout/",
    ]
    wide = []

    def look(path: str) -> None:
        visitor.visit(path)
        if visitor.ask("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(path)

    for path in anonymous:
        look(path)
    visitor.sign_up()
    visitor.allow_reading()
    for path in personal:
        look(path)
    visitor.visit("/mood/?way=hand")
    page.get_by_role("button", name="Afraid").click()
    page.wait_for_url("**/readings/*/")
    look(page.url.removeprefix(visitor.url))
    page.get_by_role("button", name="Step by step").click()
    page.locator("#goal-way[aria-pressed=true]").wait_for()
    page.get_by_role("button", name="Help me focus").click()
    page.get_by_role("heading", name="From afraid to focus").wait_for()
    page.reload()
    assert page.locator("h1").inner_text() == "From afraid to focus"
    page.get_by_role("button", name="Play all").click()
    visitor.until(f"{AUDIO}.currentTime > 0")
    page.locator(".nope summary").first.click()
    if visitor.ask("document.documentElement.scrollWidth > window.innerWidth"):
        wide.append("a list with player and menu")

    assert wide == []
    assert visitor.complaints == []
