"""The search index on PostgreSQL: folding in SQL, and pg_trgm finds words by trigrams."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError, connection, transaction

from catalog.models.search import LONGEST_WORD
from catalog.search.folding import DROPPED, MOST_WORDS, SEPARATING, SPELT_OUT
from catalog.search.tables import NAMES, PREFIX, Name

logger = logging.getLogger(__name__)

TRIGRAMS = "catalog_search_trigrams"
#: What to do where the database's owner may not add the extension.
HINT = (
    "As a superuser of PostgreSQL run `CREATE EXTENSION pg_trgm` in this database (Debian has it "
    "in postgresql-contrib), then `manage.py migrate` again."
)


def functions() -> list[str]:
    """The steps of `catalog.search.folding` in SQL."""
    return [_fold_function(), _words_function()]


def _fold_function() -> str:
    letters = {letter: spelt for letter, spelt in SPELT_OUT.items() if len(spelt) == 1}
    lower = f"lower(regexp_replace(normalize(value, NFKD), '[{_quoted(DROPPED)}]', '', 'g')"
    # The database's own collation may know no letters but ASCII's.
    bare = f'{lower} COLLATE "und-x-icu")' if _has_icu() else f"{lower})"
    for letter, spelt in SPELT_OUT.items():
        if len(spelt) > 1:
            bare = f"replace({bare}, '{letter}', '{spelt}')"
    bare = f"translate({bare}, '{''.join(letters)}', '{''.join(letters.values())}')"
    return f"""
CREATE OR REPLACE FUNCTION catalog_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT btrim(regexp_replace(normalize({bare}, NFC), '[{_quoted(SEPARATING)}]+', ' ', 'g'))
$$"""


def _words_function() -> str:
    return f"""
CREATE OR REPLACE FUNCTION catalog_words(value text)
RETURNS TABLE (word text, place int, words int) LANGUAGE sql IMMUTABLE AS $$
  SELECT w, (row_number() OVER (ORDER BY min(p)))::int - 1,
         least(count(*) OVER (), {MOST_WORDS})::int
  FROM (SELECT left(w, {LONGEST_WORD}) AS w, p
        FROM regexp_split_to_table(catalog_fold(value), ' +') WITH ORDINALITY AS s(w, p)
        WHERE w <> '') AS cut
  GROUP BY w ORDER BY min(p) LIMIT {MOST_WORDS}
$$"""  # noqa: S608


def _quoted(characters: str) -> str:
    return characters.replace("'", "''")


def _has_icu() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'")
        return cursor.fetchone() is not None


def _rows(name: Name, source: str) -> str:
    return f"""
    INSERT INTO {name.words}({name.key}, word, place, words)
      SELECT n.id, w.word, w.place, w.words FROM {source} n, catalog_words(n.{name.text}) w;
"""  # noqa: S608


#: Without a unique constraint, so that nobody waits for another's transaction over a word.
_NEW_WORDS = """
    INSERT INTO catalog_searchword(word)
      SELECT DISTINCT n.word FROM {source} n
      WHERE NOT EXISTS (SELECT 1 FROM catalog_searchword s WHERE s.word = n.word);
"""


def _trigger(when: str, on: str, level: str, body: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION {{trigger}}() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN {body} RETURN NULL; END $$;
CREATE TRIGGER {{trigger}} AFTER {when} ON {on} {level} EXECUTE FUNCTION {{trigger}}()"""


def triggers(*, trigrams: bool) -> list[tuple[str, str]]:
    """(name without its digest, SQL with a place for the whole name) of every trigger.

    Bulk inserts are indexed as a whole. Updates are looked at row by row, because most change no
    name, and a row whose name stays costs nothing then.
    """
    made = []
    added = "REFERENCING NEW TABLE AS added FOR EACH STATEMENT"
    for name in NAMES:
        on, text = name.table, name.text
        forget = f"DELETE FROM {name.words} WHERE {name.key} = OLD.id;"  # noqa: S608
        renamed = f"FOR EACH ROW WHEN (NEW.{text} IS DISTINCT FROM OLD.{text})"
        one = _rows(name, f"(SELECT NEW.id, NEW.{text})")
        made += [
            (f"{on}_added", _trigger("INSERT", on, added, _rows(name, "added"))),
            (f"{on}_renamed", _trigger(f"UPDATE OF {text}", on, renamed, forget + one)),
            (f"{on}_deleted", _trigger("DELETE", on, "FOR EACH ROW", forget)),
            (
                f"{name.words}_added",
                _trigger("INSERT", name.words, added, _NEW_WORDS.format(source="added")),
            ),
        ]
    return made


def trigrams_prepare(connection: Any) -> bool:
    """Make the extension and its index; False, with words in the log, where that is refused."""
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {TRIGRAMS} "
                "ON catalog_searchword USING gin (word gin_trgm_ops)"
            )
    except DatabaseError as error:
        logger.warning("No pg_trgm: misspelt searches will be slow. %s (%s)", HINT, error)
        return False
    return True


def trigrams_present(cursor: Any) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [TRIGRAMS])
    return bool(cursor.fetchone()[0])


def trigger_names(cursor: Any) -> set[str]:
    cursor.execute(
        "SELECT DISTINCT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE pg_table_is_visible(pg_class.oid)"
    )
    return {name for (name,) in cursor.fetchall() if name.startswith(PREFIX)}


def trigger_drop(cursor: Any, trigger: str) -> None:
    cursor.execute(f"DROP FUNCTION IF EXISTS {trigger}() CASCADE")


def fill(cursor: Any, *, trigrams: bool) -> None:
    """Index all names anew; the triggers are there already."""
    for name in NAMES:
        cursor.execute(_rows(name, name.table))
