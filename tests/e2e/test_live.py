"""A live session in a real browser: a fake webcam shows a smile to a listener who said "sad"."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.e2e.conftest import Visitor
from tests.e2e.test_first_ten_minutes import AUDIO, WATCH_CAMERA
from tests.process import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

LIVE = "document.querySelector('live-session')"
TRACK = "window.cameraTrack.readyState"
#: Seconds between two looks here, so that the test need not wait for minutes.
EVERY = 4
SHOW = """(hidden) => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange", {bubbles: true}));
}"""
API = """async ([method, path, body]) => {
  const csrf = /(?:^|; )csrf=([^;]+)/.exec(document.cookie)?.[1];
  const headers = {"Content-Type": "application/json", "X-CSRFToken": csrf};
  const options = {method, headers, body: body && JSON.stringify(body)};
  const answer = await fetch("/api/v1" + path, options);
  return answer.status === 204 ? null : answer.json();
}"""


class Follower:
    """A listener on the page of a list, whose webcam shows a smile."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.tails: list[str] = []
        self.scripts: list[str] = []
        self.page.add_init_script(WATCH_CAMERA)
        self.page.on("request", self._note)

    def _note(self, request: Any) -> None:
        self.scripts += [request.url] if request.url.endswith(".js") else []
        if request.method == "POST" and request.url.endswith("/tail/"):
            self.tails.append(request.url)

    def api(self, method: str, path: str, body: Any = None) -> Any:
        return self.page.evaluate(API, [method, path, body])

    def music_for_sadness(self) -> None:
        self.visitor.visit("/mood/?way=hand")
        self.page.get_by_role("button", name="Sad").click()
        self.page.wait_for_url("**/readings/*/")
        self.page.get_by_role("button", name="Match it").click()
        self.page.wait_for_url("**/lists/*/")
        self.page.get_by_role("button", name="Play all").click()
        self.visitor.until(f"{AUDIO}.currentTime > 0.3")
        self.visitor.ask(f"{AUDIO}.loop = true")  # the song must not end before the test does

    def start(self) -> None:
        self.page.evaluate(f"(seconds) => {LIVE}.dataset.every = seconds", EVERY)
        if not self.page.get_by_role("button", name="Start following").is_visible():
            self.page.get_by_text("Follow my face", exact=True).click()
        self.page.get_by_role("button", name="Start following").click()
        try:
            self.visitor.until(f"{LIVE}.dataset.camera === 'on' && {TRACK} === 'live'")
        except AssertionError as error:
            toasts = self.page.locator("#toasts").inner_text()
            raise AssertionError(f"{error}; the page says: {toasts}") from None

    def said(self, words: str) -> None:
        self.visitor.until(f"{LIVE}.querySelector('output').value === '{words}'", 60)

    def toast(self, words: str) -> None:
        self.page.locator("#toasts").get_by_text(words).first.wait_for()


@pytest.fixture
def follower(visitor_of: Any) -> Follower:
    return Follower(visitor_of(viewport={"width": 1280, "height": 900}))


def test_a_smile_moves_the_songs_to_come_once_and_the_lock_keeps_them(follower: Follower) -> None:
    visitor, page = follower.visitor, follower.page
    visitor.sign_up()
    visitor.allow_reading()
    follower.music_for_sadness()
    first_list = page.url
    bar = page.get_by_role("region", name="Following my face")

    # Nothing of the camera is there before the click that asks for it.
    assert not bar.is_visible()
    assert not [url for url in follower.scripts if re.search(r"/(live|camera)\.", url)]
    assert visitor.ask("window.askedForCamera") == 0

    # It is on, and says so; locked at once, the readings go on and the list stays.
    follower.start()
    assert bar.get_by_text("Camera on").is_visible()
    bar.get_by_label("Lock the list").check()
    follower.said("Looks happy. The list is locked.")
    page.wait_for_timeout(1000 * EVERY + 1000)
    assert follower.tails == []

    # Unlocked, two readings that agree change the songs to come: the one that plays goes on.
    title = page.locator(".player__title").inner_text()
    before = visitor.ask(f"{AUDIO}.currentTime")
    bar.get_by_label("Lock the list").uncheck()
    visitor.until(f"'{first_list}'.includes({LIVE}.list) === false", 60)
    assert page.locator(".player__title").inner_text() == title
    assert visitor.ask(f"!{AUDIO}.paused && {AUDIO}.currentTime >= {before}")
    follower.said("Looks happy, and so does the music.")
    page.wait_for_timeout(2000 * EVERY)
    assert len(follower.tails) == 1
    new_list = follower.api("GET", f"/lists/{visitor.ask(f'{LIVE}.list')}")
    assert new_list["emotion"] == "happy"
    titles = [item["song"]["title"] for item in new_list["items"]]
    page.get_by_role("region", name="Player").get_by_role("button", name="Next song").click()
    visitor.until("document.querySelector('.player__title').textContent !== " + repr(title))
    assert page.locator(".player__title").inner_text() in titles

    # It goes on over pages, still saying that the camera is on.
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Music").click()
    page.wait_for_url("**/music/**")
    assert bar.get_by_text("Camera on").is_visible()
    assert visitor.ask(TRACK) == "live"
    assert visitor.complaints == []


