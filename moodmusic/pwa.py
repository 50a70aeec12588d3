"""What makes the pages an app: its manifest, its service worker, and the page for no network."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from moodmusic.static_files import minified

#: Sizes of the icons in static/icons (`manage.py make_icons`), in pixels, and what each is for.
ICONS = (
    ("icons/icon-192.png", "192x192", "any"),
    ("icons/icon-512.png", "512x512", "any"),
    ("icons/maskable-512.png", "512x512", "maskable"),
    ("favicon.svg", "any", "any"),
)
#: Files that the page "offline" is made of.
SHELL = ("css/tokens.css", "css/base.css", "css/components.css", "css/live.css", "favicon.svg")


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """How a phone or desktop shows the installed app, in the reader's language."""
    paper = colours()["paper"]
    body: dict[str, Any] = {
        "id": "/",
        "name": _("MoodMusic: songs for the mood you are in"),
        "short_name": "MoodMusic",
        "description": _("Songs for the mood you are in: self-hosted, private, learning from you."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "theme_color": paper,
        "background_color": paper,
        "categories": ["music"],
        "icons": [
            {
                "src": static(name),
                "sizes": sizes,
                "type": "image/svg+xml" if name.endswith(".svg") else "image/png",
                "purpose": purpose,
            }
            for name, sizes, purpose in ICONS
        ],
    }
    response = JsonResponse(body, content_type="application/manifest+json")
    response["Vary"] = "Accept-Language, Cookie"
    return response


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it serves every page; it changes with its version."""
    context = {
        "version": f"moodmusic-{_version()}",
        "offline": reverse("offline"),
        "static": settings.STATIC_URL,
        "files": json.dumps([static(name) for name in SHELL]),
    }
    script = render_to_string("pwa/sw.js", context)
    return HttpResponse(minified("sw.js", script.encode()), content_type="text/javascript")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown for a page that cannot be fetched; it holds nothing personal."""
    return render(request, "pwa/offline.html")


@cache
def colours() -> dict[str, str]:
    """{name: "#rrggbb"} of the light colours among the design tokens."""
    return dict(re.findall(r"--([\w-]+): (?:light-dark\()?(#[0-9a-f]{6})", _read("css/tokens.css")))


@cache
def _version() -> str:
    """Changes with any file that the service worker keeps from the start, or its own text."""
    digest = hashlib.sha256()
    for name in SHELL:
        digest.update(_read(name).encode())
        digest.update(static(name).encode())
    for template in ("pwa/sw.js", "pwa/offline.html"):
        digest.update((settings.BASE_DIR / "templates" / template).read_bytes())
    return digest.hexdigest()[:12]


def _read(name: str) -> str:
    found = finders.find(name)
    assert isinstance(found, str)  # noqa: S101 - our own static files lie beside us
    with open(found, encoding="utf-8") as handle:  # noqa: PTH123 - finders give text
        return handle.read()
