"""Playlists as JSPF, and what JSPF and XSPF tracks have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from catalog.tables.rows import Item, Trouble
from moodmusic.problems import DomainError

#: Names our extension in JSPF and XSPF; an address that nothing has to answer at.
EXTENSION = "https://moodmusic.invalid/ns/song/1"
#: {origin: how its addresses of recordings look}.
PLACES = {
    "musicbrainz": re.compile(r"https?://musicbrainz\.org/recording/([0-9a-f-]{36})/?"),
    "spotify": re.compile(
        r"(?:spotify:track:|https?://open\.spotify\.com/track/)([0-9A-Za-z]{22})"
    ),
}
_ISRC = re.compile(r"(?:urn:)?isrc:(\w{12})", re.IGNORECASE)


def jspf_rows(document: Any) -> Iterator[Item]:
    """Tracks of a JSPF document; raises DomainError (not_a_playlist)."""
    playlist = document.get("playlist") if isinstance(document, dict) else None
    tracks = playlist.get("track", []) if isinstance(playlist, dict) else None
    if not isinstance(tracks, list):
        raise DomainError(
            "not_a_playlist", _("The JSON has no list of tracks under playlist.track.")
        )
    for number, track in enumerate(tracks, start=1):
        if isinstance(track, dict):
            yield Item(str(number), track_values(track))
        else:
            words = _("The track is not an object.")
            yield Item(str(number), None, (Trouble("not_a_track", words),))


def track_values(track: dict[str, Any]) -> dict[str, Any]:
    """Our columns of a track as JSPF names its parts; `identifier` is a text or several."""
    extension = track.get("extension")
    if isinstance(extension, dict) and EXTENSION in extension:
        own = extension[EXTENSION]
        own = own[0] if isinstance(own, list) and own else own
        if isinstance(own, dict):
            return own
    values = {
        "title": track.get("title"),
        "artist": track.get("creator"),
        "album": track.get("album"),
        "track_number": track.get("trackNum"),
        "duration_ms": track.get("duration"),
    }
    identifiers = track.get("identifier") or []
    for one in identifiers if isinstance(identifiers, list) else [identifiers]:
        text = str(one)
        if found := _ISRC.fullmatch(text):
            values["isrc"] = found[1]
        for origin, address in PLACES.items():
            if found := address.fullmatch(text):
                values.update(origin=origin, origin_id=found[1])
    return values
