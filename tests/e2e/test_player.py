"""The player, as a listener uses it: by mouse, by touch and by keys, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

AUDIO = "document.querySelector('music-player audio')"
QUEUE = "[...document.querySelectorAll('#queue li')].map(row => row.dataset.id)"
#: Keeps what the page hands to the system's media keys where a test can call it.
WATCH_SESSION = """
window.mediaKeys = {};
const session = navigator.mediaSession;
const set = session.setActionHandler.bind(session);
session.setActionHandler = (name, act) => { window.mediaKeys[name] = act; set(name, act); };
const place = session.setPositionState.bind(session);
session.setPositionState = (state) => { window.mediaPosition = state; place(state); };
"""


def open_list(visitor_of: Any, **context: Any) -> Any:
    """A visitor with a list of twenty happy songs on the page."""
    visitor = visitor_of(**({"viewport": {"width": 1280, "height": 900}} | context))
    visitor.page.add_init_script(WATCH_SESSION)
    visitor.sign_up()
    visitor.go_on_without_camera()
    visitor.visit("/mood/?way=hand")
    visitor.page.get_by_role("button", name="Happy").click()
    visitor.page.get_by_role("button", name="Match it").click()
    visitor.page.wait_for_url("**/lists/*/")
    return visitor


def play_all(visitor: Any) -> Any:
    visitor.page.get_by_role("button", name="Play all").click()
    visitor.until(f"{AUDIO}.currentTime > 0.3")
    return visitor.page.get_by_role("region", name="Player")


def rows(visitor: Any) -> list[str]:
    """Ids of the songs on the page, in order."""
    return list(
        visitor.ask("[...document.querySelectorAll('.songs [data-song]')].map(r => r.dataset.song)")
    )


def playing(visitor: Any) -> str:
    """The id of the song that the audio element holds."""
    found = re.search(r"/songs/([0-9a-f-]{36})/audio", visitor.ask(f"{AUDIO}.src"))
    assert found
    return found[1]


def test_every_control_does_what_it_says(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = open_list(visitor_of)
    page, songs = visitor.page, rows(visitor)
    player = play_all(visitor)
    assert playing(visitor) == songs[0]

    # It says what plays: cover, title, artist, why it is there, how well it fits, licence
    first = page.locator(".song").first
    expect(player.locator(".player__title")).to_have_text(
        first.locator(".song__title").inner_text()
    )
    expect(player.locator(".player__why")).to_contain_text(
        first.locator(".why__reason").inner_text()
    )
    expect(player.locator(".player__why")).to_contain_text("mood fit +")
    expect(player.locator(".player__credit")).to_contain_text("CC0-1.0")
    assert visitor.ask("document.querySelector('.player__cover').naturalWidth") > 0

    # Pause and resume go on where they were
    player.get_by_role("button", name="Pause").click()
    visitor.until(f"{AUDIO}.paused")
    stood = visitor.ask(f"{AUDIO}.currentTime")
    player.get_by_role("button", name="Play").click()
    visitor.until(f"{AUDIO}.currentTime > {stood} + 0.2")
    assert visitor.ask(f"{AUDIO}.currentTime") < stood + 5

    # Seek, ten seconds on and back
    player.get_by_label("Position in the song").fill("40")
    visitor.until(f"Math.abs({AUDIO}.currentTime - 0.4 * {AUDIO}.duration) < 3 && !{AUDIO}.seeking")
    before = visitor.ask(f"{AUDIO}.currentTime")
    player.get_by_role("button", name="Forward 10 seconds").click()
    visitor.until(f"{AUDIO}.currentTime >= {before} + 10")
    player.get_by_role("button", name="Back 10 seconds").click()
    visitor.until(f"{AUDIO}.currentTime < {before} + 5")

    # Previous starts the song again, then leads back; next leads on
    player.get_by_role("button", name="Next song").click()
    visitor.until(f"{AUDIO}.src.includes('{songs[1]}') && {AUDIO}.currentTime > 0.2")
    player.get_by_label("Position in the song").fill("50")
    visitor.until(f"{AUDIO}.currentTime > 6")
    player.get_by_role("button", name="Previous song").click()
    visitor.until(f"{AUDIO}.currentTime < 3")
    assert playing(visitor) == songs[1]
    player.get_by_role("button", name="Previous song").click()
    visitor.until(f"{AUDIO}.src.includes('{songs[0]}')")

    # Volume and mute; the volume is kept
    player.get_by_label("Volume").fill("0.3")
    assert visitor.ask(f"{AUDIO}.volume") == pytest.approx(0.3)
    mute = player.get_by_role("button", name="Mute")
    mute.click()
    assert visitor.ask(f"{AUDIO}.muted") is True
    expect(mute).to_have_attribute("aria-pressed", "true")
    mute.click()
    assert visitor.ask(f"{AUDIO}.muted") is False

    # Stop ends it; play begins the song again
    player.get_by_role("button", name="Stop").click()
    visitor.until(f"{AUDIO}.paused && !{AUDIO}.hasAttribute('src')")
    player.get_by_role("button", name="Play").click()
    visitor.until(f"{AUDIO}.currentTime > 0.2")
    assert playing(visitor) == songs[0]
    page.reload()
    assert visitor.ask(f"{AUDIO}.volume") == pytest.approx(0.3)
    assert visitor.complaints == []


def test_the_queue_is_ordered_by_mouse_and_by_keys_and_songs_leave_it(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = open_list(visitor_of)
    page, songs = visitor.page, rows(visitor)
    player = play_all(visitor)
    player.get_by_role("button", name="Queue").click()
    panel = page.locator("#queue")
    expect(panel).to_be_visible()
    assert visitor.ask(QUEUE) == songs
    lines = panel.locator("li")
    titles = panel.locator("li strong").all_inner_texts()

    # By mouse: the third song is dragged in front of the second
    grip = lines.nth(2).locator("[data-grip]").bounding_box()
    target = lines.nth(1).bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(grip["x"] + 5, target["y"] + 4, steps=8)
    page.mouse.up()
    visitor.until(f"{QUEUE}[1] === '{songs[2]}' && {QUEUE}[2] === '{songs[1]}'")
    expect(panel.get_by_role("status")).to_have_text(f"{titles[2]}: place 2 of 20")

    # By keys: Alt and an arrow, and a button; the focus stays on the song that moves
    lines.nth(1).get_by_role("button", name=re.compile("^Play ")).focus()
    page.keyboard.press("Alt+ArrowDown")
    assert visitor.ask(QUEUE)[:3] == songs[:3]
    assert visitor.ask("document.activeElement.closest('li').dataset.id") == songs[2]
    lines.nth(3).get_by_role("button", name=re.compile("Move .* up")).press("Enter")
    assert visitor.ask(QUEUE)[:4] == [songs[0], songs[1], songs[3], songs[2]]

    # Removed, put next, jumped to, cleared
    lines.nth(1).get_by_role("button", name="Remove").click()
    assert visitor.ask(QUEUE)[:3] == [songs[0], songs[3], songs[2]]
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.locator(f"#song-{songs[9]}").get_by_role("button", name="Play next").click()
    assert visitor.ask(QUEUE)[:2] == [songs[0], songs[9]]
    assert len(visitor.ask(QUEUE)) == 19
    player.get_by_role("button", name="Next song").click()
    visitor.until(f"{AUDIO}.src.includes('{songs[9]}') && {AUDIO}.currentTime > 0.2")
    player.get_by_role("button", name="Queue").click()
    lines.nth(4).get_by_role("button", name=re.compile("^Play ")).click()
    visitor.until(f"{AUDIO}.src.includes('{visitor.ask(QUEUE)[4]}')")
    panel.get_by_role("button", name="Clear").click()
    assert visitor.ask(QUEUE) == [playing(visitor)]
    assert visitor.complaints == []


def test_a_paused_player_stays_silent_when_its_song_is_removed(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = open_list(visitor_of)
    page, songs = visitor.page, rows(visitor)
    player = play_all(visitor)
    player.get_by_role("button", name="Pause").click()
    visitor.until(f"{AUDIO}.paused")
    titles = page.locator(".song__title").all_inner_texts()

    player.get_by_role("button", name="Queue").click()
    page.locator("#queue li").first.get_by_role("button", name="Remove").click()

    expect(player.locator(".player__title")).to_have_text(titles[1])
    page.wait_for_timeout(500)
    assert visitor.ask(f"[{AUDIO}.paused, {AUDIO}.hasAttribute('src')]") == [True, False]
    assert visitor.ask(QUEUE) == songs[1:]
    page.keyboard.press("Escape")
    player.get_by_role("button", name="Play", exact=True).click()
    visitor.until(f"{AUDIO}.currentTime > 0.2")
    assert playing(visitor) == songs[1]
    assert visitor.complaints == []


def test_shuffle_is_undone_and_repeat_goes_round(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = open_list(visitor_of)
    songs = rows(visitor)
    player = play_all(visitor)

    shuffle = player.get_by_role("button", name="Shuffle")
    shuffle.click()
    mixed = visitor.ask(QUEUE)
    expect(shuffle).to_have_attribute("aria-pressed", "true")
    assert mixed[0] == songs[0]
    assert mixed != songs
    assert sorted(mixed) == sorted(songs)
    shuffle.click()
    assert visitor.ask(QUEUE) == songs

    # Repeat: this song, then all, then none
    def to_the_end() -> None:
        visitor.until(f"{AUDIO}.duration > 1 && !{AUDIO}.seeking")
        visitor.ask(f"{AUDIO}.currentTime = {AUDIO}.duration - 0.4")

    player.get_by_role("button", name="Repeat: off").click()
    player.get_by_role("button", name="Repeat: all songs").click()
    player.get_by_role("button", name="Repeat: this song").wait_for()
    to_the_end()
    visitor.until(f"{AUDIO}.currentTime < 5 && {AUDIO}.currentTime > 0.2")
    assert playing(visitor) == songs[0]

    player.get_by_role("button", name="Repeat: this song").click()
    player.get_by_role("button", name="Repeat: off").click()
    visitor.page.locator(f"#song-{songs[-1]} [data-play]").click()
    visitor.until(f"{AUDIO}.src.includes('{songs[-1]}') && {AUDIO}.currentTime > 0.2")
    to_the_end()
    visitor.until(f"{AUDIO}.src.includes('{songs[0]}') && {AUDIO}.currentTime > 0.2")

    player.get_by_role("button", name="Repeat: all songs").click()
    player.get_by_role("button", name="Repeat: this song").click()
    visitor.page.locator(f"#song-{songs[-1]} [data-play]").click()
    visitor.until(f"{AUDIO}.src.includes('{songs[-1]}') && {AUDIO}.currentTime > 0.2")
    visitor.ask(
        "document.addEventListener('player:ended-list', e => { window.over = e.detail.list })"
    )
    to_the_end()
    visitor.until(f"!{AUDIO}.hasAttribute('src')")
    assert visitor.page.url.split("/")[-2] == visitor.ask("window.over")
    assert visitor.complaints == []


def test_a_reload_brings_queue_place_and_position_back_paused(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = open_list(visitor_of)
    page, songs = visitor.page, rows(visitor)
    player = play_all(visitor)
    player.get_by_role("button", name="Next song").click()
    visitor.until(f"{AUDIO}.src.includes('{songs[1]}') && {AUDIO}.duration > 1")
    player.get_by_label("Position in the song").fill("20")
    visitor.until(f"{AUDIO}.currentTime > 4 && !{AUDIO}.seeking")
    title = player.locator(".player__title").inner_text()

    # On another page, which is then loaded anew
    page.get_by_role("link", name="Music", exact=True).click()
    page.wait_for_url("**/music/")
    visitor.until(f"!{AUDIO}.paused")
    stood = visitor.ask(f"{AUDIO}.currentTime")
    asked: list[Any] = []
    page.reload()
    page.on("request", lambda request: asked.append(request))

    visitor.until("!document.querySelector('music-player').hidden")
    expect(player.locator(".player__title")).to_have_text(title)
    assert visitor.ask(f"{AUDIO}.paused")
    assert visitor.ask(QUEUE) == songs
    assert playing(visitor) == songs[1]
    player.get_by_role("button", name="Play").click()
    visitor.until(f"{AUDIO}.currentTime > {stood}")
    assert visitor.ask(f"{AUDIO}.currentTime") < stood + 10

    # The play that was told of before the reload goes on: no second one begins
    told = [request.method for request in asked if "/api/v1/plays" in request.url]
    assert "POST" not in told
    assert visitor.complaints == []


def test_nobody_else_finds_the_queue_of_who_signed_out(visitor_of: Any) -> None:
    visitor = open_list(visitor_of)
    play_all(visitor)
    visitor.page.add_init_script(
        'sessionStorage.player = sessionStorage.player.replace(/"owner":"\\d+"/, \'"owner":"0"\')'
    )

    visitor.page.reload()

    visitor.until("customElements.get('music-player') !== undefined")
    assert '"owner":"0"' in visitor.ask("sessionStorage.player")
    assert visitor.ask("document.querySelector('music-player').hidden")


def test_the_system_knows_the_song_and_its_keys_work(visitor_of: Any) -> None:
    visitor = open_list(visitor_of)
    songs = rows(visitor)
    player = play_all(visitor)

    told = visitor.ask(
        "(({title, artist, artwork}) => ({title, artist, art: artwork[0].src.slice(0, 18)}))"
        "(navigator.mediaSession.metadata)"
    )
    row = visitor.page.locator(".song").first
    assert told["title"] == row.locator(".song__title").inner_text()
    assert row.locator(".song__artist").inner_text().startswith(told["artist"])
    assert told["art"] == "data:image/svg+xml"
    assert sorted(visitor.ask("Object.keys(window.mediaKeys)")) == [
        "nexttrack", "pause", "play", "previoustrack",
        "seekbackward", "seekforward", "seekto", "stop",
    ]  # fmt: skip
    visitor.until("window.mediaPosition.position > 0 && window.mediaPosition.duration > 20")

    def key(name: str, detail: str = "{}") -> None:
        visitor.ask(f"void window.mediaKeys.{name}({detail})")

    key("pause")
    visitor.until(f"{AUDIO}.paused && navigator.mediaSession.playbackState === 'paused'")
    key("play")
    visitor.until(f"!{AUDIO}.paused && navigator.mediaSession.playbackState === 'playing'")
    key("seekto", "{seekTime: 12}")
    visitor.until(f"{AUDIO}.currentTime >= 12 && !{AUDIO}.seeking")
    key("seekforward", "{seekOffset: 5}")
    visitor.until(f"{AUDIO}.currentTime >= 17")
    key("seekbackward")
    visitor.until(f"{AUDIO}.currentTime < 12")
    key("nexttrack")
    visitor.until(f"{AUDIO}.src.includes('{songs[1]}') && {AUDIO}.currentTime > 0.1")
    key("previoustrack")
    visitor.until(f"{AUDIO}.src.includes('{songs[0]}')")
    key("stop")
    visitor.until(f"!{AUDIO}.hasAttribute('src')")
    assert player.get_by_role("button", name="Play").is_visible()
    assert visitor.complaints == []


def test_only_the_next_song_is_fetched_ahead_and_only_late(visitor_of: Any) -> None:
    visitor = open_list(visitor_of)
    songs = rows(visitor)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))

    def fetched(song: str) -> bool:
        return any(f"/songs/{song}/audio" in url for url in asked)

    player = play_all(visitor)
    visitor.until(f"{AUDIO}.duration > 25")
    visitor.page.wait_for_timeout(600)
    assert [song for song in songs if fetched(song)] == [songs[0]]

    player.get_by_label("Position in the song").fill("65")
    visitor.until(f"{AUDIO}.currentTime > 0.6 * {AUDIO}.duration")
    for _wait in range(100):
        if fetched(songs[1]):
            break
        visitor.page.wait_for_timeout(100)

    assert [song for song in songs if fetched(song)] == songs[:2]
    assert playing(visitor) == songs[0]
    assert visitor.complaints == []


def test_keys_control_it_unless_they_are_turned_off(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = open_list(visitor_of)
    page, songs = visitor.page, rows(visitor)
    player = play_all(visitor)
    visitor.ask("document.activeElement.blur()")
    press = page.keyboard.press

    press("Space")
    visitor.until(f"{AUDIO}.paused")
    press("k")
    visitor.until(f"!{AUDIO}.paused")
    for forward, back in (("ArrowRight", "ArrowLeft"), ("l", "j")):
        before = visitor.ask(f"{AUDIO}.currentTime")
        press(forward)
        visitor.until(f"{AUDIO}.currentTime >= {before} + 10")
        press(back)
        visitor.until(f"{AUDIO}.currentTime < {before} + 9")
    for on, back in (("n", "p"), ("Shift+ArrowRight", "Shift+ArrowLeft")):
        press(on)
        visitor.until(f"{AUDIO}.src.includes('{songs[1]}')")
        press(back)
        visitor.until(f"{AUDIO}.src.includes('{songs[0]}')")
    press("m")
    assert visitor.ask(f"{AUDIO}.muted")
    press("M")
    assert not visitor.ask(f"{AUDIO}.muted")
    press("s")
    expect(player.get_by_role("button", name="Shuffle")).to_have_attribute("aria-pressed", "true")
    press("s")
    press("r")
    player.get_by_role("button", name="Repeat: all songs").wait_for()
    press("q")
    expect(page.locator("#queue")).to_be_visible()
    press("q")
    expect(page.locator("#queue")).to_be_hidden()
    press("4")
    row = page.locator(f"#song-{songs[0]}")
    expect(row.get_by_role("radio", name="4 stars")).to_be_checked()
    expect(player.get_by_role("radio", name="4 stars")).to_be_checked()
    player.get_by_text("Saved").wait_for()

    # The help lists them, and turns them off for good
    press("?")
    help_ = page.locator("dialog#keys")
    expect(help_).to_be_visible()
    expect(help_).to_contain_text("Play or pause")
    help_.get_by_label("Single keys control the player").uncheck()
    press("Escape")
    expect(help_).to_be_hidden()
    visitor.ask("document.activeElement.blur()")
    press("n")
    press("m")
    press("?")
    page.wait_for_timeout(300)
    assert playing(visitor) == songs[0]
    assert not visitor.ask(f"{AUDIO}.muted")
    expect(help_).to_be_hidden()
    page.reload()
    visitor.until("!document.querySelector('music-player').hidden")
    press("m")
    assert not visitor.ask(f"{AUDIO}.muted")
    assert visitor.complaints == []


def test_less_like_this_now_changes_the_unplayed_rest_alone(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = open_list(visitor_of)
    page, songs, address = visitor.page, rows(visitor), visitor.page.url
    player = play_all(visitor)
    player.get_by_role("button", name="Next song").click()
    visitor.until(f"{AUDIO}.src.includes('{songs[1]}') && {AUDIO}.currentTime > 0.3")
    visitor.ask(f"void Object.assign({AUDIO}, {{emptied: 0, onemptied() {{ this.emptied += 1 }}}})")

    player.get_by_role("button", name="Less like this now").click()
    page.locator("#toasts").get_by_text("Less like").wait_for()

    # The song plays on, what was heard stays, the rest follows on the page and in the queue
    visitor.until(f"location.href !== '{address}'")
    led = rows(visitor)
    assert led[:2] == songs[:2]
    assert led != songs
    assert len(led) == len(set(led)) == 20
    assert visitor.ask(QUEUE) == led
    assert playing(visitor) == songs[1]
    assert visitor.ask(f"[{AUDIO}.paused, {AUDIO}.emptied]") == [False, 0]
    expect(page.locator(f"#song-{songs[1]}")).to_have_class(re.compile("is-current"))

    # Undo brings the list back as it was; the song still plays
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    visitor.until(f"location.href === '{address}'")
    assert rows(visitor) == songs
    assert visitor.ask(QUEUE) == songs
    assert visitor.ask(f"[{AUDIO}.paused, {AUDIO}.emptied]") == [False, 0]

    # From a row, by key, from another page: the queue follows there, too
    more = page.locator(f"#song-{songs[6]}").get_by_role("button", name="More like this")
    more.focus()
    page.keyboard.press("Enter")
    visitor.until(f"location.href !== '{address}'")
    expect(page.locator("#toasts")).to_contain_text("More like")
    assert visitor.ask("document.activeElement !== document.body")
    page.get_by_role("link", name="Music", exact=True).click()
    page.wait_for_url("**/music/")
    before = visitor.ask(QUEUE)
    page.keyboard.press("-")
    visitor.until(f"String({QUEUE}) !== '{','.join(before)}'")
    assert visitor.ask(QUEUE)[:2] == songs[:2]
    assert page.url.endswith("/music/")
    assert visitor.ask(f"[{AUDIO}.paused, {AUDIO}.emptied]") == [False, 0]
    assert visitor.complaints == []


def test_stars_and_verdicts_keep_the_place(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = open_list(visitor_of)
    page, songs = visitor.page, rows(visitor)
    player = play_all(visitor)
    row = page.locator(f"#song-{songs[8]}")
    row.scroll_into_view_if_needed()
    row.get_by_role("radio", name="3 stars").focus()
    stood = visitor.ask("window.scrollY")

    page.keyboard.press("ArrowRight")
    row.get_by_text("Saved").wait_for()
    assert visitor.ask("[window.scrollY, document.activeElement.value]") == [stood, "4"]

    # Turned down: the row says so, the focus is on its undo, the page has not moved
    row.locator(".nope summary").press("Enter")
    row.get_by_role("button", name="Never").press("Enter")
    row.get_by_role("button", name="Undo").wait_for()
    visitor.until(f"document.activeElement.closest('#song-{songs[8]}') !== null")
    assert abs(visitor.ask("window.scrollY") - stood) < 250
    assert playing(visitor) == songs[0]
    visitor.until(f"!{QUEUE}.includes('{songs[8]}')")
    page.keyboard.press("Enter")
    row.get_by_role("heading").wait_for()
    visitor.until(f"document.activeElement.closest('#song-{songs[8]}') !== null")

    # Rated from the player: the row of that song shows it
    player.locator(".star").nth(4).click()
    expect(page.locator(f"#song-{songs[0]}").get_by_role("radio", name="5 stars")).to_be_checked()

    # "Never" on the song that plays goes on to the next
    first = page.locator(f"#song-{songs[0]}")
    first.locator(".nope summary").click()
    first.get_by_role("button", name="Never").click()
    visitor.until(f"{AUDIO}.src.includes('{songs[1]}') && {AUDIO}.currentTime > 0.2")
    assert songs[0] not in visitor.ask(QUEUE)

    # Another mood is one step away, and the music goes on
    player.get_by_role("link", name="Another mood?").click()
    page.wait_for_url(f"**/songs/{songs[1]}/opinion/")
    visitor.until(f"!{AUDIO}.paused")
    assert visitor.complaints == []


def test_on_a_phone_a_small_bar_opens_over_the_page(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = open_list(visitor_of, viewport={"width": 360, "height": 740}, has_touch=True)
    page, songs = visitor.page, rows(visitor)
    player = play_all(visitor)
    assert player.bounding_box()["height"] < 80
    expect(player.locator(".player__title")).to_be_visible()
    expect(player.get_by_role("button", name="Next song")).to_be_visible()
    expect(player.get_by_role("button", name="Stop")).to_be_hidden()

    player.get_by_role("button", name="All controls").tap()
    assert player.bounding_box()["height"] > 700
    for name in ("Stop", "Shuffle", "More like this", "Queue", "Mute"):
        expect(player.get_by_role("button", name=name)).to_be_visible()
    assert visitor.ask("document.getElementById('page').inert")
    player.get_by_role("button", name="Queue").tap()
    expect(page.locator("#queue")).to_be_visible()
    page.get_by_role("button", name="Close the queue").tap()
    player.get_by_role("button", name="Next song").tap()
    visitor.until(f"{AUDIO}.src.includes('{songs[1]}')")

    player.get_by_role("button", name="All controls").tap()
    assert player.bounding_box()["height"] < 80
    assert not visitor.ask("document.getElementById('page').inert")
    assert not visitor.ask("document.documentElement.scrollWidth > window.innerWidth")
    assert visitor.complaints == []


def test_an_emptied_queue_leaves_a_page_that_works_and_does_not_come_back(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = open_list(visitor_of, viewport={"width": 360, "height": 740}, has_touch=True)
    page = visitor.page
    player = play_all(visitor)
    inert = "document.getElementById('page').inert"
    expand = player.get_by_role("button", name="All controls")

    # Turned, the phone is too wide for the button that would fold the player up.
    expand.tap()
    assert visitor.ask(inert)
    page.set_viewport_size({"width": 900, "height": 400})
    visitor.until(f"!{inert}")
    page.set_viewport_size({"width": 360, "height": 740})

    visitor.ask("dispatchEvent(new Event('visibilitychange'))")  # what plays is kept for a reload
    expand.tap()
    player.get_by_role("button", name="Queue").tap()
    panel = page.locator("#queue")
    clear = panel.get_by_role("button", name="Clear")
    clear.tap()
    panel.get_by_role("button", name="Remove").tap()
    expect(panel.locator("li")).to_have_count(0)
    expect(player).to_be_hidden()
    assert not visitor.ask(inert)
    clear.tap()
    panel.get_by_role("button", name="Close the queue").tap()
    assert visitor.complaints == []

    page.reload()
    visitor.until("customElements.get('music-player') !== undefined")
    expect(page.locator("music-player")).to_be_hidden()
    play_all(visitor)
    assert visitor.complaints == []


def test_a_song_that_failed_is_asked_for_again_where_it_stood(visitor_of: Any) -> None:
    visitor = open_list(visitor_of)
    page, songs = visitor.page, rows(visitor)
    player = play_all(visitor)
    page.route("**/songs/*/audio", lambda route: route.abort())
    player.get_by_role("button", name="Next song").click()
    page.get_by_text("This song cannot be heard right now.").wait_for()
    page.unroute("**/songs/*/audio")

    player.get_by_role("button", name="Play").click()

    visitor.until(f"{AUDIO}.currentTime > 0.2")
    assert playing(visitor) == songs[1]


def test_the_last_stars_given_are_those_that_stay(visitor_of: Any) -> None:
    from playwright.sync_api import expect

    visitor = open_list(visitor_of)
    page = visitor.page
    asked: list[Any] = []
    page.route("**/api/v1/songs/*/rating", lambda route: asked.append(route))
    row = page.locator(".song").nth(1)

    # The first are slow on their way.
    row.get_by_role("radio", name="2 stars").check()
    row.get_by_role("radio", name="5 stars").check()
    page.wait_for_timeout(400)
    assert len(asked) == 1
    asked[0].continue_()
    for _wait in range(50):
        if len(asked) == 2:
            break
        page.wait_for_timeout(100)
    expect(row.get_by_role("radio", name="5 stars")).to_be_checked()
    asked[1].continue_()
    row.get_by_text("Saved").wait_for()
    page.wait_for_timeout(300)

    page.reload()
    expect(page.locator(".song").nth(1).get_by_role("radio", name="5 stars")).to_be_checked()


def test_a_song_begun_again_is_another_play_and_a_page_that_returns_is_not(visitor_of: Any) -> None:
    visitor = open_list(visitor_of)
    page = visitor.page
    begun: list[str] = []
    page.on(
        "request",
        lambda one: (
            begun.append(one.url) if one.method == "POST" and one.url.endswith("/plays") else None
        ),
    )
    player = play_all(visitor)
    play = player.get_by_role("button", name="Play", exact=True)
    assert len(begun) == 1

    # Kept by the browser for "back", and shown again: silent, and the play goes on when asked to.
    page.wait_for_timeout(300)
    visitor.ask("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    visitor.until(f"{AUDIO}.paused")
    stood = visitor.ask(f"{AUDIO}.currentTime")
    play.click()
    visitor.until(f"{AUDIO}.currentTime > {stood} + 0.2")
    assert len(begun) == 1

    # Looked away from, stopped, and begun again.
    visitor.ask("dispatchEvent(new Event('visibilitychange'))")
    player.get_by_role("button", name="Stop").click()
    play.click()
    visitor.until(f"{AUDIO}.currentTime > 0.2")
    assert len(begun) == 2
    assert visitor.complaints == []


def test_a_song_that_a_history_names_twice_is_in_the_queue_once(visitor_of: Any) -> None:
    visitor = open_list(visitor_of)
    page, songs = visitor.page, rows(visitor)
    player = play_all(visitor)
    for name, place in (("Next song", 1), ("Previous song", 0)):
        player.get_by_role("button", name=name).click()
        visitor.until(f"{AUDIO}.src.includes('{songs[place]}') && {AUDIO}.currentTime > 0.2")
    player.get_by_role("button", name="Stop").click()
    visitor.visit("/library/history/")
    heard = page.locator(".songs [data-song]")
    assert [row.get_attribute("data-song") for row in heard.all()] == [*songs[:2], songs[0]]

    heard.nth(2).locator("[data-play]").click()

    visitor.until(f"{AUDIO}.currentTime > 0.2")
    assert playing(visitor) == songs[0]
    assert sorted(visitor.ask(QUEUE)) == sorted(songs[:2])
