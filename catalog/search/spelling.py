"""Which words of the vocabulary a word of a query may mean."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from catalog.search import sqlite
from catalog.search.distance import edits
from catalog.search.install import dialect

#: How a word of the vocabulary answers one of the query, best first.
EXACT, PREFIX, INSIDE, ONE_TYPO, TWO_TYPOS = range(5)
#: Words of each kind that are looked for.
MOST = 32
#: Letters from which on a word may lie inside another, or hold one typo, or two.
FOR_INSIDE, FOR_ONE, FOR_TWO = 3, 4, 8
#: Words alike by their trigrams whose distance is measured.
MEASURED = 400
#: Share of trigrams (pg_trgm's similarity) from which on words are alike: two typos in eight
#: letters leave 3 of 15, and a swap of neighbours costs more.
ALIKE = 0.12
LAST = "\U0010ffff"


def as_written(word: str) -> dict[str, int]:
    """{word of the vocabulary: kind} of the word itself and of those that begin with it; {} where
    it is unknown.
    """
    with connection.cursor() as cursor:
        return {one: EXACT if one == word else PREFIX for one in _beginning(cursor, word)}


def guessed(word: str) -> dict[str, int]:
    """{word of the vocabulary: kind} of those that hold the word or that it may be misspelt for."""
    with connection.cursor() as cursor:
        inside = _inside(cursor, word) if len(word) >= FOR_INSIDE else []
    return {**_misspelt(word), **dict.fromkeys(inside, INSIDE)}


def _misspelt(word: str) -> dict[str, int]:
    if len(word) < FOR_ONE:
        return {}
    most = 2 if len(word) >= FOR_TWO else 1
    far = {one: edits(word, one, most) for one in _alike(word, most)}
    near = sorted((distance, one) for one, distance in far.items() if 0 < distance <= most)
    return {one: ONE_TYPO if distance == 1 else TWO_TYPOS for distance, one in near[:MOST]}


def _beginning(cursor: Any, word: str) -> list[str]:
    if connection.vendor == "sqlite":
        where, values = "word >= %s AND word < %s", [word, word + LAST]
    else:
        where, values = "word LIKE %s", [_like(word) + "%"]
    return _words(cursor, f"{where} ORDER BY length(word), word", values, MOST)


def _inside(cursor: Any, word: str) -> list[str]:
    if connection.vendor != "sqlite":
        where, values = "word LIKE %s", [f"%{_like(word)}%"]
    elif sqlite.trigrams_present(cursor):
        where, values = f"id IN ({_matching()})", [f'"{word}"']
    else:
        where, values = "instr(word, %s) > 0", [word]
    return _words(cursor, f"{where} ORDER BY length(word), word", values, MOST)


def _alike(word: str, most: int) -> list[str]:
    with connection.cursor() as cursor:
        trigrams = dialect(connection).trigrams_present(cursor)
        if not trigrams:
            bounds = [len(word) - most, len(word) + most]
            return _words(cursor, "length(word) BETWEEN %s AND %s", bounds)
        if connection.vendor == "sqlite":
            parts = " OR ".join(f'"{part}"' for part in _trigrams(word))
            where = f"id IN ({_matching()} ORDER BY rank LIMIT {MEASURED})"
            return _words(cursor, where, [parts])
    with transaction.atomic(), connection.cursor() as cursor:
        # For this transaction alone: the connection may serve others in between (pgbouncer).
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        where = "word %% %s AND length(word) BETWEEN %s AND %s ORDER BY similarity(word, %s) DESC"
        values: list[Any] = [word, len(word) - most, len(word) + most, word]
        return _words(cursor, where, values, MEASURED)


def _words(cursor: Any, where: str, values: list[Any], most: int | None = None) -> list[str]:
    limit = f" LIMIT {most}" if most else ""
    cursor.execute(f"SELECT word FROM catalog_searchword WHERE {where}{limit}", values)  # noqa: S608
    return [word for (word,) in cursor.fetchall()]


def _matching() -> str:
    return f"SELECT rowid FROM {sqlite.TRIGRAMS} WHERE {sqlite.TRIGRAMS} MATCH %s"  # noqa: S608


def _trigrams(word: str) -> list[str]:
    """As the index has them: two spaces before, one behind."""
    padded = f"  {word} "
    return list(dict.fromkeys(padded[at : at + 3] for at in range(len(padded) - 2)))


def _like(word: str) -> str:
    """Folded words hold neither % nor _ nor a backslash; this does not rely on it."""
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
