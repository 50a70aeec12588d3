"""Camera, photo and the pad in a real browser: what is taken, what is sent, what goes wrong."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest

from tests.process import portrait_jpeg

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

#: Notes each request for a camera and each form that is sent, with the sizes of its pictures.
WATCH = """
window.tracks = []; window.asked = []; window.sent = [];
if (navigator.mediaDevices) {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    window.asked.push(wanted);
    const stream = await ask(wanted);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}
document.addEventListener("submit", async ({ target }) => {
  const files = [...(target.elements.frames?.files ?? [])];
  for (const file of files) {
    const picture = await createImageBitmap(file);
    window.sent.push([picture.width, picture.height, file.type]);
  }
});
"""
LIT = "window.tracks.some((track) => track.readyState === 'live')"


def at_the_camera(visitor: Any) -> Any:
    """Sign up, consent, and stand before the button; the page."""
    visitor.sign_up()
    visitor.allow_reading()
    visitor.visit("/mood/?way=camera")
    return visitor.page


def big_portrait() -> bytes:
    """A photograph of 2000 x 1500 pixels."""
    return portrait_jpeg(2000, 1500)


def drop(page: Any, kind: str, data: bytes) -> None:
    """Drop a file on the photo panel, or paste it, as the browser tells a page of it."""
    page.evaluate(
        """([kind, data]) => {
          const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
          const basket = new DataTransfer();
          basket.items.add(new File([bytes], "me.jpg", { type: "image/jpeg" }));
          const tell = { bubbles: true, cancelable: true };
          const event = kind === "paste"
            ? new ClipboardEvent(kind, { ...tell, clipboardData: basket })
            : new DragEvent(kind, { ...tell, dataTransfer: basket });
          document.querySelector(".drop").dispatchEvent(event);
        }""",
        [kind, base64.b64encode(data).decode()],
    )


def test_nothing_of_the_camera_comes_before_consent_and_a_click(visitor_of: Any) -> None:
    visitor = visitor_of()
    page = visitor.page
    page.add_init_script(WATCH)
    scripts: list[str] = []
    page.on("request", lambda request: scripts.append(request.url))

    def camera_scripts() -> list[str]:
        return [url for url in scripts if "/camera" in url and "door" not in url]

    # Before consent there is not even a panel; after it, no script and no request for a camera
    visitor.sign_up()
    visitor.skip_favourites()
    visitor.visit("/mood/?way=camera")
    assert page.locator("camera-panel").count() == 0
    page.get_by_role("button", name="Allow reading my expression").click()
    start = page.get_by_role("button", name="Start the camera")
    start.wait_for()
    page.wait_for_timeout(500)
    assert camera_scripts() == []
    assert visitor.ask("window.asked.length") == 0
    page.get_by_text("You allowed this on").wait_for()

    # The click brings both; "Wait" stops the count, and is remembered
    start.click()
    page.get_by_role("button", name="Wait").click()
    assert len(camera_scripts()) == 1
    assert visitor.ask("window.asked.length") == 1
    page.wait_for_timeout(3000)
    assert visitor.ask("window.sent.length") == 0
    assert visitor.ask(LIT)
    page.get_by_role("button", name="Count down", exact=True).wait_for()

    # Withdrawn in the same place, the panel and the light are gone
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_text("Withdrawn. No picture of yours is accepted").wait_for()
    assert page.locator("camera-panel").count() == 0
    visitor.until(f"!{LIT}")
    assert visitor.complaints == []


def test_a_burst_of_seven_small_frames_and_the_light_goes_off(visitor_of: Any) -> None:
    visitor = visitor_of(viewport={"width": 390, "height": 844})
    visitor.page.add_init_script(WATCH)
    page = at_the_camera(visitor)

    page.get_by_role("button", name="Start the camera").click()
    page.get_by_role("button", name="Take the picture").wait_for()
    assert page.get_by_role("button", name="Other camera").count() == 0  # there is only one
    page.wait_for_url("**/readings/*/", timeout=90_000)

    visitor.until("window.sent.length === 7")
    for width, height, kind in visitor.ask("window.sent"):
        assert max(width, height) <= 640
        assert kind == "image/jpeg"
    assert visitor.ask("window.tracks.length") == 1
    assert not visitor.ask(LIT)
    page.get_by_role("link", name="Take another picture").click()
    page.get_by_role("button", name="Start the camera").wait_for()
    assert visitor.complaints == []


def test_upload_is_shown_and_can_be_taken_again(visitor_of: Any) -> None:
    visitor = visitor_of()
    visitor.page.add_init_script(WATCH)
    page = at_the_camera(visitor)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 20_000}

    page.get_by_role("button", name="Start the camera").click()
    page.get_by_role("button", name="Wait").click()
    line.send("Network.emulateNetworkConditions", slow)
    page.get_by_role("button", name="Take the picture").click()
    page.locator("progress").wait_for()
    visitor.until("document.querySelector('progress').value < 1")
    assert not visitor.ask(LIT)

    page.get_by_role("button", name="Take it again").click()
    page.get_by_role("button", name="Take the picture").wait_for()
    assert visitor.ask("document.querySelector('[data-upload]').hidden")
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    page.get_by_role("button", name="Take the picture").click()
    page.wait_for_url("**/readings/*/", timeout=90_000)
    assert visitor.ask("window.sent.length") == 14


def test_another_camera_and_a_hidden_or_left_page(visitor_of: Any) -> None:
    visitor = visitor_of(
        flags=[
            "--use-fake-device-for-media-stream=device-count=2",
            "--use-fake-ui-for-media-stream",
        ],
        film=False,
    )
    visitor.page.add_init_script(WATCH)
    page = at_the_camera(visitor)
    page.get_by_role("button", name="Start the camera").click()
    page.get_by_role("button", name="Wait").click()

    # The other camera, and the first one's light is off
    page.get_by_role("button", name="Other camera").click()
    visitor.until("window.tracks.length === 2")
    labels = visitor.ask("window.tracks.map((track) => track.label)")
    assert labels[0] != labels[1]
    assert visitor.ask("window.tracks[0].readyState") == "ended"
    visitor.until("window.tracks[1].readyState === 'live'")

    # A hidden page turns it off, and so does leaving it
    visitor.ask(
        """(() => {
          Object.defineProperty(document, "hidden", { value: true, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
          delete document.hidden;
        })()"""
    )
    visitor.until(f"!{LIT}")
    page.get_by_role("button", name="Start the camera").click()
    page.get_by_role("button", name="Turn it off").wait_for()
    assert visitor.ask(LIT)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Music").click()
    page.wait_for_url("**/music/**")
    visitor.until(f"!{LIT}")
    assert visitor.complaints == []


def test_a_page_hidden_while_the_camera_starts_leaves_none_on(visitor_of: Any) -> None:
    visitor = visitor_of()
    page = visitor.page
    page.add_init_script(WATCH)
    at_the_camera(visitor)
    start = page.get_by_role("button", name="Start the camera")
    off = page.get_by_role("button", name="Turn it off")
    fault = page.locator("[data-error]")

    # Hidden while the browser asks, and started again: both questions are answered at last.
    page.evaluate(
        """() => {
          const { mediaDevices } = navigator, ask = mediaDevices.getUserMedia;
          const asked = new Promise((done) => (window.answer = done));
          mediaDevices.getUserMedia = async (wanted) => (await asked, ask(wanted));
          window.hide = () => {
            Object.defineProperty(document, "hidden", { value: true, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
            delete document.hidden;
          };
        }"""
    )
    start.click()
    visitor.until("document.querySelector('[data-state]').dataset.state === 'opening'")
    visitor.ask("hide()")
    start.click()
    visitor.ask("answer()")
    off.wait_for()
    visitor.until("window.tracks.length === 2")
    page.wait_for_timeout(300)
    assert sorted(visitor.ask("window.tracks.map((one) => one.readyState)")) == ["ended", "live"]
    assert fault.inner_text() == ""
    off.click()
    assert not visitor.ask(LIT)

    # Hidden when it is all but ready: it is off, says so, and can be started.
    page.evaluate(
        """() => {
          const { mediaDevices } = navigator, list = mediaDevices.enumerateDevices;
          mediaDevices.enumerateDevices = () => (hide(), list.call(mediaDevices));
        }"""
    )
    start.click()
    visitor.until("window.tracks.length === 3")
    page.wait_for_timeout(3500)  # longer than it counts
    assert not visitor.ask(LIT)
    assert start.is_visible()
    assert fault.inner_text() == ""
    assert visitor.complaints == []


@pytest.mark.parametrize(
    ("error", "title"),
    [
        ("NotAllowedError", "The camera is blocked"),
        ("NotReadableError", "The camera is busy"),
        ("NotFoundError", "No camera found"),
        ("OverconstrainedError", "No camera found"),
        ("TypeError", "The camera did not start"),
    ],
)
def test_a_camera_that_does_not_start_says_what_to_do(
    visitor_of: Any, error: str, title: str
) -> None:
    visitor = visitor_of()
    visitor.page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => "
        f"Promise.reject(new DOMException('no', '{error}'))"
    )
    page = at_the_camera(visitor)

    page.get_by_role("button", name="Start the camera").click()

    told = page.get_by_role("alert").filter(has_text=title)
    told.get_by_role("link", name="Use a photo").wait_for()
    told.get_by_role("link", name="Pick by hand").click()
    page.get_by_role("button", name="That is how I am").wait_for()
    assert visitor.complaints == []


def test_an_insecure_address_says_so_and_a_photo_works_there(visitor_of: Any) -> None:
    visitor = visitor_of()
    visitor.page.add_init_script(
        """Object.defineProperty(navigator, "mediaDevices", { value: undefined });
        Object.defineProperty(window, "isSecureContext", { value: false });"""
    )
    page = at_the_camera(visitor)

    page.get_by_role("button", name="Start the camera").click()

    told = page.get_by_role("alert").filter(has_text="The camera needs a secure address")
    told.get_by_role("link", name="Use a photo").click()
    page.get_by_role("button", name="Read this photo").wait_for()


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_photo_is_dropped_or_pasted_and_leaves_small(visitor_of: Any, way: str) -> None:
    visitor = visitor_of()
    page = visitor.page
    page.add_init_script(WATCH)
    visitor.sign_up()
    visitor.allow_reading()
    visitor.visit("/mood/?way=photo")
    visitor.until("Boolean(customElements.get('photo-panel'))")
    assert page.locator("input[capture=user]").count() == 1

    if way == "drop":
        drop(page, "dragover", big_portrait())
        page.locator(".drop.is-over").wait_for()
    drop(page, way, big_portrait())
    page.get_by_alt_text("The photo you chose").wait_for()
    assert page.locator(".drop.is-over").count() == 0
    page.get_by_role("button", name="Read this photo").click()

    page.wait_for_url("**/readings/*/", timeout=90_000)
    assert visitor.ask("window.sent") == [[640, 480, "image/jpeg"]]
    assert visitor.complaints == []


def test_the_photo_that_is_shown_is_the_one_that_is_sent(visitor_of: Any) -> None:
    visitor = visitor_of()
    page = visitor.page
    visitor.sign_up()
    visitor.allow_reading()
    visitor.visit("/mood/?way=photo")
    visitor.until("Boolean(customElements.get('photo-panel'))")
    drop(page, "drop", big_portrait())
    shown = page.get_by_alt_text("The photo you chose")
    shown.wait_for()

    # One that this browser cannot open takes the place of the one before, by its name.
    drop(page, "drop", b"not a picture")
    page.locator("photo-panel").get_by_text("me.jpg").wait_for()
    assert shown.is_hidden()

    # A photo that is ready when the panel has gone is not kept.
    page.evaluate(
        """() => {
          const make = window.createImageBitmap;
          window.kept = 0;
          window.createImageBitmap = async (file) => {
            const picture = await make(file);
            document.querySelector("photo-panel").remove();
            return picture;
          };
          URL.createObjectURL = () => (window.kept += 1, "");
        }"""
    )
    drop(page, "drop", big_portrait())
    visitor.until("!document.querySelector('photo-panel')")
    page.wait_for_timeout(500)
    assert visitor.ask("window.kept") == 0


def test_a_dark_picture_is_refused_in_words(visitor_of: Any) -> None:
    from PIL import Image

    visitor = visitor_of()
    page = visitor.page
    dark = io.BytesIO()
    Image.open(io.BytesIO(portrait_jpeg())).point(lambda value: value // 14).save(dark, "JPEG")
    visitor.sign_up()
    visitor.allow_reading()
    visitor.visit("/mood/?way=photo")
    page.locator("input[name=frames]").set_input_files(
        {"name": "dark.jpg", "mimeType": "image/jpeg", "buffer": dark.getvalue()}
    )
    page.get_by_role("button", name="Read this photo").click()

    refusal = page.get_by_role("alert").filter(has_text="No mood was made up from it")
    refusal.wait_for(timeout=90_000)
    assert refusal.get_by_role("heading").inner_text() in {"Too dark", "No face found"}
    refusal.get_by_role("link", name="Try again").wait_for()


def test_the_pad_by_keys_mouse_and_touch(visitor_of: Any) -> None:
    visitor = visitor_of(viewport={"width": 360, "height": 740}, has_touch=True)
    page = visitor.page
    visitor.sign_up()
    visitor.skip_favourites()
    visitor.visit("/mood/?way=hand")
    words = page.locator(".aim__words")
    words.get_by_text("in the middle").wait_for()

    def values() -> list[float]:
        ask = "[...document.querySelectorAll('mood-pad input[type=range]')]"
        return list(visitor.ask(f"{ask}.map((slider) => slider.valueAsNumber)"))

    # Keys: across and down with the arrows, whichever slider has the focus
    page.get_by_label("From unpleasant to pleasant").focus()
    for key in ("ArrowRight",) * 3 + ("ArrowDown",) * 5:
        page.keyboard.press(key)
    assert values() == pytest.approx([0.3, -0.5])
    assert words.inner_text() == "pleasant and calm"
    said = page.get_by_label("From calm to excited").get_attribute("aria-valuetext")
    assert said == "-0.5: pleasant and calm"

    # Mouse and touch: where they point
    box = page.locator("mood-pad svg").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2)
    assert values() == pytest.approx([-0.75, 0.75], abs=0.06)
    page.touchscreen.tap(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.7)
    assert values() == pytest.approx([0.75, -0.5], abs=0.06)
    assert not visitor.ask("document.documentElement.scrollWidth > window.innerWidth")

    page.get_by_role("button", name="That is how I am").click()
    page.wait_for_url("**/readings/*/")
    page.get_by_text("You pointed at pleasant and calm.").wait_for()
    page.locator(".song").first.wait_for()
    assert visitor.complaints == []


def test_the_pad_works_without_javascript(visitor_of: Any) -> None:
    visitor = visitor_of(java_script_enabled=False)
    page = visitor.page
    visitor.sign_up()
    visitor.skip_favourites()
    visitor.visit("/mood/?way=hand")

    page.get_by_label("From unpleasant to pleasant").fill("-0.6")
    page.get_by_label("From calm to excited").fill("-0.3")
    page.get_by_role("button", name="That is how I am").click()

    page.get_by_role("heading", name="Near sad").wait_for()
    page.get_by_role("button", name="Make my list").click()
    page.wait_for_url("**/lists/*/")
    assert len(visitor.song_titles()) == 20
