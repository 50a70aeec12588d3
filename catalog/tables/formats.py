"""What a file is, and its rows."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from catalog.tables.delimited import columns_of, delimited_rows, header_of
from catalog.tables.jspf import EXTENSION, jspf_rows
from catalog.tables.m3u import OWN as M3U_OWN
from catalog.tables.m3u import m3u_rows
from catalog.tables.research import JAMENDO, JAMENDO_NAMES, echonest_rows, jamendo_rows
from catalog.tables.rows import Item, Table, Trouble
from catalog.tables.text import Text, text_open
from catalog.tables.writing import unguarded
from catalog.tables.xspf import xspf_rows
from moodmusic.problems import DomainError

#: What `--format` takes; "own" is our export as JSON, and as CSV it shows by its header.
FORMATS = ("auto", "csv", "jamendo", "echonest", "jspf", "xspf", "m3u", "own")
#: Headings that only our own export has together.
OWN_HEADER = {"id", "origin", "origin_id", "annotations"}
_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
_SUFFIXES = re.compile(r"(\.(csv|tsv|txt|json|jspf|xspf|m3u8?|gz))+$", re.IGNORECASE)


def table_open(
    path: Path, *, format: str = "auto", columns: dict[str, str] | None = None, name: str = ""
) -> Table:
    """Open a file and say what it is; its rows are read as they are asked for.

    Parameters
    ----------
    columns : {our name: their heading} for tables with a header
    name : of the file, where it is stored under another

    Raises
    ------
    DomainError
        the file cannot be read, is none of `FORMATS`, or is not what `format` says.
    """
    text = text_open(path)
    found = format_of(text) if format == "auto" else format
    origin = slugify(_SUFFIXES.sub("", name or path.name))[:40] or "table"
    match found:
        case "csv":
            return _delimited(text, origin, columns)
        case "jamendo":
            return _jamendo(text)
        case "echonest":
            rows = echonest_rows(_document(text))
            return _nameless(text, "echonest", "fma", rows)
        case "jspf":
            tracks = jspf_rows(_document(text))
            return Table(found, origin, tracks, own=EXTENSION in text.head, notes=text.notes)
        case "xspf":
            tracks = xspf_rows(text.read_bytes())
            return Table(found, origin, tracks, own=EXTENSION in text.head, notes=text.notes)
        case "m3u":
            tracks = m3u_rows(text.read_lines())
            return Table(found, origin, tracks, own=M3U_OWN in text.head, notes=text.notes)
        case "own":
            return _own(text)
    words = _("There is no format %(format)s: %(formats)s.")
    named = {"format": found, "formats": ", ".join(FORMATS)}
    raise DomainError("unknown_format", words % named)


def format_of(text: Text) -> str:
    """What a file is, by its first characters; whatever is nothing else is a table with a header.

    Raises
    ------
    DomainError
        empty_file.
    """
    head = text.head.lstrip()
    if not head:
        raise DomainError("empty_file", _("The file is empty."))
    if head.startswith("#EXTM3U") or text.path.name.lower().endswith((".m3u", ".m3u8")):
        return "m3u"
    if head.startswith("<"):
        return "xspf"
    if head.startswith("{"):
        start = head[:4096]
        if '"moodmusic"' in start:
            return "own"
        return "jspf" if '"playlist"' in start else "echonest"
    if head.splitlines()[0].split("\t") == JAMENDO:
        return "jamendo"
    return "csv"


def _delimited(text: Text, origin: str, given: dict[str, str] | None) -> Table:
    header, delimiter = header_of(text)
    own = set(header) >= OWN_HEADER
    columns, headings = columns_of(header, own=own, given=given)
    rows = delimited_rows(text, header, delimiter, columns)
    if own:
        rows = (replace(row, values=unguarded(row.values)) if row.values else row for row in rows)
    first = next(rows, None)
    values = first.values or {} if first is not None else {}
    if {"genre_top", "license"} <= set(header):
        origin = "fma"
    elif "danceability" in columns and _SPOTIFY_ID.fullmatch(str(values.get("origin_id", ""))):
        origin = "spotify"
    elif header[: len(JAMENDO_NAMES)] == JAMENDO_NAMES:
        origin = "jamendo"
    return Table(
        "csv",
        origin,
        chain([first] if first is not None else [], rows),
        total=max(text.lines - 1, 0) or None,
        named="title" in columns,
        own=own,
        notes=text.notes,
        columns=headings,
    )


def _jamendo(text: Text) -> Table:
    return _nameless(text, "jamendo", "jamendo", jamendo_rows(text.read_lines()), text.lines - 1)


def _nameless(text: Text, format: str, origin: str, rows: Any, total: int | None = None) -> Table:
    note = Trouble("no_titles", _("The file names no titles; ids stand in for them in new songs."))
    return Table(format, origin, rows, total=total, named=False, notes=(*text.notes, note))


def _own(text: Text) -> Table:
    document = _document(text)
    songs = document.get("songs") if isinstance(document, dict) else None
    if not isinstance(songs, list):
        raise DomainError("not_a_table", _("The JSON has no list of songs."))
    items = (
        Item(str(number), song)
        if isinstance(song, dict)
        else Item(str(number), None, (Trouble("not_a_song", _("The entry is not an object.")),))
        for number, song in enumerate(songs, start=1)
    )
    return Table("own", "", items, total=len(songs), own=True, notes=text.notes)


def _document(text: Text) -> Any:
    try:
        return json.loads(text.read_whole().removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        reason = _("it is nested too deep") if deep else str(error)
        words = _("The JSON is broken: %(reason)s.") % {"reason": reason}
        raise DomainError("broken_json", words) from error
