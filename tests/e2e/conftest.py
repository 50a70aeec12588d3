"""A served product, and Chromium with a webcam that shows a portrait."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factories import PASSWORD
from tests.process import Stack, portrait_jpeg, wait_for

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--mute-audio",
]
WEBCAM = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
#: Seconds a page may take on two busy cores.
PATIENCE = 30.0


def _chromium() -> str:
    """Path of Chromium; skips the test without one, or fails it where it is insisted on."""
    found = next((p for n in ("chromium", "chromium-browser") if (p := shutil.which(n))), None)
    if found is None:
        words = "Chromium is not installed (Debian: apt-get install chromium)"
        if os.environ.get("MOODMUSIC_TEST_BROWSER") == "require":
            pytest.fail(words)
        pytest.skip(words)
    return found


@pytest.fixture(scope="session")
def chromium() -> str:
    return _chromium()


@pytest.fixture(scope="session")
def webcam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a portrait as concatenated JPEGs, which Chromium plays in a loop."""
    path = tmp_path_factory.mktemp("webcam") / "portrait.mjpeg"
    path.write_bytes(portrait_jpeg() * 20)
    return path


@pytest.fixture(scope="module")
def stack(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """`manage.py serve` on an empty data directory, ready and warm."""
    served = Stack(tmp_path_factory.mktemp("served") / "data")
    served.start()
    try:
        served.wait()
        yield served
    finally:
        served.kill()


@pytest.fixture(scope="module")
def playwright(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


class Visitor:
    """A browser window whose every complaint is kept; `page` is Playwright's."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.url = page, url
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", self._listen)

    def _listen(self, message: Any) -> None:
        # htmx calls a request that a newer one took the place of an error; one that truly failed
        # is told as htmx:sendError or htmx:responseError besides.
        if message.text.startswith(("htmx:sendAbort", "htmx:afterRequest")):
            return
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def visit(self, path: str) -> None:
        self.page.goto(self.url + path)

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        return self.page.evaluate(expression)

    def until(self, expression: str, seconds: float = PATIENCE) -> Any:
        """Wait until the expression is true; Playwright's own waiting needs eval, which our
        policy forbids the page.
        """
        return wait_for(lambda: self.ask(expression), seconds, expression)

    def sign_up(self) -> None:
        self.visit("/accounts/signup/")
        self.page.get_by_label("Email").fill(f"{uuid.uuid4().hex}@example.org")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign up").click()
        self.page.wait_for_url("**/welcome/favourites/")

    def go_on_without_camera(self) -> None:
        self.skip_favourites()

    def allow_reading(self) -> None:
        """Skip the favourites, consent where the camera would be, and go back to the first page."""
        self.skip_favourites()
        self.visit("/mood/?way=camera")
        self.page.get_by_role("button", name="Allow reading my expression").click()
        self.page.get_by_text("You allowed this on").wait_for()
        self.visit("/")

    def skip_favourites(self) -> None:
        self.page.wait_for_url("**/welcome/favourites/")
        self.page.get_by_role("link", name="Skip this").click()
        self.page.wait_for_url(f"{self.url}/")

    def song_titles(self) -> list[str]:
        return list(self.page.locator(".song__title").all_inner_texts())


@pytest.fixture
def visitor_of(playwright: Any, chromium: str, stack: Stack, webcam: Path) -> Iterator[Any]:
    """A function that opens a visitor; `flags` are Chromium's, the rest goes to the context.

    Without a `film` the fake cameras show Chromium's own pattern, and there may be several.
    """
    browsers: list[Any] = []

    def open_window(flags: list[str] | None = None, film: bool = True, **context: Any) -> Visitor:
        arguments = [*(WEBCAM if flags is None else flags)]
        if film:
            arguments.append(f"--use-file-for-fake-video-capture={webcam}")
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=[*FLAGS, *arguments],
        )
        browsers.append(browser)
        page = browser.new_context(**context).new_page()
        return Visitor(page, stack.url)

    yield open_window
    for browser in browsers:
        browser.close()
