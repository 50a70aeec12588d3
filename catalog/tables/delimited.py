"""Tables with a header and delimiters: CSV, TSV and their like."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from django.utils.translation import gettext as _

from catalog.tables.columns import columns_map, delimiter_of
from catalog.tables.rows import Item, Trouble
from catalog.tables.text import MAX_LINE, Text
from moodmusic.problems import DomainError

#: Lines that one quoted row may take; an open quote that runs on further is a broken one.
MAX_LINES = 50


def header_of(text: Text) -> tuple[list[str], str]:
    """The headings and the delimiter; raises DomainError (not_a_table) without a header."""
    line = next((line for line in text.head.splitlines() if line.strip()), "")
    if not line:
        raise DomainError("empty_file", _("The file is empty."))
    delimiter = delimiter_of(line)
    fields = _fields(line, delimiter)
    if fields is None:
        raise DomainError("not_a_table", _("The first line is no header of a table."))
    return fields, delimiter


def delimited_rows(
    text: Text, header: list[str], delimiter: str, columns: dict[str, int]
) -> Iterator[Item]:
    """The rows below the header. A broken quote costs its own line, not those after it."""
    where = list(columns.items())
    width = len(header)
    records = _records(text.read_lines(), delimiter, width)
    next(records, None)
    for number, fields in records:
        place = str(number)
        if isinstance(fields, Trouble):
            yield Item(place, None, (fields,))
        elif len(fields) != width:
            words = _("%(number)d columns, where the header has %(width)d.") % {
                "number": len(fields),
                "width": width,
            }
            yield Item(place, None, (Trouble("wrong_columns", words),))
        else:
            yield Item(place, {name: fields[index] for name, index in where})


def _records(
    lines: Iterator[str], delimiter: str, width: int
) -> Iterator[tuple[int, list[str] | Trouble]]:
    """(number of the first line, fields or what is wrong) of each row that is not blank."""
    waiting: deque[str] = deque()
    number = 0

    def following() -> str:
        return waiting.popleft() if waiting else next(lines, "")

    while line := following():
        number += 1
        if not line.strip():
            continue
        if len(line) >= MAX_LINE and not line.endswith("\n"):
            yield number, _too_long()
            while (rest := following()) and not rest.endswith("\n"):
                pass
            continue
        if line.count('"') % 2 == 0:
            yield number, _fields(line, delimiter) or _broken_quotes()
            continue
        # A quoted field goes on in the next lines, or its quote is broken and they are rows.
        taken = [line]
        while len(taken) < MAX_LINES and (more := following()):
            taken.append(more)
            if more.count('"') % 2:
                break
        fields = _fields("".join(taken), delimiter)
        if fields is not None and len(fields) == width and "".join(taken).count('"') % 2 == 0:
            yield number, fields
            number += len(taken) - 1
        else:
            yield number, _broken_quotes()
            waiting.extendleft(reversed(taken[1:]))


def _broken_quotes() -> Trouble:
    words = _("A quotation mark in this line is not closed, or out of place.")
    return Trouble("broken_quotes", words)


def _too_long() -> Trouble:
    words = _("The line has more than %(most)s characters.") % {"most": f"{MAX_LINE:,}"}
    return Trouble("line_too_long", words)


def _fields(text: str, delimiter: str) -> list[str] | None:
    """The fields of one row; None where its quotes are broken."""
    if '"' not in text:
        return text.rstrip("\r\n").split(delimiter)
    try:
        return next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return None


def columns_of(
    header: list[str], *, own: bool, given: dict[str, str] | None
) -> tuple[dict[str, int], dict[str, str]]:
    """Where our columns stand, and under which headings.

    Raises
    ------
    DomainError
        not_a_table: nothing in the header says which song a row is about.
    """
    columns = columns_map(header, own=own, given=given)
    if not {"title", "origin_id", "isrc"} & columns.keys():
        names = ", ".join(header)[:200]
        raise DomainError(
            "not_a_table",
            _("No column names songs (title, track_name, track_id, isrc ...), only: %(names)s")
            % {"names": names},
        )
    return columns, {ours: header[index] for ours, index in columns.items()}
