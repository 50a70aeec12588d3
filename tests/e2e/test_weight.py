"""How heavy the first page is and how soon it answers a hand: of the served product, in Chromium.

Bytes are what came over the wire (gzip as served, heads included); seconds are the navigation's
own, median of five loads with an empty cache.
"""

from __future__ import annotations

import statistics
import time
from contextlib import suppress
from typing import Any

import psutil
import pytest

from tests.e2e.conftest import FLAGS
from tests.e2e.walk import context_of, session_of
from tests.e2e.world import LISTENER, world_of
from tests.process import Stack, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

#: Bytes in all, and milliseconds until the page is interactive and until it is loaded.
MOST_BYTES, MOST_MS = 150_000, 1_000
LOADS = 5
TIMES = """(() => {
  const [page] = performance.getEntriesByType("navigation");
  return [page.domInteractive, page.domContentLoadedEventEnd, page.loadEventEnd];
})()"""


#: The product has settled when its processes take less than this share of one core.
IDLE, SETTLED_S = 0.1, 300.0


def cores_used(stack: Stack) -> float:
    """What all processes of the product take together for two seconds, in cores."""

    def seconds() -> float:
        used = 0.0
        for process in stack.descendants():
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                used += times.user + times.system
        return used

    before = seconds()
    time.sleep(2)
    return max(0.0, seconds() - before) / 2


@pytest.fixture(scope="module")
def sessions(stack: Stack) -> dict[str, Any]:
    """Cookies of both, once the songs of six weeks' lists are rendered and all is quiet."""
    world_of(stack)
    wait_for(lambda: cores_used(stack) < IDLE, SETTLED_S, "the product to settle")
    return {"visitor": session_of(stack, ""), "listener": session_of(stack, LISTENER)}


@pytest.mark.parametrize("persona", ["visitor", "listener"])
def test_the_first_page_is_light_and_quick(
    stack: Stack, playwright: Any, chromium: str, sessions: Any, persona: str, capsys: Any
) -> None:
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    weights, times = [], []
    parts: dict[str, int] = {}
    for _ in range(LOADS + 1):
        context = context_of(browser, stack, sessions[persona])
        window = context.new_page()
        wire = window.context.new_cdp_session(window)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        names: dict[str, str] = {}
        parts = {}

        def begun(event: Any, names: dict[str, str] = names) -> None:
            names[event["requestId"]] = event["request"]["url"]

        def ended(event: Any, names: dict[str, str] = names, parts: dict[str, int] = parts) -> None:
            where = names.get(event["requestId"], "").removeprefix(stack.url)
            parts[where] = parts.get(where, 0) + int(event["encodedDataLength"])

        wire.on("Network.requestWillBeSent", begun)
        wire.on("Network.loadingFinished", ended)
        window.goto(f"{stack.url}/")
        window.wait_for_load_state("networkidle")
        weights.append(sum(parts.values()))
        times.append(window.evaluate(TIMES))
        context.close()
    browser.close()
    # The first load warms the server's templates and does not count for time.
    interactive, ready, loaded = (
        statistics.median(row[place] for row in times[1:]) for place in range(3)
    )

    with capsys.disabled():
        print(f"\nFirst page of a {persona}: {max(weights):,} bytes, interactive after")
        print(
            f"{interactive:.0f} ms, scripts run after {ready:.0f} ms, loaded after {loaded:.0f} ms"
        )
        for name, size in sorted(parts.items(), key=lambda row: -row[1]):
            print(f"{size:8,}  {name}")
    assert max(weights) < MOST_BYTES
    assert max(interactive, ready) < MOST_MS
    assert all(name.startswith("/") for name in parts), "everything comes from this server"
