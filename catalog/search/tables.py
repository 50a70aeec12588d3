"""Whose names are searched, and where their words are kept."""

from __future__ import annotations

from dataclasses import dataclass

#: Of everything the search puts into the database beside its tables.
PREFIX = "catalog_search_"


@dataclass(frozen=True, slots=True)
class Name:
    """`text` of `table` has its words in `words`, under `key`."""

    table: str
    text: str
    words: str
    key: str


NAMES = (
    Name("catalog_song", "title", "catalog_titleword", "song_id"),
    Name("catalog_artist", "name", "catalog_artistword", "artist_id"),
    Name("catalog_album", "title", "catalog_albumword", "album_id"),
)
