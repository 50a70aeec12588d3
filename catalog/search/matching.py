"""Names that hold every word of a query, best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from catalog.models import Album, Artist, Song
from catalog.search.folding import words_of
from catalog.search.spelling import as_written, misspelt

#: Characters and words of a query that count.
LONGEST_QUERY, MOST_WORDS = 100, 8
#: Songs, the best ones, that are looked at for one query.
MOST_SONGS = 5000
#: Under so many songs as written, misspelt words are looked for too.
FEW = 25
#: What a kind of match costs (see `spelling`); places in a title cost less than that.
STEP = 200
#: A word that only the artist or only the album has stands behind any place in the title.
OF_ARTIST, OF_ALBUM = 50, 100

Meanings = Sequence[Mapping[str, int]]


class Found(NamedTuple):
    """What the names lack; less is better."""

    cost: int
    words: int


_CAND = "WITH cand(q, word, tier) AS (VALUES {rows})"
_BEST = """, best AS (
  SELECT id, q, MIN(cost) AS cost, MIN(words) AS words FROM ({hits}) AS hit GROUP BY id, q)
SELECT id, SUM(cost), MIN(words) FROM best GROUP BY id HAVING COUNT(*) = {number}
ORDER BY 2, 3, id LIMIT {limit}"""
_IN_TITLE = """
  SELECT t.song_id AS id, c.q, c.tier * {step} + t.place AS cost, t.words
  FROM cand c JOIN catalog_titleword t ON t.word = c.word"""
_IN_ARTIST = """
  SELECT s.id, c.q, c.tier * {step} + {of_artist}, 99
  FROM cand c JOIN catalog_artistword a ON a.word = c.word
  JOIN catalog_song s ON s.artist_id = a.artist_id"""
_IN_ALBUM = """
  SELECT s.id, c.q, c.tier * {step} + {of_album}, 99
  FROM cand c JOIN catalog_albumword a ON a.word = c.word
  JOIN catalog_song s ON s.album_id = a.album_id"""
_ARTISTS = """
  SELECT a.artist_id AS id, c.q, c.tier * {step} + a.place AS cost, a.words
  FROM cand c JOIN catalog_artistword a ON a.word = c.word"""
_ALBUMS = """
  SELECT a.album_id AS id, c.q, c.tier * {step} + a.place AS cost, a.words
  FROM cand c JOIN catalog_albumword a ON a.word = c.word
  UNION ALL
  SELECT b.id, c.q, c.tier * {step} + {of_artist}, 99
  FROM cand c JOIN catalog_artistword a ON a.word = c.word
  JOIN catalog_album b ON b.artist_id = a.artist_id"""
_SONGS = " UNION ALL ".join((_IN_TITLE, _IN_ARTIST, _IN_ALBUM))


class Search:
    """One query; what its words may mean is looked up once for songs, artists and albums."""

    def __init__(self, query: str) -> None:
        self.words = words_of(query[:LONGEST_QUERY])[:MOST_WORDS]
        self._written: list[dict[str, int]] | None = None
        self._misspelt: list[dict[str, int]] | None = None

    def songs(self, among: QuerySet[Song]) -> list[UUID]:
        """Keys of the songs that the query finds `among` them, best first."""
        found = self._allowed(among, self._rows(_SONGS, self.written, MOST_SONGS))
        if len(found) < FEW and self.words:
            found = self._allowed(among, self._rows(_SONGS, self.misspelt, MOST_SONGS))
        return found

    def artists(self, among: QuerySet[Artist], most: int) -> list[Artist]:
        """The best `most` artists that the query finds among these."""
        return self._named(among, _ARTISTS, most)

    def albums(self, among: QuerySet[Album], most: int) -> list[Album]:
        """The best `most` albums that the query finds among these, by title or artist."""
        return self._named(among, _ALBUMS, most)

    @property
    def written(self) -> Meanings:
        """What each word means if it is spelt right."""
        if self._written is None:
            self._written = [as_written(word) for word in self.words]
        return self._written

    @property
    def misspelt(self) -> Meanings:
        """The same, and what each may be misspelt for."""
        if self._misspelt is None:
            pairs = zip(self.words, self.written, strict=True)
            self._misspelt = [{**misspelt(word), **means} for word, means in pairs]
        return self._misspelt

    def _allowed(self, among: QuerySet[Song], found: dict[Any, Found]) -> list[UUID]:
        titles = dict(among.filter(pk__in=found).order_by().values_list("pk", "title"))
        return sorted(titles, key=lambda pk: (found[pk], titles[pk].casefold(), pk))

    def _named(self, among: QuerySet[Any], hits: str, most: int) -> list[Any]:
        # Some are hidden or another's: look at more than are wanted.
        found = self._rows(hits, self.written, 20 * most)
        if len(found) < most and self.words:
            found = self._rows(hits, self.misspelt, 20 * most)
        rows = sorted(among.filter(pk__in=found), key=lambda row: (found[row.pk], str(row)))
        return rows[:most]

    def _rows(self, hits: str, meanings: Meanings, limit: int) -> dict[Any, Found]:
        """{key: what its names lack} of what has every word, the best `limit`."""
        values = [
            (number, word, kind)
            for number, means in enumerate(meanings)
            for word, kind in means.items()
        ]
        if not values:
            return {}
        hits = hits.format(step=STEP, of_artist=OF_ARTIST, of_album=OF_ALBUM)
        rows = ", ".join(["(%s, %s, %s)"] * len(values))
        sql = _CAND.format(rows=rows) + _BEST.format(hits=hits, number=len(meanings), limit=limit)
        with connection.cursor() as cursor:
            cursor.execute(sql, [part for row in values for part in row])
            found = cursor.fetchall()
        return {_key(pk): Found(int(cost), words) for pk, cost, words in found}


def _key(pk: Any) -> Any:
    """SQLite keeps the UUIDs of songs as text."""
    return UUID(pk) if isinstance(pk, str) else pk
