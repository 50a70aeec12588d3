"""The installed app without a network: what is done is kept, sent once, and for its owner alone."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from tests.e2e.conftest import PATIENCE, Visitor
from tests.e2e.test_first_ten_minutes import AUDIO
from tests.factories import PASSWORD
from tests.process import Stack, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

CONTROLLED = "navigator.serviceWorker.controller !== null"
CACHED = """async () => {
  const urls = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) urls.push(new URL(request.url).pathname);
  }
  return urls;
}"""


def rows(stack: Stack, query: str, *values: str) -> list[tuple[Any, ...]]:
    """What the served product's database holds."""
    connection = sqlite3.connect(f"file:{stack.home / 'moodmusic.sqlite3'}?mode=ro", uri=True)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


RATINGS = """SELECT r.stars, r.rated_at < r.updated_at FROM recommendations_rating r
JOIN accounts_user u ON u.id = r.user_id WHERE u.email = ?"""
PLAYS = """SELECT p.outcome FROM recommendations_play p
JOIN accounts_user u ON u.id = p.user_id WHERE u.email = ? ORDER BY p.started_at"""
EVERYBODYS = """SELECT u.email, r.stars FROM recommendations_rating r
JOIN accounts_user u ON u.id = r.user_id"""


def listener_with_a_list(visitor: Visitor) -> str:
    """Sign up and make a list by hand; the listener's e-mail address."""
    page = visitor.page
    visitor.sign_up()
    visitor.go_on_without_camera()
    visitor.visit("/accounts/email/")
    email = page.locator("main").get_by_text("@example.org").first.inner_text().split()[0]
    visitor.visit("/mood/?way=hand")
    page.get_by_role("button", name="Happy").click()
    page.wait_for_url("**/readings/*/")
    page.get_by_role("button", name="Match it").click()
    page.wait_for_url("**/lists/*/")
    visitor.until(CONTROLLED)
    return email


def rate(visitor: Visitor, row: int, stars: int) -> None:
    visitor.page.locator(".song").nth(row).get_by_role("radio", name=f"{stars} stars").check()


def test_what_is_done_offline_is_kept_and_sent_once(visitor_of: Any, stack: Stack) -> None:
    visitor = visitor_of(viewport={"width": 1280, "height": 900})
    page, context = visitor.page, visitor.page.context
    email = listener_with_a_list(visitor)
    address = page.url
    other_tab = context.new_page()
    other_tab.goto(address)
    page.bring_to_front()

    # A song is heard, and the network goes.
    page.get_by_role("button", name="Play all").click()
    visitor.until(f"{AUDIO}.currentTime > 0.5")
    wait_for(lambda: rows(stack, PLAYS, email), PATIENCE, "the first play")
    context.set_offline(True)
    page.get_by_text("You are offline. Stars and plays are kept here").wait_for()

    # Stars and plays go on, and the row says what becomes of them.
    rate(visitor, 2, 5)
    page.locator(".song").nth(2).get_by_text("Kept, will be sent").wait_for()
    player = page.get_by_role("region", name="Player")
    player.get_by_role("button", name="Next song").click()
    page.wait_for_timeout(500)
    assert rows(stack, RATINGS, email) == []
    assert rows(stack, PLAYS, email) == [("playing",)]

    # Back again, in two tabs at once: each of them arrives, and none of them twice.
    context.set_offline(False)
    wait_for(
        lambda: page.wait_for_timeout(100) or len(rows(stack, PLAYS, email)) > 1,
        PATIENCE,
        "what was kept",
    )
    page.wait_for_timeout(1500)
    told = [tab.locator("offline-notice").inner_text() for tab in (page, other_tab)]
    assert "Back online. What you did meanwhile has been sent." in told
    assert rows(stack, RATINGS, email) == [(5, 1)]
    plays = [outcome for (outcome,) in rows(stack, PLAYS, email)]
    assert len(plays) == 2
    assert plays[0] in {"abandoned", "skipped"}
    page.reload()
    assert page.locator(".song").nth(2).get_by_role("radio", name="5 stars").is_checked()
    page.wait_for_timeout(500)
    assert len(rows(stack, PLAYS, email)) == 2


