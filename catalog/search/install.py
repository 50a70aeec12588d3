"""Putting the search index into the database, and keeping it there.

Triggers write the index, so no change of a name can forget it: bulk writes and other programs
included. (On SQLite they call a function that MoodMusic's connections have; other programs that
write songs there are told "no such function: catalog_words".) SQLite drops a table's triggers when
a migration remakes the table, so after every `migrate` they are compared with what they should
be, and where any is missing all names are indexed anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections, transaction

from catalog.search import postgresql, sqlite
from catalog.search.tables import NAMES, PREFIX


def dialect(connection: Any) -> ModuleType:
    """The module that speaks this database's SQL."""
    return sqlite if connection.vendor == "sqlite" else postgresql


def search_install(*, using: str, **kwargs: Any) -> None:
    """Make what is missing; a handler of post_migrate, quick where nothing is."""
    connection = connections[using]
    sql = dialect(connection)
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if not {name.words for name in NAMES} <= tables:
            return  # an older state of the database was migrated to
        had = sql.trigrams_present(cursor)
        trigrams = sql.trigrams_prepare(connection)
        wanted = _named(sql, trigrams=trigrams)
        there = sql.trigger_names(cursor)
    if there != set(wanted) or had != trigrams:
        _index_anew(connection, wanted, there, trigrams=trigrams)


def _named(sql: ModuleType, *, trigrams: bool) -> dict[str, str]:
    """{name: SQL} of the triggers; a name tells by its digest what the trigger does."""
    made, functions = sql.triggers(trigrams=trigrams), "".join(sql.functions())
    return {
        (whole := f"{PREFIX}{name.removeprefix('catalog_')}_{_digest(body + functions)}"): (
            body.replace("{trigger}", whole)
        )
        for name, body in made
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _index_anew(
    connection: Any, wanted: dict[str, str], there: set[str], *, trigrams: bool
) -> None:
    sql = dialect(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for trigger in there:
            sql.trigger_drop(cursor, trigger)
        for statement in (*sql.functions(), *wanted.values()):
            cursor.execute(statement)
        for table in ("catalog_searchword", *(name.words for name in NAMES)):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        sql.fill(cursor, trigrams=trigrams)


@register(Tags.database)
def trigrams_there(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> Sequence[CheckMessage]:
    """W001: misspelt searches are slow in this database."""
    for alias in databases or ():
        connection = connections[alias]
        with connection.cursor() as cursor:
            if "catalog_searchword" not in connection.introspection.table_names(cursor):
                continue  # before the first `migrate`
            if not dialect(connection).trigrams_present(cursor):
                hint = (
                    "Use an SQLite of 3.34 or later with FTS5, then run `manage.py migrate` again."
                    if connection.vendor == "sqlite"
                    else postgresql.HINT
                )
                words = "The database cannot look up trigrams: misspelt searches are slow."
                return [Warning(words, hint=hint, id="catalog.W001")]
    return []
