"""Songs that have every word of a query in title, artist or album, best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

Meanings = Sequence[Mapping[str, int]]

#: What a kind of match costs (see `spelling`); places in a title cost less than that.
STEP = 200
#: A word that only the artist or only the album has stands behind any place in the title.
OF_ARTIST, OF_ALBUM = 50, 100
#: Words of names that match in artist or album: as many as a long title's.
LONG = 99
#: Songs with the rarest word of a query that are looked at for the others.
MOST_FIRST = 1500


class Found(NamedTuple):
    """What a name lacks; less is better."""

    cost: int
    words: int


#: Where a word may stand: what that costs, and the songs, best first (99: `LONG`).
_PLACES = (
    (
        0,
        "SELECT song_id, place, words FROM catalog_titleword WHERE word IN ({words}) "
        "ORDER BY place, words LIMIT {limit}",
    ),
    (
        OF_ARTIST,
        "SELECT s.id, 0, 99 FROM catalog_artistword a "
        "JOIN catalog_song s ON s.artist_id = a.artist_id WHERE a.word IN ({words}) LIMIT {limit}",
    ),
    (
        OF_ALBUM,
        "SELECT s.id, 0, 99 FROM catalog_albumword a "
        "JOIN catalog_song s ON s.album_id = a.album_id WHERE a.word IN ({words}) LIMIT {limit}",
    ),
)
_IN_TITLES = (
    "SELECT t.song_id, t.word, t.place, t.words FROM catalog_titleword t WHERE t.word IN ({words}) "
)
_AND_TITLE = (
    "AND EXISTS (SELECT 1 FROM catalog_titleword x "
    "WHERE x.song_id = t.song_id AND x.word IN ({words})) "
)
_COUNTS = """
SELECT (SELECT COUNT(*) FROM catalog_titleword WHERE word IN ({words}))
  + 10 * (SELECT COUNT(*) FROM catalog_artistword WHERE word IN ({words}))
  + 10 * (SELECT COUNT(*) FROM catalog_albumword WHERE word IN ({words}))"""
_WORDS_OF_SONGS = """
SELECT t.song_id, 0, t.word, t.place, t.words FROM catalog_titleword t
  WHERE t.song_id IN ({songs}) AND t.word IN ({words})
UNION ALL
SELECT s.id, {of_artist}, a.word, 0, {long} FROM catalog_song s
  JOIN catalog_artistword a ON a.artist_id = s.artist_id
  WHERE s.id IN ({songs}) AND a.word IN ({words})
UNION ALL
SELECT s.id, {of_album}, a.word, 0, {long} FROM catalog_song s
  JOIN catalog_albumword a ON a.album_id = s.album_id
  WHERE s.id IN ({songs}) AND a.word IN ({words})"""


def songs_with(meanings: Meanings, limit: int) -> dict[UUID, Found]:
    """{song: what it lacks} of the best `limit` songs that have every word."""
    if not meanings or not all(meanings):
        return {}
    with connection.cursor() as cursor:
        if len(meanings) == 1:
            found = _having(cursor, meanings[0], limit)
        else:
            rarest = min(range(len(meanings)), key=lambda at: _count(cursor, meanings[at]))
            others = [means for at, means in enumerate(meanings) if at != rarest]
            found = _in_titles(cursor, meanings[rarest], others)
            for pk, lack in _having(cursor, meanings[rarest], MOST_FIRST).items():
                found.setdefault(pk, lack)
            found = _having_too(cursor, found, others)
    best = sorted(found.items(), key=lambda row: row[1])[:limit]
    return {pk if isinstance(pk, UUID) else UUID(pk): lack for pk, lack in best}


def _having(cursor: Any, means: Mapping[str, int], limit: int) -> dict[Any, Found]:
    """Songs with the word. Each look-up finds what is worse than all before, so that a frequent
    word is done after the first.
    """
    found: dict[Any, Found] = {}
    for kind in sorted(set(means.values())):
        words = [word for word, of_kind in means.items() if of_kind == kind]
        for cost, sql in _PLACES:
            cursor.execute(sql.format(words=_marks(words), limit=limit), words)
            for pk, place, number in cursor.fetchall():
                found.setdefault(pk, Found(STEP * kind + cost + place, number))
            if len(found) >= limit:
                return found
    return found


def _in_titles(
    cursor: Any, means: Mapping[str, int], others: Sequence[Mapping[str, int]]
) -> dict[Any, Found]:
    """Songs with the word whose titles have all the others; they are found however many have it."""
    sql = _IN_TITLES.format(words=_marks(means))
    sql += "".join(_AND_TITLE.format(words=_marks(words)) for words in others)
    values = [*means, *(word for words in others for word in words)]
    cursor.execute(f"{sql} ORDER BY t.place, t.words LIMIT {MOST_FIRST}", values)
    found: dict[Any, Found] = {}
    for pk, word, place, number in cursor.fetchall():
        lack = Found(STEP * means[word] + place, number)
        found[pk] = min(lack, found.get(pk, lack))
    return found


def _count(cursor: Any, means: Mapping[str, int]) -> int:
    """About how many songs have the word."""
    cursor.execute(_COUNTS.format(words=_marks(means)), [*means] * 3)
    return int(cursor.fetchone()[0])


def _having_too(
    cursor: Any, found: dict[Any, Found], others: Sequence[Mapping[str, int]]
) -> dict[Any, Found]:
    """Those of the songs that have the other words, too."""
    if not found:
        return {}
    songs, words = list(found), list(dict.fromkeys(word for means in others for word in means))
    sql = _WORDS_OF_SONGS.format(
        songs=_marks(songs), words=_marks(words), of_artist=OF_ARTIST, of_album=OF_ALBUM, long=LONG
    )
    cursor.execute(sql, [*songs, *words] * 3)
    best: dict[Any, list[Found | None]] = {pk: [None] * len(others) for pk in songs}
    for pk, cost, word, place, number in cursor.fetchall():
        for at, means in enumerate(others):
            if word in means:
                lack = Found(STEP * means[word] + cost + place, number)
                before = best[pk][at]
                best[pk][at] = lack if before is None else min(before, lack)
    whole = {}
    for pk, parts in best.items():
        lacks = [found[pk], *(part for part in parts if part is not None)]
        if len(lacks) == len(others) + 1:
            whole[pk] = Found(sum(one.cost for one in lacks), min(one.words for one in lacks))
    return whole


def _marks(values: Any) -> str:
    return ", ".join(["%s"] * len(values))