def test_nobody_sends_what_another_account_kept(visitor_of: Any, stack: Stack) -> None:
    visitor = visitor_of(viewport={"width": 1280, "height": 900})
    page, context = visitor.page, visitor.page.context
    email = listener_with_a_list(visitor)
    before = rows(stack, EVERYBODYS)

    # The first listener rates without a network, and their session ends before it is back.
    context.set_offline(True)
    rate(visitor, 1, 4)
    page.locator(".song").nth(1).get_by_text("Kept, will be sent").wait_for()
    context.clear_cookies()
    context.set_offline(False)

    # Somebody else signs in on the same browser, in a tab beside it.
    beside = Visitor(context.new_page(), visitor.url)
    beside.sign_up()
    beside.go_on_without_camera()
    refused = []
    page.on("response", lambda got: refused.append(got.status) if "/rating" in got.url else None)
    page.evaluate("() => { dispatchEvent(new Event('online')); }")
    wait_for(lambda: page.wait_for_timeout(100) or refused, PATIENCE, "a try of the old tab")
    assert set(refused) <= {403, 409}
    assert rows(stack, EVERYBODYS) == before

    # The first one signs in again, and it arrives as theirs.
    context.clear_cookies()
    beside.page.close()
    visitor.visit("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    arrived = wait_for(
        lambda: (
            page.wait_for_timeout(100) or [r for r in rows(stack, EVERYBODYS) if r not in before]
        ),
        PATIENCE,
        "the rating",
    )
    assert arrived == [(email, 4)]


def test_signing_out_leaves_nothing_on_the_device(visitor_of: Any, stack: Stack) -> None:
    visitor = visitor_of()
    page, context = visitor.page, visitor.page.context
    listener_with_a_list(visitor)
    page.route("**/api/v1/songs/*/rating", lambda route: route.abort())
    context.set_offline(True)
    rate(visitor, 1, 4)
    page.locator(".song").nth(1).get_by_text("Kept, will be sent").wait_for()
    context.set_offline(False)
    visitor.visit("/settings/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{visitor.url}/")

    left = page.evaluate(
        """async () => {
          let things = 0;
          for (const { name } of await indexedDB.databases()) {
            const opened = await new Promise((done) => {
              const asked = indexedDB.open(name);
              asked.onsuccess = () => done(asked.result);
            });
            if (!opened.objectStoreNames.length) continue;
            const kept = opened.transaction("kept").objectStore("kept").count();
            things += await new Promise((done) => (kept.onsuccess = () => done(kept.result)));
          }
          return [things, localStorage.length];
        }"""
    )
    assert left == [0, 0]


def test_a_page_of_another_account_brings_its_own_player(visitor_of: Any) -> None:
    visitor = visitor_of(viewport={"width": 1280, "height": 900})
    page, context = visitor.page, visitor.page.context
    listener_with_a_list(visitor)
    page.get_by_role("button", name="Play all").click()
    visitor.until(f"{AUDIO}.currentTime > 0.3")
    account = "document.querySelector('offline-notice').dataset.account"
    owner = visitor.ask(account)

    # In a tab beside it the first listener signs out, and somebody else comes.
    beside = Visitor(context.new_page(), visitor.url)
    beside.visit("/settings/")
    beside.page.get_by_role("button", name="Sign out").click()
    beside.page.wait_for_url(f"{visitor.url}/")
    page.bring_to_front()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Journal").click()
    page.wait_for_url("**/accounts/login/?next=/journal/")
    visitor.until(f"{account} === ''")
    assert page.locator("music-player").count() == 0
    beside.sign_up()
    beside.go_on_without_camera()

    # What is left of the first one's page cannot be theirs.
    page.go_back()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Journal").click()
    page.wait_for_url("**/journal/")
    visitor.until(f"{account} === {beside.ask(account)!r}")
    assert visitor.ask(account) != owner
    assert page.locator("music-player").is_hidden()


