"""Dark or light: what the system says, unless the visitor chose; kept in a cookie, without account.

The server reads the cookie, so that a page comes in its colours from the first byte.
"""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from moodmusic.web import page_before, see_other, wants_fragment

COOKIE = "theme"
#: What follows the system. It is no cookie's value: choosing it forgets the cookie.
SYSTEM = "system"
CHOICES = ("light", "dark")
#: Seconds that a choice is kept.
KEPT_S = 365 * 24 * 3600


def chosen(request: HttpRequest | None) -> str:
    """`light` or `dark` where the visitor chose, else `system`."""
    value = request.COOKIES.get(COOKIE, "") if request else ""
    return value if value in CHOICES else SYSTEM


@require_POST
def theme_set(request: HttpRequest) -> HttpResponse:
    """Keep the choice and go back to the page; one that htmx asks from changes where it is."""
    wanted = request.POST.get("theme", "")
    if wants_fragment(request):
        response = HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"theme": wanted})})
    else:
        response = see_other(page_before(request, "/"))
    if wanted in CHOICES:
        response.set_cookie(
            COOKIE, wanted, max_age=KEPT_S, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
