"""Who changed which song: history rows for changes that are made in bulk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from accounts.models import User
from catalog.models import Song

#: Songs of one statement; SQLite takes at most 32,766 parameters.
BATCH = 500


def history_write(
    *, song_ids: Collection[UUID], by: User | None, reason: str, created: bool = False
) -> None:
    """One history row a song, with its moods as they are now.

    Bulk writes send no signals, and the signals of a many-to-many change would leave one row for
    what was taken away and another for what was added. The rows are copied inside the database:
    an import writes as many of them as songs. The caller owns the transaction.
    """
    ids = iter(song_ids)
    while batch := list(islice(ids, BATCH)):
        _copy(batch, by, reason, "+" if created else "~")


def _copy(song_ids: list[UUID], by: User | None, reason: str, kind: str) -> None:
    history: Any = Song.history.model
    given = {
        "history_date": timezone.now(),
        "history_change_reason": reason,
        "history_type": kind,
        "history_user": by.pk if by is not None else None,
    }
    kept = [
        field
        for field in history._meta.concrete_fields
        if field.name not in given and not field.primary_key
    ]
    fields = {field.name: field for field in history._meta.concrete_fields}
    songs = [_prepared(Song._meta.pk, song_id) for song_id in song_ids]
    values = ", ".join([*(_quoted(field.column) for field in kept), *["%s"] * len(given)])
    songs_table = _quoted(Song._meta.db_table)
    statement = _insert(history, [*kept, *(fields[name] for name in given)])
    statement += f" SELECT {values} FROM {songs_table} WHERE id IN ({_marks(songs)})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [*(_prepared(fields[name], value) for name, value in given.items()), *songs],
        )
        _copy_moods(cursor, songs, _prepared(fields["history_date"], given["history_date"]))


def _copy_moods(cursor: Any, songs: list[Any], date: Any) -> None:
    """Moods of the songs to the history rows that were written just now."""
    snapshot: Any = apps.get_model("catalog", "HistoricalSong_moods")
    links: Any = Song.moods.through
    through = _quoted(links._meta.db_table)
    history = _quoted(Song.history.model._meta.db_table)
    columns = [snapshot._meta.get_field(name) for name in ("history", "id", "song", "mood")]
    cursor.execute(
        _insert(snapshot, columns) + " SELECT h.history_id, t.id, t.song_id, t.mood_id"  # noqa: S608 - our columns
        f" FROM {through} t JOIN {history} h ON h.id = t.song_id"
        f" WHERE t.song_id IN ({_marks(songs)}) AND h.history_date = %s ORDER BY t.id",
        [*songs, date],
    )


def _insert(model: Any, fields: Sequence[models.Field[Any, Any]]) -> str:
    columns = ", ".join(_quoted(field.column) for field in fields)
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({columns})"


def _prepared(field: Any, value: Any) -> Any:
    return field.get_db_prep_value(value, connection)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))
