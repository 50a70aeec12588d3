"""Research sets whose files are no plain tables: FMA with Echo Nest, MTG-Jamendo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from catalog.tables.rows import Item, Trouble
from moodmusic.problems import DomainError

#: Headings of MTG-Jamendo's files; tags take all columns from the last on.
JAMENDO = ["TRACK_ID", "ARTIST_ID", "ALBUM_ID", "PATH", "DURATION", "TAGS"]
JAMENDO_NAMES = ["TRACK_ID", "ARTIST_ID", "ALBUM_ID", "TRACK_NAME", "ARTIST_NAME", "ALBUM_NAME"]


def jamendo_rows(lines: Iterator[str]) -> Iterator[Item]:
    """Tracks of a file of tags. It names neither titles nor artists; ids stand in for both."""
    width = len(JAMENDO)
    for number, line in enumerate(lines, start=1):
        fields = line.rstrip("\r\n").split("\t")
        if number == 1 or not line.strip():
            continue
        if len(fields) < width:
            words = _("%(number)d columns, where the header has %(width)d.") % {
                "number": len(fields),
                "width": width,
            }
            yield Item(str(number), None, (Trouble("wrong_columns", words),))
            continue
        yield Item(
            str(number),
            {
                "origin_id": fields[0],
                "artist": fields[1],
                "duration_s": fields[4],
                "moods": "\t".join(fields[width - 1 :]),
            },
        )


def echonest_rows(table: Any) -> Iterator[Item]:
    """Tracks of a JSON document as pandas writes one: {column: {row: value}}."""
    ids = table.get("track_id") if isinstance(table, dict) else None
    if not isinstance(ids, dict):
        raise DomainError(
            "not_a_table", _("The JSON has no column track_id with a value for each row.")
        )
    columns = [
        (name, column)
        for name, column in table.items()
        if isinstance(column, dict) and name != "track_id"
    ]
    for row, track in ids.items():
        values = {name: column.get(row) for name, column in columns}
        yield Item(str(row), {**values, "origin_id": track})
