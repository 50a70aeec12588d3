"""Playlists as XSPF, read without what XML can be abused for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from catalog.tables.jspf import EXTENSION, track_values
from catalog.tables.rows import Item
from moodmusic.problems import DomainError

NAMESPACE = "http://xspf.org/ns/0/"
MAX_DEPTH = 32
#: Characters of one track.
MAX_TRACK = 1024 * 1024
_PARTS = {"title", "creator", "album", "trackNum", "duration", "identifier"}


def xspf_rows(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Tracks of an XSPF document, as they are read.

    Raises
    ------
    DomainError
        broken_xml, or unsafe_xml: it declares a document type, which XSPF has none of and by which
        small files grow without bound or reach for others.
    """
    reader = _Reader()
    number = 0
    try:
        for chunk in chunks:
            reader.parser.Parse(chunk, False)
            for values in reader.taken():
                number += 1
                yield Item(str(number), values)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DomainError(
            "broken_xml", _("The XML is broken: %(reason)s.") % {"reason": error}
        ) from error


class _Reader:
    """Keeps the track that is being read, and those that are whole."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse
        self.path: list[str] = []
        self.track: dict[str, Any] | None = None
        self.own = False
        self.text: list[str] = []
        self.length = 0
        self.whole: list[dict[str, Any]] = []

    def taken(self) -> list[dict[str, Any]]:
        """The tracks read since it was last asked."""
        whole, self.whole = self.whole, []
        return whole

    def refuse(self, *args: object) -> None:
        raise DomainError(
            "unsafe_xml", _("The XML declares a document type or entities, which XSPF has none of.")
        )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self.path.append(local)
        if len(self.path) > MAX_DEPTH:
            words = _("The XML is more than %(most)d levels deep.") % {"most": MAX_DEPTH}
            raise DomainError("unsafe_xml", words)
        if len(self.path) == 1 and local != "playlist":
            raise DomainError("not_a_playlist", _("The XML is not an XSPF playlist."))
        if self.path == ["playlist", "trackList", "track"]:
            self.track, self.length = {"identifier": []}, 0
        if local == "extension" and self.track is not None:
            self.own = attributes.get("application") == EXTENSION
        self.text = []

    def data(self, text: str) -> None:
        if self.track is None:
            return
        self.length += len(text)
        if self.length > MAX_TRACK:
            words = _("A track has more than %(most)s characters.") % {"most": f"{MAX_TRACK:,}"}
            raise DomainError("unsafe_xml", words)
        self.text.append(text)

    def end(self, name: str) -> None:
        local = self.path.pop()
        if self.track is None:
            return
        text = "".join(self.text).strip()
        if len(self.path) == 2:
            self.whole.append(self.track.get("own") or track_values(self.track))
            self.track = None
        elif len(self.path) == 3 and local == "identifier":
            self.track["identifier"].append(text)
        elif len(self.path) == 3 and local in _PARTS:
            self.track[local] = text
        elif len(self.path) == 4 and self.own and local == "song":
            try:
                record = json.loads(text)
            except (ValueError, RecursionError):
                record = None
            if isinstance(record, dict):
                self.track["own"] = record
        self.text = []
