"""Licences as tables write them, as SPDX identifiers."""

from __future__ import annotations

import re
from functools import lru_cache

#: Ported Creative Commons licences that have an SPDX identifier of their own.
PORTED = {
    "CC-BY-2.5-AU", "CC-BY-3.0-AT", "CC-BY-3.0-AU", "CC-BY-3.0-DE", "CC-BY-3.0-NL",
    "CC-BY-3.0-US", "CC-BY-NC-3.0-DE", "CC-BY-NC-ND-3.0-DE", "CC-BY-NC-SA-2.0-DE",
    "CC-BY-NC-SA-2.0-FR", "CC-BY-NC-SA-2.0-UK", "CC-BY-NC-SA-3.0-DE", "CC-BY-ND-3.0-DE",
    "CC-BY-SA-2.0-UK", "CC-BY-SA-2.1-JP", "CC-BY-SA-3.0-AT", "CC-BY-SA-3.0-DE",
}  # fmt: skip
COUNTRIES = {
    "australia": "AU", "austria": "AT", "belgium": "BE", "brazil": "BR", "canada": "CA",
    "france": "FR", "germany": "DE", "hungary": "HU", "italy": "IT", "japan": "JP",
    "mexico": "MX", "netherlands": "NL", "new zealand": "NZ", "portugal": "PT", "spain": "ES",
    "uk": "UK", "united states": "US",
}  # fmt: skip
_ADDRESS = re.compile(r"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)(?:/([a-z]{2}))?")
_VERSION = re.compile(r"\b([1-4]\.\d)\b")


@lru_cache(maxsize=1024)
def spdx(text: str) -> str:
    """The SPDX identifier of a licence given as such, as an address or in words.

    A port without an identifier of its own, and a licence without its version, become a
    `LicenseRef-`, as SPDX wants it. Words that name no licence known here come back unchanged.
    """
    lower = text.strip().lower()
    if "publicdomain/zero" in lower or lower.startswith("cc0"):
        return "CC0-1.0"
    if found := _ADDRESS.search(lower):
        return _named(found[1].split("-"), found[2], (found[3] or "").upper())
    if lower.startswith(("attribution", "creative commons attribution")):
        squeezed = lower.replace("-", "").replace(" ", "")
        parts = ["by"]
        parts += ["nc"] if "noncommercial" in squeezed else []
        parts += ["nd"] if "noderiv" in squeezed else []
        parts += ["sa"] if "sharealike" in squeezed else []
        version = _VERSION.search(lower)
        place = next((code for name, code in COUNTRIES.items() if name in lower), "")
        return _named(parts, version[1] if version else "", place)
    return text.strip()


def _named(parts: list[str], version: str, country: str) -> str:
    base = "-".join(["CC", *(part.upper() for part in parts), *([version] if version else [])])
    whole = f"{base}-{country}" if country else base
    return whole if version and (not country or whole in PORTED) else f"LicenseRef-{whole}"
