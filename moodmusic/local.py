"""The language and the time zone of whoever is served, for as long as the request lasts."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

#: What static/js/zone.js writes for listeners who named no zone: the name of the browser's.
ZONE_COOKIE = "zone"


@cache
def zone_names() -> frozenset[str]:
    """Every name of the IANA database that people use; not those of machines and of the past."""
    return frozenset(
        name for name in available_timezones() if "/" in name and not name.startswith("Etc/")
    ) | {"UTC"}


def language_of(account: Any) -> str:
    """The language that an account wants to be written to in: the server's, where it says none."""
    wanted = account.language if account is not None else ""
    return translation.get_supported_language_variant(wanted or settings.LANGUAGE_CODE)


def account_activate(account: Any) -> None:
    """Speak the account's language and keep its time; what it leaves open stays as it is.

    `account` is a user, whose `language` ("" for any) and `time_zone` ("" for any) are read.
    """
    if account.language:
        translation.activate(language_of(account))
    if account.time_zone in zone_names():
        timezone.activate(ZoneInfo(account.time_zone))


def visitor_activate(request: HttpRequest) -> None:
    """Keep the time that the browser tells in a cookie; the server's, where it tells none."""
    told = unquote(request.COOKIES.get(ZONE_COOKIE, ""))
    if told in zone_names():
        timezone.activate(ZoneInfo(told))
    else:
        timezone.deactivate()