def test_the_camera_is_off_whenever_it_should_be(follower: Follower) -> None:
    visitor, page = follower.visitor, follower.page
    visitor.sign_up()
    visitor.allow_reading()
    follower.music_for_sadness()
    bar = page.get_by_role("region", name="Following my face")

    # A page that nobody sees takes no pictures; seen again, it goes on.
    follower.start()
    page.evaluate(SHOW, True)
    assert visitor.ask(TRACK) == "ended"
    assert bar.get_by_text("Camera off").is_visible()
    asked = visitor.ask("window.askedForCamera")
    page.wait_for_timeout(1000 * EVERY + 500)
    assert visitor.ask("window.askedForCamera") == asked
    page.evaluate(SHOW, False)
    visitor.until(f"window.askedForCamera === {asked + 1} && {TRACK} === 'live'")

    # The button.
    bar.get_by_role("button", name="Stop").click()
    assert visitor.ask(TRACK) == "ended"
    assert not bar.is_visible()
    follower.toast("Following your face has stopped.")
    asked = visitor.ask("window.askedForCamera")
    page.evaluate(SHOW, True)
    page.evaluate(SHOW, False)
    page.wait_for_timeout(500)
    assert visitor.ask("window.askedForCamera") == asked

    # Music that has been quiet for a while.
    follower.start()
    visitor.ask(f"{AUDIO}.pause()")
    page.evaluate(f"() => {{ {LIVE}.last = 0; }}")
    visitor.until(f"{TRACK} === 'ended'", 60)
    follower.toast("The music has been quiet for a while")

    # Consent withdrawn, on another device.
    follower.start()
    follower.api("DELETE", "/me/consent")
    visitor.until(f"{TRACK} === 'ended'", 60)
    assert not bar.is_visible()
    follower.toast("You withdrew your consent")

    # Leaving for a page that ends the music ends the session, too.
    version = follower.api("GET", "/me/consent")["text"]["version"]
    follower.api("PUT", "/me/consent", {"version": version})
    follower.start()
    session = visitor.ask(f"{LIVE}.session")
    visitor.visit("/lists/")
    # It is told by a beacon, which nobody waits for.
    end = wait_for(
        lambda: follower.api("GET", f"/live/{session}")["session"]["end"], 20, "the session's end"
    )
    assert end == "stopped"
    assert visitor.ask("window.askedForCamera") == 0

    # And without consent there is nothing to start.
    follower.api("DELETE", "/me/consent")
    page.locator("main a[href^='/lists/']:not([href='/lists/'])").first.click()
    page.get_by_role("button", name="Play all").wait_for()
    assert page.get_by_text("Follow my face").count() == 0


def test_one_session_and_one_camera_however_often_it_is_asked_for(follower: Follower) -> None:
    visitor, page = follower.visitor, follower.page
    page.add_init_script(
        """if (navigator.mediaDevices) {
          window.tracks = []; window.answered = Promise.resolve();
          const ask = navigator.mediaDevices.getUserMedia;
          navigator.mediaDevices.getUserMedia = async (wanted) => {
            await window.answered;
            const stream = await ask(wanted);
            window.tracks.push(...stream.getTracks());
            return stream;
          };
        }"""
    )
    begun: list[str] = []
    page.on(
        "request",
        lambda one: begun.append(one.url) if one.url.endswith("/live") else None,
    )
    visitor.sign_up()
    visitor.allow_reading()
    follower.music_for_sadness()
    bar = page.get_by_role("region", name="Following my face")
    lit = "window.tracks.filter((one) => one.readyState === 'live').length"

    # Without a network it says so.
    page.get_by_text("Follow my face", exact=True).click()
    start = page.get_by_role("button", name="Start following")
    page.route("**/api/v1/live", lambda route: route.abort())
    start.click()
    follower.toast("The server cannot be reached.")
    page.unroute("**/api/v1/live")
    begun.clear()
    visitor.complaints.clear()

    # Two clicks begin one session.
    start.dblclick()
    visitor.until(f"{LIVE}.dataset.camera === 'on'")
    page.wait_for_timeout(500)
    assert len(begun) == 1
    assert visitor.ask(lit) == 1

    # Seen, hidden and seen again while the browser still asks: one camera, and no fault.
    page.evaluate(SHOW, True)
    page.evaluate("() => { window.answered = new Promise((done) => (window.answer = done)); }")
    for hidden in (False, True, False):
        page.evaluate(SHOW, hidden)
    page.evaluate("() => answer()")
    visitor.until("window.tracks.length >= 3")
    visitor.until(f"{LIVE}.dataset.camera === 'on'")
    page.wait_for_timeout(500)
    assert visitor.ask(lit) == 1
    assert bar.is_visible()

    # A camera that is unplugged ends it.
    page.evaluate("() => window.tracks.at(-1).dispatchEvent(new Event('ended'))")
    page.evaluate("() => window.tracks.at(-2).dispatchEvent(new Event('ended'))")
    follower.toast("Following your face has stopped.")
    assert not bar.is_visible()
    assert visitor.ask(lit) == 0
    assert visitor.complaints == []


def test_a_camera_that_is_denied_is_told_in_words(visitor_of: Any) -> None:
    follower = Follower(
        visitor_of(flags=["--use-fake-device-for-media-stream", "--deny-permission-prompts"])
    )
    follower.visitor.sign_up()
    follower.visitor.allow_reading()
    follower.music_for_sadness()

    follower.page.get_by_text("Follow my face", exact=True).click()
    follower.page.get_by_role("button", name="Start following").click()

    follower.toast("The camera did not start")
    assert not follower.page.get_by_role("region", name="Following my face").is_visible()
