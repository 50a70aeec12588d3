"""What stands in a row, checked: a `Row`, with what was wrong told."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from catalog.tables.columns import FEATURES
from catalog.tables.judged import judgements_read, moods_read, placements_read
from catalog.tables.licences import spdx
from catalog.tables.rows import Item, Row, Trouble

MAX_TITLE = 200
#: What is longer is cut, and told: {name: characters}.
CUT = {"album": 200, "genre": 60, "credit": 200, "licence": 60}
MAX_ORIGIN_ID = 200
MAX_DURATION_S = 24 * 3600.0
YEARS = range(1860, 2101)
#: A duration of unknown unit above this is in milliseconds: nearly three hours, or ten seconds.
MILLISECONDS_FROM = 10_000
#: Features of our own tables: how many, and numbers in a list of them.
MAX_FEATURES, MAX_NUMBERS = 100, 500
KEYS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
NOTHING = {"", "na", "n/a", "nan", "null", "none", "\\n"}
_TRUE, _FALSE = {"true", "1", "yes", "t", "y"}, {"false", "0", "no", "f", "n"}
#: Controls, halves of characters, and marks that turn the direction of what follows.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FEATURE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SPOTIFY = re.compile(r"(?:spotify:track:|https?://open\.spotify\.com/track/)([0-9A-Za-z]{22})")


@dataclass(frozen=True, slots=True)
class Rules:
    """How rows of one file are checked.

    Attributes
    ----------
    origin : of rows that name none; `force_origin` for all others too
    licence : of rows that name none
    detail : of judgements made by this table, see `Annotation.detail`
    moods : slugs of the moods there are
    own : whether ids and judgements of rows are to be restored
    named : whether the file has a place for titles
    """

    origin: str
    licence: str = ""
    detail: str = ""
    moods: frozenset[str] = frozenset()
    force_origin: bool = False
    own: bool = False
    named: bool = True


def row_make(item: Item, rules: Rules) -> Row | None:
    """The row of an item; None where there is nothing to read. Whether it can be a song says
    `row_refusal`."""
    if item.values is None:
        return None
    get = item.values.get
    row = Row(item.place, troubles=list(item.troubles))
    _names(row, get, rules)
    _origin(row, get, rules)
    _facts(row, get)
    row.licence = _cut(row, "licence", spdx(_text(row, get("licence"), "licence"))) or rules.licence
    _features(row, item.values)
    moods_read(row, get("moods"), rules.moods, rules.detail)
    if rules.own:
        _own(row, get, rules)
    if not row.title and rules.named and row.origin_id and not row.id:
        words = f"No title; a new song is called {row.stand_in} until one is known."
        row.troubles.append(Trouble("no_title", words))
    return row


def row_refusal(row: Row) -> Trouble | None:
    """Why a row cannot be a song, if so."""
    if len(row.title) > MAX_TITLE:
        words = f"The title has {len(row.title):,} characters, more than {MAX_TITLE}."
        return Trouble("title_too_long", words)
    if len(row.artist) > MAX_TITLE:
        words = f"The artist has {len(row.artist):,} characters, more than {MAX_TITLE}."
        return Trouble("artist_too_long", words)
    if len(row.origin_id) > MAX_ORIGIN_ID:
        words = f"The id has {len(row.origin_id):,} characters, more than {MAX_ORIGIN_ID}."
        return Trouble("id_too_long", words)
    if not row.title and not row.origin_id:
        return Trouble("no_title", "Neither a title nor an id: nothing says which song this is.")
    return None


def _names(row: Row, get: Any, rules: Rules) -> None:
    row.title = _text(row, get("title"), "title")
    artist = _text(row, get("artist"), "artist")
    if artist.startswith("['") and artist.endswith("']"):  # a Python list, as some tables have it
        artist = ", ".join(re.split(r"'\s*,\s*'", artist[2:-2]))
    # "NA" is R's word for nothing; as a title alone it may be one.
    if row.title == "NA" and artist in ("NA", ""):
        row.title = ""
    row.artist = "" if artist == "NA" and not row.title else artist
    album = _text(row, get("album"), "album")
    row.album = _cut(row, "album", "" if album == "NA" and not row.title else album)


def _origin(row: Row, get: Any, rules: Rules) -> None:
    row.origin_id = _text(row, get("origin_id"), "origin_id")
    row.origin = _text(row, get("origin"), "origin")[:40]
    if found := _SPOTIFY.fullmatch(row.origin_id):
        row.origin, row.origin_id = row.origin or "spotify", found[1]
    if rules.force_origin or not (row.origin or rules.own):
        row.origin = rules.origin
    row.stand_in = row.origin_id


def _facts(row: Row, get: Any) -> None:
    row.genre = _cut(row, "genre", _text(row, get("genre"), "genre"))
    row.credit = _cut(row, "credit", _text(row, get("credit"), "credit"))
    if language := _text(row, get("language"), "language"):
        if _LANGUAGE.fullmatch(language) and len(language) <= 12:
            row.language = language
        else:
            _told(row, "bad_language", f"{language[:40]!r} is no language tag")
    if isrc := _text(row, get("isrc"), "isrc").upper().replace("-", "").replace(" ", ""):
        if _ISRC.fullmatch(isrc):
            row.isrc = isrc
        else:
            _told(row, "bad_isrc", f"{isrc[:40]!r} is no ISRC")
    if (explicit := _plain(get("explicit"))) not in NOTHING:
        row.explicit = True if explicit in _TRUE else False if explicit in _FALSE else None
        if row.explicit is None:
            _told(row, "bad_explicit", f"{explicit[:40]!r} is neither yes nor no")
    year = _plain(get("year"))[:4]
    if year not in NOTHING and year != "0":
        if year.isascii() and year.isdigit() and int(year) in YEARS:
            row.year = int(year)
        else:
            _told(row, "bad_year", f"{year!r} is no year")
    number = _plain(get("track_number")).split("/")[0]
    if number not in NOTHING:
        if number.isascii() and number.isdigit() and int(number[:9]) < 32_768:
            row.track_number = int(number)
        else:
            _told(row, "bad_track_number", f"{number[:40]!r} is no number of a track")
    _duration(row, get)


def _duration(row: Row, get: Any) -> None:
    for name, unit in (("duration_s", 1.0), ("duration_ms", 0.001), ("duration", None)):
        text = _plain(get(name))
        if text in NOTHING:
            continue
        value = _clock(text) if ":" in text else _number(text)
        if value is not None and unit is None:
            unit = 0.001 if value >= MILLISECONDS_FROM and ":" not in text else 1.0
        if value is None or not 0 <= value * (unit or 1) <= MAX_DURATION_S:
            _told(row, "bad_duration", f"{text[:40]!r} is no duration")
        elif value:
            row.duration_s = value if unit == 1.0 else round(value * (unit or 1), 3)
        return


def _features(row: Row, values: dict[str, Any]) -> None:
    for name, (least, most) in FEATURES.items():
        given = values.get(name)
        if given is None or given == "":
            continue
        value = _number(given)
        if value is None:
            word = _plain(given)
            if word in NOTHING:
                continue
            value = _spoken(name, word)
        if value is None or not least <= value <= most:
            _told(row, "bad_feature", f"{name} is {str(given)[:40]!r}, not {least} to {most}")
        elif not ((name == "tempo" and value == 0) or (name == "key" and value < 0)):
            row.features[name] = int(value) if name in ("key", "mode") else value


def _own(row: Row, get: Any, rules: Rules) -> None:
    row.piece = _text(row, get("piece"), "piece")[:40]
    row.hidden = _plain(get("hidden")) in _TRUE
    try:
        row.id = UUID(str(get("id"))) if get("id") else None
    except ValueError:
        _told(row, "bad_id", "The id is none of ours")
    more = _parsed(row, get("features"), dict, "features")
    for name, value in list(more.items())[:MAX_FEATURES]:
        numbers = value if isinstance(value, list) else [value]
        fits = len(numbers) <= MAX_NUMBERS and all(
            type(one) in (int, float) and math.isfinite(one) for one in numbers
        )
        if _FEATURE.fullmatch(name) and fits:
            row.features[name] = value
        else:
            _told(row, "bad_feature", f"{name[:40]!r} is no measure")
    judged = _parsed(row, get("annotations"), list, "annotations")
    placed = _parsed(row, get("placements"), list, "placements")
    judgements_read(row, judged, rules.moods)
    placements_read(row, placed)


def _parsed(row: Row, given: Any, kind: type, name: str) -> Any:
    """A list or object given as such, or as JSON in a cell."""
    if isinstance(given, str) and given:
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, kind):
            _told(row, "bad_json", f"What stands under {name} is not what we write there")
    return given if isinstance(given, kind) else kind()


def _text(row: Row, given: Any, name: str) -> str:
    """A text without controls and doubled blanks, composed (NFC)."""
    if given is None or given == "":
        return ""
    text = given if isinstance(given, str) else str(given)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if _CONTROL.search(text):
        text = _CONTROL.sub(" ", text)
        row.troubles.append(
            Trouble("control_characters", f"Control characters are left out of {name}.")
        )
    return " ".join(text.split())


def _cut(row: Row, name: str, text: str) -> str:
    if len(text) > CUT[name]:
        row.troubles.append(
            Trouble(f"{name}_cut", f"{len(text):,} characters, cut to {CUT[name]}.")
        )
        return text[: CUT[name]].rstrip()
    return text


def _told(row: Row, code: str, words: str) -> None:
    row.troubles.append(Trouble(code, f"{words}; it is left out."))


def _plain(given: Any) -> str:
    return "" if given is None else str(given).strip().casefold()


def _number(given: Any) -> float | None:
    """A finite number; None for anything else, booleans included."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    try:
        value = float(given)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _clock(text: str) -> float | None:
    """Seconds of h:mm:ss or m:ss."""
    parts = [_number(part) for part in text.split(":")]
    if len(parts) > 3 or None in parts:
        return None
    return sum((part or 0) * 60**power for power, part in enumerate(reversed(parts)))


def _spoken(name: str, word: str) -> float | None:
    """A key or a mode in words: C#, Bb, major."""
    if name == "mode":
        return {"major": 1.0, "minor": 0.0}.get(word)
    if name != "key" or word[:1] not in KEYS:
        return None
    turn = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}.get(word[1:])
    return None if turn is None else float((KEYS[word[0]] + turn) % 12)
