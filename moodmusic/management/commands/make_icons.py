"""`manage.py make_icons`: the app's icons, drawn from the logo (needs the test requirements)."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from PIL import Image

from moodmusic.pwa import colours

#: Name: pixels a side, share of it that the logo takes, whether the rest is filled. A maskable icon
#: may lose all outside a circle of 80 % (W3C, Web App Manifest), and phones fill what is clear.
ICONS = {
    "icon-192": (192, 1.0, False),
    "icon-512": (512, 1.0, False),
    "maskable-512": (512, 0.72, True),
    "apple-touch": (180, 0.86, True),
}


class Command(BaseCommand):
    help = "Draw static/icons from static/favicon.svg; needs the test requirements and Chromium."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "static" / "icons")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        from playwright.sync_api import sync_playwright

        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        if chromium is None:
            raise CommandError("Chromium is not installed (Debian: apt-get install chromium).")
        logo = (settings.BASE_DIR / "static" / "favicon.svg").read_text(encoding="utf-8")
        folder.mkdir(exist_ok=True)
        with sync_playwright() as started:
            browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page()
            for name, (side, share, filled) in ICONS.items():
                paper = colours()["paper"] if filled else "transparent"
                page.set_viewport_size({"width": side, "height": side})
                page.set_content(
                    f"<style>body{{margin:0;background:{paper};display:grid;place-items:center;"
                    f"height:100vh}}svg{{width:{share * 100}%}}</style>{logo}"
                )
                drawn = page.screenshot(omit_background=not filled)
                size = _save(drawn, folder / f"{name}.png")
                self.stdout.write(f"{name}.png {side} px, {size} bytes")
            browser.close()


def _save(png: bytes, path: Path) -> int:
    """Store a picture as small as it goes; how many bytes it takes."""
    Image.open(io.BytesIO(png)).save(path, optimize=True)
    return path.stat().st_size
