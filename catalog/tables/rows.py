"""What readers yield, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID


class Trouble(NamedTuple):
    """Something wrong with a row: a stable code, and words for people."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Item:
    """One row as a reader found it.

    Attributes
    ----------
    place : number of the line, or of the track in a playlist
    values : {our name of a column: what stands there}, unchecked; None where it cannot be read
    troubles : what the reader already knows to be wrong
    """

    place: str
    values: dict[str, Any] | None
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """An opened file.

    Attributes
    ----------
    format : its name, see `catalog.tables.formats.FORMATS`
    origin : what its songs' `origin` is where neither they nor the importer say
    items : its rows, streamed
    total : how many rows there are, about; None where that shows at the end only
    named : whether it has a place for titles at all
    own : whether we wrote it, so that judgements and ids in it are to be restored
    notes : what people should know of the file as a whole
    columns : {our name: theirs} as mapped, for tables with a header
    """

    format: str
    origin: str
    items: Iterator[Item]
    total: int | None = None
    named: bool = True
    own: bool = False
    notes: tuple[Trouble, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)


class Judgement(NamedTuple):
    """That a song has a mood, or lacks it, see `catalog.models.Annotation`."""

    mood: str
    source: str
    present: bool = True
    confidence: float | None = None
    detail: str = ""


class Placed(NamedTuple):
    """Where a song lies, see `catalog.models.Placement`."""

    source: str
    valence: float | None
    arousal: float | None
    ambiguous: bool = False
    detail: str = ""


@dataclass(slots=True)
class Row:
    """A checked row; empty where the file says nothing.

    `title` and `artist` are "" where the file has none: `stand_in` then names a new song, and one
    that is known keeps its name.
    """

    place: str
    title: str = ""
    artist: str = ""
    stand_in: str = ""
    album: str = ""
    album_artist: str = ""
    album_year: int | None = None
    track_number: int | None = None
    year: int | None = None
    genre: str = ""
    language: str = ""
    explicit: bool | None = None
    isrc: str = ""
    duration_s: float | None = None
    licence: str = ""
    credit: str = ""
    piece: str = ""
    id: UUID | None = None
    origin: str = ""
    origin_id: str = ""
    hidden: bool = False
    features: dict[str, Any] = field(default_factory=dict)
    judgements: list[Judgement] = field(default_factory=list)
    placements: list[Placed] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
