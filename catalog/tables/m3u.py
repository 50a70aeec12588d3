"""Playlists as M3U and M3U8."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from catalog.tables.rows import Item, Trouble
from catalog.tables.text import MAX_LINE

#: Before the record of a song in files of ours; players take the line for a comment.
OWN = "#MOODMUSIC:"
_NUMBER = re.compile(r"^\d{1,3}[\s._-]+")
_TAGS = {"#EXTALB": "album", "#EXTART": "artist", "#EXTGENRE": "genre"}
#: Attributes in EXTINF before the comma, which some programs write: tvg-id="x".
_ATTRIBUTES = re.compile(r'\s+[\w-]+="[^"]*"')


def m3u_rows(lines: Iterator[str]) -> Iterator[Item]:
    """Tracks of a playlist; without EXTINF their files' names have to do."""
    said: dict[str, Any] = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        tag, _colon, rest = text.partition(":")
        if len(line) >= MAX_LINE:
            said = {}
            yield Item(str(number), None, (Trouble("line_too_long", _("The line is too long.")),))
        elif tag == "#EXTINF":
            said.update(_described(rest))
        elif tag in _TAGS:
            said[_TAGS[tag]] = rest.strip()
        elif text.startswith(OWN):
            said.update(_record(text))
        elif text and not text.startswith("#"):
            yield Item(str(number), {**_of_name(text), **said})
            said = {}


def _described(rest: str) -> dict[str, Any]:
    seconds, _, name = _ATTRIBUTES.sub("", rest).partition(",")
    artist, found, title = name.partition(" - ")
    said = {"title": title, "artist": artist} if found else {"title": name}
    # -1 stands for unknown.
    return {**said, **({} if seconds.strip().startswith("-") else {"duration_s": seconds})}


def _of_name(path: str) -> dict[str, Any]:
    name = unquote(re.split(r"[/\\]", path.split("?")[0].rstrip("/"))[-1])
    stem = _NUMBER.sub("", name.rsplit(".", 1)[0]) or name
    artist, found, title = stem.partition(" - ")
    return {"title": title, "artist": artist} if found else {"title": stem}


def _record(text: str) -> dict[str, Any]:
    try:
        record = json.loads(text[len(OWN) :])
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}
