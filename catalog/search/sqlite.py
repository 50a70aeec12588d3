"""The search index on SQLite: triggers call our folding, FTS5 finds words by trigrams."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError, transaction

from catalog.search.folding import words_json
from catalog.search.tables import NAMES, PREFIX, Name

TRIGRAMS = "catalog_search_trigrams"
WORDS_FUNCTION = "catalog_words"

#: Two spaces before and one behind let a word's ends count as much as its middle.
_VOCABULARY = f"""
CREATE TRIGGER {{trigger}} AFTER INSERT ON catalog_searchword BEGIN
  INSERT INTO {TRIGRAMS}(rowid, word) VALUES (NEW.id, '  ' || NEW.word || ' ');
END"""  # noqa: S608


def function_register(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Give a new connection the function that the triggers call."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(WORDS_FUNCTION, 1, words_json, deterministic=True)


def _rows(name: Name, text: str, key: str, source: str = "") -> str:
    return f"""
  INSERT INTO {name.words}({name.key}, word, place, words)
    SELECT {key}, j.value, j.key, json_array_length({WORDS_FUNCTION}({text}))
    FROM {source} json_each({WORDS_FUNCTION}({text})) j;"""  # noqa: S608


def _forget(name: Name) -> str:
    return f"DELETE FROM {name.words} WHERE {name.key} = OLD.id;"  # noqa: S608


def triggers(*, trigrams: bool) -> list[tuple[str, str]]:
    """(name without its digest, SQL with a place for the whole name) of every trigger."""
    made = []
    for name in NAMES:
        on, rows = name.table, _rows(name, f"NEW.{name.text}", "NEW.id")
        made += [
            (f"{on}_added", f"CREATE TRIGGER {{trigger}} AFTER INSERT ON {on} BEGIN {rows} END"),
            (
                f"{on}_renamed",
                f"CREATE TRIGGER {{trigger}} AFTER UPDATE OF {name.text} ON {on} "
                f"WHEN NEW.{name.text} IS NOT OLD.{name.text} BEGIN {_forget(name)} {rows} END",
            ),
            (
                f"{on}_deleted",
                f"CREATE TRIGGER {{trigger}} AFTER DELETE ON {on} BEGIN {_forget(name)} END",
            ),
            (
                f"{name.words}_added",
                f"CREATE TRIGGER {{trigger}} AFTER INSERT ON {name.words} WHEN NOT EXISTS "  # noqa: S608
                "(SELECT 1 FROM catalog_searchword WHERE word = NEW.word) BEGIN "
                "INSERT INTO catalog_searchword(word) VALUES (NEW.word); END",
            ),
        ]
    return [*made, ("vocabulary", _VOCABULARY)] if trigrams else made


def trigrams_prepare(connection: Any) -> bool:
    """Make the FTS5 table; False where this SQLite has no FTS5 or no trigrams in it (3.34)."""
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {TRIGRAMS} "
                "USING fts5(word, content='', tokenize='trigram')"
            )
    except OperationalError:
        return False
    return True


def trigrams_present(cursor: Any) -> bool:
    cursor.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = %s", [TRIGRAMS])
    return cursor.fetchone() is not None


def trigger_names(cursor: Any) -> set[str]:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return {name for (name,) in cursor.fetchall() if name.startswith(PREFIX)}


def trigger_drop(cursor: Any, trigger: str) -> None:
    cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}")


def functions() -> list[str]:
    """Nothing to make in the database: `function_register` gives it to each connection."""
    return []


def fill(cursor: Any, *, trigrams: bool) -> None:
    """Index all names anew; the triggers are there already."""
    if trigrams:
        cursor.execute(f"INSERT INTO {TRIGRAMS}({TRIGRAMS}) VALUES ('delete-all')")  # noqa: S608
    for name in NAMES:
        cursor.execute(_rows(name, f"s.{name.text}", "s.id", f"{name.table} s,").rstrip(";"))
