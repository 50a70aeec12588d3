"""Pictures of every page: `make screenshots`, or `python -m tests.e2e.screenshots [FOLDER]`.

Serves the product from a temporary folder with people in it (tests.e2e.world), and takes each page
(tests.e2e.walk) at 1280 and 360 px, light and dark. `--only TEXT` takes the pages whose name holds
it, `--language hi` takes them as a browser of that language gets them; `--readme` takes the two of
the README into docs/images instead.
"""

from __future__ import annotations

import argparse
import html
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.process import BASE_DIR, Stack

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio")
WIDTHS = {1280: 900, 360: 740}
SCHEMES = ("light", "dark")
#: A page longer than this is cut: pixels of the page, not of the screen.
LONGEST = 6000
#: Of one of the README's pictures.
README_BYTES = 150_000
IMAGES = BASE_DIR / "docs" / "images"
#: File in docs/images -> page, width, scheme and what is done on it first.
README = {
    "list.webp": ("listener-list_detail", 1280, "light"),
    "reading.webp": ("listener-reading_detail", 1280, "dark"),
}


@contextmanager
def _world() -> Iterator[tuple[Stack, dict[str, Any]]]:
    """A stack with people in it, in a folder that is gone afterwards."""
    from tests.e2e.world import world_of

    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data")
        try:
            stack.ensure_running()
            yield stack, world_of(stack)
        finally:
            stack.kill()


def _browser(started: Any) -> Any:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise SystemExit("Chromium is not installed (Debian: apt-get install chromium).")
    return started.chromium.launch(executable_path=found, args=list(FLAGS))


def _settled(page: Any) -> None:
    """Covers and faces are there, and nothing moves any more."""
    page.wait_for_load_state("networkidle")
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => 0)))")


def shoot(
    stack: Stack, world: dict[str, Any], folder: Path, only: str = "", language: str = "en-GB"
) -> list[str]:
    """Take every page whose name holds `only` into `folder`; the names of the files."""
    from tests.e2e.walk import context_of, pages_of, sessions_of

    names = []
    with sync_playwright() as started:
        sessions = sessions_of(stack)
        pages = [page for page in pages_of(stack, sessions, world) if only in str(page)]
        browser = _browser(started)
        for width, height in WIDTHS.items():
            for scheme in SCHEMES:
                contexts = {
                    persona: context_of(
                        browser,
                        stack,
                        session,
                        viewport={"width": width, "height": height},
                        color_scheme=scheme,
                        reduced_motion="reduce",
                        locale=language,
                    )
                    for persona, session in sessions.items()
                }
                for page in pages:
                    window = contexts[page.persona].new_page()
                    window.goto(stack.url + page.path)
                    _settled(window)
                    name = f"{page}-{width}-{scheme}.png"
                    tall = window.evaluate("document.documentElement.scrollHeight")
                    # A window as tall as the page, so that what is fixed to its foot lies there.
                    size = {"width": width, "height": max(height, min(tall, LONGEST))}
                    window.set_viewport_size(size)
                    window.screenshot(path=folder / name)
                    window.close()
                    names.append(name)
                for context in contexts.values():
                    context.close()
        browser.close()
    return names


def contact_sheet(folder: Path, names: list[str]) -> Path:
    """An HTML page that shows all pictures, a page of the product in each row."""
    rows: dict[str, list[str]] = {}
    for name in names:
        rows.setdefault(name.rsplit("-", 2)[0], []).append(name)
    body = "".join(
        f"<h2>{html.escape(page)}</h2><p>"
        + "".join(
            f'<a href="{name}"><img src="{name}" loading="lazy" alt="" height="420"></a> '
            for name in files
        )
        + "</p>"
        for page, files in sorted(rows.items())
    )
    sheet = folder / "index.html"
    sheet.write_text(
        '<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><title>Screenshots</title>'
        f"<body>{body}</body></html>"
    )
    return sheet


def readme() -> list[Path]:
    """The README's two pictures, each below README_BYTES."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory() as folder, _world() as (stack, world):
        home = Path(folder)
        for target, (page, width, scheme) in README.items():
            shoot(stack, world, home, page)
            whole = Image.open(home / f"{page}-{width}-{scheme}.png").convert("RGB")
            cut = whole.crop((0, 0, width, min(whole.height, WIDTHS[width])))
            for quality in range(90, 40, -5):
                stream = io.BytesIO()
                cut.save(stream, "WEBP", quality=quality)
                if stream.tell() < README_BYTES:
                    break
            (IMAGES / target).write_bytes(stream.getvalue())
            written.append(IMAGES / target)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description="Pictures of every page.")
    parser.add_argument("folder", nargs="?", type=Path, default=BASE_DIR / "build" / "screenshots")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--language", default="en-GB", help="the browser's language")
    parser.add_argument("--readme", action="store_true", help="the README's two pictures")
    wishes = parser.parse_args()
    if wishes.readme:
        for path in readme():
            print(f"{path} ({path.stat().st_size:,} bytes)")
        return
    wishes.folder.mkdir(parents=True, exist_ok=True)
    with _world() as (stack, world):
        names = shoot(stack, world, wishes.folder, wishes.only, wishes.language)
    print(f"{len(names)} pictures; see {contact_sheet(wishes.folder, names)}")


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    main()