def test_without_storage_a_lost_network_spoils_no_later_stars(visitor_of: Any) -> None:
    visitor = visitor_of()
    page = visitor.page
    page.add_init_script("indexedDB.open = () => { throw new Error('no storage') }")
    listener_with_a_list(visitor)
    page.route("**/api/v1/songs/*/rating", lambda route: route.abort())
    rate(visitor, 1, 4)
    page.locator(".song").nth(1).get_by_text("That could not be saved.").wait_for()
    page.unroute("**/api/v1/songs/*/rating")

    rate(visitor, 2, 5)

    page.locator(".song").nth(2).get_by_text("Saved", exact=True).wait_for()


def test_what_is_kept_while_others_are_sent_still_counts_as_waiting(visitor_of: Any) -> None:
    visitor = visitor_of()
    page = visitor.page
    listener_with_a_list(visitor)

    statuses = page.evaluate(
        """async () => {
          const address = performance.getEntriesByType("resource")
            .map(({ name }) => name).find((name) => /\\/api\\.[^/]*js$/.test(name));
          const { flush, send } = await import(address);
          const [song] = document.querySelectorAll("[data-song]");
          const path = `/songs/${song.dataset.song}/rating`;
          const real = window.fetch;
          window.fetch = () => Promise.reject(new TypeError("no network"));
          await send("PUT", path, { stars: 1 });
          window.fetch = real;
          const flushed = flush();
          const during = send("PUT", path, { stars: 2 });
          await flushed;
          const after = send("PUT", path, { stars: 3 });
          return [(await during).status, (await after).status];
        }"""
    )

    # The third must not overtake the second.
    assert statuses == [202, 202]


def test_the_app_is_installable_and_keeps_nothing_personal(visitor_of: Any) -> None:
    visitor = visitor_of(viewport={"width": 1280, "height": 900})
    page, context = visitor.page, visitor.page.context
    listener_with_a_list(visitor)
    address = page.url

    # Chromium finds no fault with the manifest, and the service worker serves the pages.
    devtools = context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")
    # A window of Playwright counts as private, in which nothing can be installed.
    faults = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {fault["errorId"] for fault in faults} <= {"in-incognito"}
    visitor.visit("/settings/")
    visitor.visit(address.removeprefix(visitor.url))
    page.get_by_role("button", name="Play all").click()
    visitor.until(f"{AUDIO}.currentTime > 0.3")

    # Nothing but our own files and the page for no network is kept.
    kept = page.evaluate(CACHED)
    assert "/offline/" in kept
    assert [path for path in kept if not path.startswith("/static/") and path != "/offline/"] == []

    # Without a network: a page gives way to words, and the music that has arrived plays on.
    before = visitor.ask(f"{AUDIO}.currentTime")
    context.set_offline(True)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Music").click()
    page.get_by_role("heading", name="You are offline").wait_for()
    visitor.until(f"!{AUDIO}.paused && {AUDIO}.currentTime > {before} + 0.3")
    visitor.visit("/lists/")
    page.get_by_role("heading", name="You are offline").wait_for()
    assert page.locator("main a.button--primary").inner_text() == "Try again"
    context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    page.get_by_role("heading", name="My lists").wait_for()


def test_what_a_closing_page_sends_goes_past_the_service_worker(visitor_of: Any) -> None:
    """Chromium loses a request of a page that closes while it waits for the worker's thread."""
    visitor = visitor_of(viewport={"width": 1280, "height": 900})
    page = visitor.page
    listener_with_a_list(visitor)
    page.reload()
    visitor.until(CONTROLLED)

    # Chromium 156 has the first name, the standard by now the other.
    sources = {
        path: page.evaluate(
            """async (path) => {
              await (await fetch(path)).text();
              let entry;
              while (!entry) {
                await new Promise((done) => setTimeout(done, 50));
                [entry] = performance.getEntriesByName(location.origin + path);
              }
              return entry.workerFinalSourceType ?? entry.workerFinalRouterSource;
            }""",
            path,
        )
        for path in ("/static/favicon.svg", "/api/v1/songs?page_size=1")
    }

    assert sources == {"/static/favicon.svg": "", "/api/v1/songs?page_size=1": "network"}
