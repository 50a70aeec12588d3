"""Finding artists, albums and songs by a query, best first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from catalog.models import Album, Artist, Song
from catalog.search.folding import words_of
from catalog.search.song_rows import LONG, OF_ARTIST, STEP, Found, Meanings, songs_with
from catalog.search.spelling import as_written, guessed

#: Characters and words of a query that count.
LONGEST_QUERY, MOST_WORDS = 100, 8
#: Songs, the best ones, that one query finds; and that are looked at where filters leave few.
MOST_SONGS, MOST_LOOKED_AT = 500, 10_000
#: Under so many names as written, misspelt words and parts of words are looked for too; what has
#: several words as written was meant.
FEW, FEW_OF_SEVERAL = 25, 1

#: Artists or albums with every word: {hits} has a row for each word of the query that a name has.
_NAMES = """
WITH cand(q, word, tier) AS (VALUES {rows}), best AS (
  SELECT id, q, MIN(cost) AS cost, MIN(words) AS words FROM ({hits}) AS hit GROUP BY id, q)
SELECT id, SUM(cost), MIN(words) FROM best GROUP BY id HAVING COUNT(*) = {number}
ORDER BY 2, 3, id LIMIT {limit}"""
_ARTISTS = f"""
  SELECT a.artist_id AS id, c.q, c.tier * {STEP} + a.place AS cost, a.words
  FROM cand c JOIN catalog_artistword a ON a.word = c.word"""  # noqa: S608
_ALBUMS = f"""
  SELECT a.album_id AS id, c.q, c.tier * {STEP} + a.place AS cost, a.words
  FROM cand c JOIN catalog_albumword a ON a.word = c.word
  UNION ALL
  SELECT b.id, c.q, c.tier * {STEP} + {OF_ARTIST}, {LONG}
  FROM cand c JOIN catalog_artistword a ON a.word = c.word
  JOIN catalog_album b ON b.artist_id = a.artist_id"""  # noqa: S608


class Search:
    """One query; what its words may mean is looked up once for songs, artists and albums.

    Wildcards, quotes and operators are no words, so they mean nothing here.
    """

    def __init__(self, query: str) -> None:
        self.words = words_of(query[:LONGEST_QUERY])[:MOST_WORDS]
        self._written: list[dict[str, int]] | None = None
        self._guessed: dict[str, dict[str, int]] = {}

    def songs(self, among: QuerySet[Song]) -> list[UUID]:
        """Keys of at most `MOST_SONGS` songs that the query finds `among` them, best first."""
        few = FEW if len(self.words) == 1 else FEW_OF_SEVERAL
        found: list[UUID] = []
        for meanings in self._readings():
            found = self._best(among, meanings)
            if len(found) >= few:
                break
        return found

    def artists(self, among: QuerySet[Artist], most: int) -> list[Artist]:
        """The best `most` artists that the query finds among these."""
        return self._named(among, _ARTISTS, most)

    def albums(self, among: QuerySet[Album], most: int) -> list[Album]:
        """The best `most` albums that the query finds among these, by title or artist."""
        return self._named(among, _ALBUMS, most)

    def _readings(self) -> Iterator[Meanings]:
        """What the words may mean: as written; then, where some are unknown, with guesses for
        those; at last with guesses for all.
        """
        if self._written is None:
            self._written = [as_written(word) for word in self.words]
        yield self._written
        if not all(self._written) and any(self._written):
            yield self._with_guesses(only_unknown=True)
        yield self._with_guesses(only_unknown=False)

    def _with_guesses(self, *, only_unknown: bool) -> Meanings:
        meanings = []
        for word, means in zip(self.words, self._written or (), strict=True):
            if not (only_unknown and means):
                if word not in self._guessed:
                    self._guessed[word] = guessed(word)
                means = {**self._guessed[word], **means}
            meanings.append(means)
        return meanings

    def _best(self, among: QuerySet[Song], meanings: Meanings) -> list[UUID]:
        """The best `MOST_SONGS`; where the filters leave few of those, of `MOST_LOOKED_AT`."""
        rows = songs_with(meanings, MOST_SONGS)
        found = _allowed(among, rows)
        if len(found) < FEW and len(rows) == MOST_SONGS:
            found = _allowed(among, songs_with(meanings, MOST_LOOKED_AT))
        return found[:MOST_SONGS]

    def _named(self, among: QuerySet[Any], hits: str, most: int) -> list[Any]:
        # Some are hidden or another's: look at more than are wanted.
        rows: list[Any] = []
        for meanings in self._readings():
            found = _names_with(hits, meanings, 20 * most)
            rows = list(among.filter(pk__in=found))
            if rows:
                break
        return sorted(rows, key=lambda row: (found[row.pk], str(row)))[:most]


def _allowed(among: QuerySet[Song], found: dict[UUID, Found]) -> list[UUID]:
    titles = dict(among.filter(pk__in=found).order_by().values_list("pk", "title"))
    return sorted(titles, key=lambda pk: (found[pk], titles[pk].casefold(), pk))


def _names_with(hits: str, meanings: Meanings, limit: int) -> dict[Any, Found]:
    """{key: what its name lacks} of the best `limit` that have every word."""
    values = [
        (number, word, kind)
        for number, means in enumerate(meanings)
        for word, kind in means.items()
    ]
    if not values or not all(meanings):
        return {}
    rows = ", ".join(["(%s, %s, %s)"] * len(values))
    sql = _NAMES.format(rows=rows, hits=hits, number=len(meanings), limit=limit)
    with connection.cursor() as cursor:
        cursor.execute(sql, [part for row in values for part in row])
        return {pk: Found(int(cost), words) for pk, cost, words in cursor.fetchall()}
