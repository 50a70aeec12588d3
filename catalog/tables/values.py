"""What stands in a row, checked: a `Row`, with what was wrong told."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from catalog.tables.cells import (
    clock_of,
    cut_to,
    number_of,
    plain_of,
    spoken_of,
    text_of,
    told,
)
from catalog.tables.columns import FEATURES
from catalog.tables.judged import judgements_read, moods_read, placements_read
from catalog.tables.licences import spdx
from catalog.tables.rows import Item, Row, Trouble

MAX_TITLE = 200
MAX_ORIGIN_ID = 200
MAX_DURATION_S = 24 * 3600.0
YEARS = range(1860, 2101)
#: A duration of unknown unit above this is in milliseconds: nearly three hours, or ten seconds.
MILLISECONDS_FROM = 10_000
#: Features of our own tables: how many, and numbers in a list of them.
MAX_FEATURES, MAX_NUMBERS = 100, 500
NOTHING = {"", "na", "n/a", "nan", "null", "none", "\\n"}
_TRUE, _FALSE = {"true", "1", "yes", "t", "y"}, {"false", "0", "no", "f", "n"}
_WHOLE = re.compile(r"-?\d+")
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
    row.licence = (
        cut_to(row, "licence", spdx(text_of(row, get("licence"), "licence"))) or rules.licence
    )
    _features(row, item.values)
    moods_read(row, get("moods"), rules.moods, rules.detail)
    if rules.own:
        _own(row, get, rules)
    if not row.title and rules.named and row.origin_id and not row.id:
        words = _("No title; a new song is called %(name)s until one is known.") % {
            "name": row.stand_in
        }
        row.troubles.append(Trouble("no_title", words))
    return row


def row_refusal(row: Row) -> Trouble | None:
    """Why a row cannot be a song, if so."""
    if len(row.title) > MAX_TITLE:
        words = _("The title has %(number)s characters, more than %(most)d.") % {
            "number": f"{len(row.title):,}",
            "most": MAX_TITLE,
        }
        return Trouble("title_too_long", words)
    if len(row.artist) > MAX_TITLE:
        words = _("The artist has %(number)s characters, more than %(most)d.") % {
            "number": f"{len(row.artist):,}",
            "most": MAX_TITLE,
        }
        return Trouble("artist_too_long", words)
    if len(row.origin_id) > MAX_ORIGIN_ID:
        words = _("The id has %(number)s characters, more than %(most)d.") % {
            "number": f"{len(row.origin_id):,}",
            "most": MAX_ORIGIN_ID,
        }
        return Trouble("id_too_long", words)
    if not row.title and not row.origin_id:
        return Trouble("no_title", _("Neither a title nor an id: nothing says which song this is."))
    return None


def _names(row: Row, get: Any, rules: Rules) -> None:
    row.title = text_of(row, get("title"), "title")
    artist = text_of(row, get("artist"), "artist")
    if artist.startswith("['") and artist.endswith("']"):  # a Python list, as some tables have it
        artist = ", ".join(re.split(r"'\s*,\s*'", artist[2:-2]))
    # "NA" is R's word for nothing; as a title alone it may be one.
    if row.title == "NA" and artist in ("NA", ""):
        row.title = ""
    row.artist = "" if artist == "NA" and not row.title else artist
    album = text_of(row, get("album"), "album")
    row.album = cut_to(row, "album", "" if album == "NA" and not row.title else album)


def _origin(row: Row, get: Any, rules: Rules) -> None:
    row.origin_id = text_of(row, get("origin_id"), "origin_id")
    row.origin = text_of(row, get("origin"), "origin")[:40]
    if found := _SPOTIFY.fullmatch(row.origin_id):
        row.origin, row.origin_id = row.origin or "spotify", found[1]
    # A row that we wrote keeps what it says of its origin, even nothing.
    if rules.force_origin or not (row.origin or (rules.own and get("id"))):
        row.origin = rules.origin
    row.stand_in = row.origin_id


def _facts(row: Row, get: Any) -> None:
    row.genre = cut_to(row, "genre", text_of(row, get("genre"), "genre"))
    row.credit = cut_to(row, "credit", text_of(row, get("credit"), "credit"))
    if language := text_of(row, get("language"), "language"):
        if _LANGUAGE.fullmatch(language) and len(language) <= 12:
            row.language = language
        else:
            told(
                row,
                "bad_language",
                _("%(value)s is no language tag; it is left out.") % {"value": repr(language[:40])},
            )
    if isrc := text_of(row, get("isrc"), "isrc").upper().replace("-", "").replace(" ", ""):
        if _ISRC.fullmatch(isrc):
            row.isrc = isrc
        else:
            told(
                row,
                "bad_isrc",
                _("%(value)s is no ISRC; it is left out.") % {"value": repr(isrc[:40])},
            )
    if (explicit := plain_of(get("explicit"))) not in NOTHING:
        row.explicit = True if explicit in _TRUE else False if explicit in _FALSE else None
        if row.explicit is None:
            told(
                row,
                "bad_explicit",
                _("%(value)s is neither yes nor no; it is left out.")
                % {"value": repr(explicit[:40])},
            )
    row.year = _year(row, get("year"))
    number = plain_of(get("track_number")).split("/")[0]
    if number not in NOTHING:
        if number.isascii() and number.isdigit() and int(number[:9]) < 32_768:
            row.track_number = int(number)
        else:
            told(
                row,
                "bad_track_number",
                _("%(value)s is no number of a track; it is left out.")
                % {"value": repr(number[:40])},
            )
    _duration(row, get)


def _year(row: Row, given: Any) -> int | None:
    """The year that a date begins with."""
    year = plain_of(given)[:4]
    if year in NOTHING or year == "0":
        return None
    if year.isascii() and year.isdigit() and int(year) in YEARS:
        return int(year)
    told(row, "bad_year", _("%(value)s is no year; it is left out.") % {"value": repr(year)})
    return None


def _duration(row: Row, get: Any) -> None:
    for name, unit in (("duration_s", 1.0), ("duration_ms", 0.001), ("duration", None)):
        text = plain_of(get(name))
        if text in NOTHING:
            continue
        value = clock_of(text) if ":" in text else number_of(text)
        if value is not None and unit is None:
            unit = 0.001 if value >= MILLISECONDS_FROM and ":" not in text else 1.0
        if value is None or not 0 <= value * (unit or 1) <= MAX_DURATION_S:
            told(
                row,
                "bad_duration",
                _("%(value)s is no duration; it is left out.") % {"value": repr(text[:40])},
            )
        elif value:
            row.duration_s = value if unit == 1.0 else round(value * (unit or 1), 3)
        return


def _features(row: Row, values: dict[str, Any]) -> None:
    for name, (least, most) in FEATURES.items():
        given = values.get(name)
        if given is None or given == "":
            continue
        value = number_of(given)
        if value is None:
            word = plain_of(given)
            if word in NOTHING:
                continue
            value = spoken_of(name, word)
        if value is None or not least <= value <= most:
            words = _("%(column)s is %(value)s, not %(least)s to %(most)s; it is left out.")
            named = {"column": name, "value": repr(str(given)[:40]), "least": least, "most": most}
            told(row, "bad_feature", words % named)
        elif not ((name == "tempo" and value == 0) or (name == "key" and value < 0)):
            whole = name in ("key", "mode") or _WHOLE.fullmatch(str(given)) is not None
            row.features[name] = int(value) if whole else value


def _own(row: Row, get: Any, rules: Rules) -> None:
    row.piece = text_of(row, get("piece"), "piece")[:40]
    row.hidden = plain_of(get("hidden")) in _TRUE
    row.album_artist = text_of(row, get("album_artist"), "album_artist")[:MAX_TITLE]
    row.album_year = _year(row, get("album_year"))
    try:
        row.id = UUID(str(get("id"))) if get("id") else None
    except ValueError:
        told(row, "bad_id", _("The id is none of ours; it is left out."))
    more = _parsed(row, get("features"), dict, "features")
    for name, value in list(more.items())[:MAX_FEATURES]:
        numbers = value if isinstance(value, list) else [value]
        fits = len(numbers) <= MAX_NUMBERS and all(
            type(one) in (int, float) and math.isfinite(one) for one in numbers
        )
        if _FEATURE.fullmatch(name) and fits:
            row.features[name] = value
        else:
            told(
                row,
                "bad_feature",
                _("%(value)s is no measure; it is left out.") % {"value": repr(name[:40])},
            )
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
            words = _("What stands under %(column)s is not what we write there; it is left out.")
            told(row, "bad_json", words % {"column": name})
    return given if isinstance(given, kind) else kind()
