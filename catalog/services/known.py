"""Which songs the catalogue has, so that an import finds them without a query for each row."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from catalog.models import Song
from catalog.tables.rows import Row

#: ASCII's punctuation, and the quotes, dashes and dots that word processors put in its place.
_MARKS = re.compile(r"[\s!-/:-@\[-`{-~\u2010-\u2015\u2018-\u201f\u2026]+")


def name_key(artist: str, title: str) -> str:
    """Artist and title without case, width, punctuation and doubled blanks."""
    return f"{_plain(artist)}\n{_plain(title)}"


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    folded = text.casefold()
    return _MARKS.sub(" ", folded).strip() or folded


class Known:
    """Everybody's songs by what identifies them, as of a revision.

    Keys are kept as hashes: a million songs then take some 300 MB instead of a gigabyte, and one
    wrong match is to be expected in ten million such catalogues.
    """

    def __init__(self) -> None:
        self.revision = -1
        #: Songs of listeners, which no table may touch.
        self.private: set[UUID] = set()
        self._songs: dict[int, UUID] = {}
        #: Songs without an id elsewhere, which may be the ones a table has ids for.
        self._bare: dict[int, UUID] = {}

    def refresh(self, revision: int) -> None:
        """Take in what changed since; `revision` is one that no later change has reached."""
        songs = (
            Song.objects.filter(revision__gt=self.revision)
            .order_by()
            .values_list(
                "pk", "piece", "origin", "origin_id", "isrc", "artist__name", "title", "owner_id"
            )
        )
        for pk, piece, origin, origin_id, isrc, artist, title, owner in songs.iterator(5000):
            if owner is not None:
                self.private.add(pk)
            self._learn(pk, piece, origin, origin_id, isrc, artist, title, owner is None)
        self.revision = revision

    def learn(self, pk: UUID, row: Row, artist: str) -> None:
        """Take in a song that is being made of a row."""
        title = row.title or row.stand_in
        self._learn(pk, row.piece, row.origin, row.origin_id, row.isrc, artist, title, True)

    def _learn(
        self,
        pk: UUID,
        piece: str,
        origin: str,
        origin_id: str,
        isrc: str,
        artist: str,
        title: str,
        public: bool,
    ) -> None:
        self._songs[hash(pk)] = pk
        if piece:
            self._songs[hash(("piece", piece))] = pk
        if origin_id:
            self._songs[hash((origin, origin_id))] = pk
        if not public:
            return
        for key in _names(isrc, artist, title):
            self._songs.setdefault(key, pk)
            if not origin_id:
                self._bare.setdefault(key, pk)

    def find(self, row: Row, artist: str, title: str, taken: set[UUID]) -> UUID | None:
        """The song that a row is about, or None.

        By our own id, by the piece, by origin and id; a row without these by ISRC, else by artist
        and title. A row that has an id elsewhere may also be a song that has none anywhere yet.
        A row with our own id is no other row's song (`taken`): two songs may have one name.
        """
        found = None
        if row.id is not None:
            found = self._songs.get(hash(row.id))
        if found is None and row.piece:
            found = self._songs.get(hash(("piece", row.piece)))
        if found is None and row.origin_id:
            found = self._songs.get(hash((row.origin, row.origin_id)))
        if found is not None:
            return found
        identified = row.id is not None or bool(row.origin_id)
        songs = self._bare if identified else self._songs
        for key in _names(row.isrc, artist, title):
            found = songs.get(key)
            if found is not None and not (row.id is not None and found in taken):
                return found
        return None


def _names(isrc: str, artist: str, title: str) -> list[int]:
    """Keys by what a recording is called, the surest first."""
    names = [hash(("name", name_key(artist, title)))] if title else []
    return [hash(("isrc", isrc)), *names] if isrc else names
