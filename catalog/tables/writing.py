"""Songs as files: CSV, JSON, JSPF, XSPF, M3U8, piece by piece.

A record is a mapping with our names of columns. Whole records (`own=True`) come back to equality,
see `catalog.tables.formats`: in playlists they ride along where players do not look. Without `own`
only what a player shows is written.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

from catalog.tables.columns import FEATURES
from catalog.tables.jspf import EXTENSION
from catalog.tables.m3u import OWN as M3U_OWN
from catalog.tables.xspf import NAMESPACE

Record = Mapping[str, Any]
#: Columns of CSV: what is told to all, and what only whole records have.
COLUMNS = (
    "title", "artist", "album", "track_number", "year", "genre", "language", "explicit", "isrc",
    "duration_s", "licence", "credit", "moods", "location",
)  # fmt: skip
OWN_COLUMNS = (
    "id", *COLUMNS[:-1], "album_artist", "album_year", "piece", "origin", "origin_id", "hidden",
    *FEATURES, "features", "annotations", "placements",
)  # fmt: skip
#: What makes a spreadsheet compute a cell instead of showing it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def csv_pieces(records: Iterable[Record], *, name: str, own: bool) -> Iterator[str]:
    """A table with a header."""
    columns = OWN_COLUMNS if own else COLUMNS
    writer = csv.writer(_Echo(), lineterminator="\n")
    yield writer.writerow(columns)
    for record in records:
        yield writer.writerow(_cells(record, columns))


def json_pieces(records: Iterable[Record], *, name: str, own: bool) -> Iterator[str]:
    """One object with a list of songs, a line each."""
    yield f'{{"moodmusic": 1, "name": {_json(name)}, "songs": ['
    for number, record in enumerate(records):
        yield f"{',' if number else ''}\n{_json(record)}"
    yield "\n]}\n"


def jspf_pieces(records: Iterable[Record], *, name: str, own: bool) -> Iterator[str]:
    """A JSPF playlist."""
    yield f'{{"playlist": {{"title": {_json(name)}, "track": ['
    for number, record in enumerate(records):
        track: dict[str, Any] = {"title": record["title"], "creator": record["artist"]}
        track |= {"album": record["album"]} if record["album"] else {}
        track |= {"trackNum": record["track_number"]} if record["track_number"] else {}
        track |= {"duration": _ms(record)} if record["duration_s"] else {}
        track |= {"identifier": _identifiers(record)} if _identifiers(record) else {}
        track["location"] = [record["location"]]
        if own:
            track["extension"] = {EXTENSION: [_whole(record)]}
        yield f"{',' if number else ''}\n{_json(track)}"
    yield "\n]}}\n"


def xspf_pieces(records: Iterable[Record], *, name: str, own: bool) -> Iterator[str]:
    """An XSPF playlist."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<playlist version="1" xmlns="{NAMESPACE}">\n'
    yield f"{_element('title', name)}\n<trackList>\n"
    for record in records:
        parts = [_element("location", record["location"])]
        parts += [_element("identifier", one) for one in _identifiers(record)]
        parts += [_element("title", record["title"]), _element("creator", record["artist"])]
        parts += [_element("album", record["album"])] if record["album"] else []
        parts += [_element("trackNum", record["track_number"])] if record["track_number"] else []
        parts += [_element("duration", _ms(record))] if record["duration_s"] else []
        if own:
            song = _element("song", json.dumps(_whole(record)))
            song = song.replace("<song>", f'<song xmlns="{EXTENSION}">')
            parts.append(f'<extension application="{EXTENSION}">{song}</extension>')
        yield f"<track>{''.join(parts)}</track>\n"
    yield "</trackList>\n</playlist>\n"


def m3u8_pieces(records: Iterable[Record], *, name: str, own: bool) -> Iterator[str]:
    """An extended M3U playlist in UTF-8."""
    yield f"#EXTM3U\n#PLAYLIST:{_line(name)}\n"
    for record in records:
        seconds = round(record["duration_s"]) or -1
        lines = [f"#EXTINF:{seconds},{_line(record['artist'])} - {_line(record['title'])}"]
        lines += [f"#EXTALB:{_line(record['album'])}"] if record["album"] else []
        lines += [M3U_OWN + json.dumps(_whole(record))] if own else []
        yield "\n".join([*lines, _line(record["location"])]) + "\n"


Pieces = Callable[..., Iterator[str]]
#: {format: (its writer, ending of the file's name, content type)}
WRITERS: dict[str, tuple[Pieces, str, str]] = {
    "csv": (csv_pieces, "csv", "text/csv; charset=utf-8"),
    "jspf": (jspf_pieces, "jspf", "application/jspf+json"),
    "xspf": (xspf_pieces, "xspf", "application/xspf+xml"),
    "m3u8": (m3u8_pieces, "m3u8", "application/vnd.apple.mpegurl"),
    "json": (json_pieces, "json", "application/json"),
}


def unguarded(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a table of ours without the marks that kept spreadsheets from computing it."""
    return {
        name: value[1:] if isinstance(value, str) and value[:1] == "'" else value
        for name, value in values.items()
    }


class _Echo:
    """A file for `csv.writer` that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def _cells(record: Record, columns: tuple[str, ...]) -> list[Any]:
    features = dict(record.get("features") or {})
    cells: list[Any] = []
    for name in columns:
        if name in FEATURES:
            cells.append(_feature(features, name))
        elif name == "features":
            cells.append(_json(features) if features else "")
        elif name in ("annotations", "placements"):
            cells.append(_json(record[name]) if record[name] else "")
        elif name == "moods":
            cells.append(";".join(record[name]))
        elif isinstance(record[name], bool):
            cells.append("true" if record[name] else "false")
        elif isinstance(record[name], str) and record[name].startswith(_FORMULA):
            cells.append(f"'{record[name]}")
        else:
            cells.append(record[name])
    return cells


def _feature(features: dict[str, Any], name: str) -> Any:
    """A feature's value where it fits its column; others stay for the column of the rest."""
    value: Any = features.get(name)
    least, most = FEATURES[name]
    if type(value) not in (int, float) or not least <= value <= most:
        return ""
    if (name == "tempo" and value == 0) or (name == "key" and value < 0):
        return ""
    if name in ("key", "mode") and value != int(value):
        return ""
    return features.pop(name)


def _whole(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "location"}


def _identifiers(record: Record) -> list[str]:
    found = [f"isrc:{record['isrc']}"] if record["isrc"] else []
    origin, origin_id = record.get("origin"), record.get("origin_id")
    if origin == "spotify":
        found.append(f"https://open.spotify.com/track/{origin_id}")
    if origin == "musicbrainz":
        found.append(f"https://musicbrainz.org/recording/{origin_id}")
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _element(name: str, value: Any) -> str:
    return f"<{name}>{escape(_NOT_XML.sub('', str(value)))}</{name}>"


def _line(text: str) -> str:
    return " ".join(str(text).split())


def _ms(record: Record) -> int:
    return round(record["duration_s"] * 1000)
