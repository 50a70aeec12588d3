"""Rows of the database as JSON, and back again to the last microsecond."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, ForeignKey, Model

from catalog.models import HiddenArtist
from recommendations.models import Favourite, ListWishes, Nudge, Play, Rating, Verdict

Row = dict[str, Any]
#: Kinds of rows that an edit may take away, by the name it keeps them under.
KINDS: dict[str, type[Model]] = {
    model.__name__: model
    for model in (Rating, Play, Verdict, Nudge, Favourite, HiddenArtist, ListWishes)
}
BATCH = 500


def row_of(one: Model) -> Row:
    """{column: value}, values as JSON has them."""
    return {
        field.attname: _plain(getattr(one, field.attname)) for field in one._meta.concrete_fields
    }


def rows_restore(kind: str, rows: Iterable[Row]) -> int:
    """Insert rows as they were, with their keys and times; the number of those that came back.

    What was said anew meanwhile stands. Rows whose song or artist is gone do not come back; those
    whose list is gone come back without it.
    """
    model = KINDS[kind]
    wanted = _whole(model, [_object(model, row) for row in rows])
    # Times that an insert sets itself; they are set again behind it.
    times = [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, DateTimeField) and (field.auto_now or field.auto_now_add)
    ]
    kept = [[getattr(one, name) for name in times] for one in wanted]
    before = _keys(model, wanted)
    model._default_manager.bulk_create(wanted, batch_size=BATCH, ignore_conflicts=True)
    for one, values in zip(wanted, kept, strict=True):
        for name, value in zip(times, values, strict=True):
            setattr(one, name, value)
    new = _keys(model, wanted) - before
    back = [one for one in wanted if one.pk in new]
    if times:
        model._default_manager.bulk_update(back, times, batch_size=BATCH)
    return len(back)


def _keys(model: type[Model], rows: list[Model]) -> set[Any]:
    found = model._default_manager.filter(pk__in=[one.pk for one in rows])
    return set(found.values_list("pk", flat=True))


def _object(model: type[Model], row: Row) -> Model:
    columns = {field.attname: field for field in model._meta.concrete_fields}
    return model(
        **{name: columns[name].to_python(value) for name, value in row.items() if name in columns}
    )


def _whole(model: type[Model], rows: list[Model]) -> list[Model]:
    """The rows whose references still lead somewhere, optional ones that do not emptied."""
    for field in model._meta.concrete_fields:
        if not isinstance(field, ForeignKey):
            continue
        named = {getattr(one, field.attname) for one in rows} - {None}
        there = field.remote_field.model._default_manager.filter(pk__in=named)
        gone = named - set(there.values_list("pk", flat=True))
        # A favourite without its artist would be none.
        needed = not field.null or field.name == "artist"
        if needed:
            rows = [one for one in rows if getattr(one, field.attname) not in gone]
        for one in rows:
            if getattr(one, field.attname) in gone:
                setattr(one, field.attname, None)
    return rows


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
