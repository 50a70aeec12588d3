"""Words from tags and from the names of files and folders, made fit for the catalogue."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from pathlib import PurePath

UNKNOWN_ARTIST = "Unknown artist"
#: Marks that turn the direction of whatever follows them, beyond the words they stand in. The
#: joiners that Devanagari and Persian need are not among them.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: "01 ", "01. ", "1 - ", "1-02 ", "03_": a track's number, but not "99 Luftballons".
_NUMBER = re.compile(
    r"(?:\d{1,2}-)?\d{1,3}(?:\s*[.)]\s+|\s*[-\u2013]\s+|_+)|(?:\d{1,2}-\d{2}|0\d{1,2})\s+"
)
_BETWEEN = re.compile(r"\s+[-\u2013\u2014]\s+")


def clean(text: str, longest: int) -> str:
    """Composed, without control characters and runs of spaces, cut with "…" to `longest`."""
    # Composing takes long for what is cut off anyway.
    composed = unicodedata.normalize("NFC", text[: longest * 8])
    kept = "".join(
        " " if one.isspace() else one
        for one in composed
        if one.isspace() or (one not in _TURNING and unicodedata.category(one) not in ("Cc", "Cs"))
    )
    words = " ".join(kept.split())
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def printable(path: str) -> str:
    """A path as text; bytes that are not UTF-8 as \\xNN."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def is_utf8(path: str) -> bool:
    """Whether a path can be kept as text."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def names_from_path(place: str, moods: Mapping[str, object]) -> tuple[str, str]:
    """Artist and title of a file without tags, from its path below the folder.

    A track's number in front is left out and underscores are spaces. "Artist - Title" says both.
    Else the name is the title, and the artist is the folder's name: of the outer one where there
    are two (Artist/Album/Title), not counting folders named after `moods`.
    """
    path = PurePath(place)
    folders = [name for name in path.parts[:-1] if name.casefold() not in moods]
    stem = path.stem.replace("_", " ") if " " not in path.stem else path.stem
    numbered = _NUMBER.match(stem)
    title = (stem[numbered.end() :] if numbered else stem).strip() or stem
    parts = _BETWEEN.split(title, maxsplit=1)
    if len(parts) == 2 and all(parts):
        return parts[0], parts[1]
    artist = folders[-2] if len(folders) > 1 else folders[0] if folders else ""
    return artist or UNKNOWN_ARTIST, title


def mood_of_folder(folders: tuple[str, ...], moods: Mapping[str, int]) -> tuple[int, str] | None:
    """Key and name of the mood that the nearest folder around a file names; `moods` is by name in
    lower case."""
    for name in reversed(folders):
        found = moods.get(unicodedata.normalize("NFC", name).casefold())
        if found is not None:
            return found, name
    return None
