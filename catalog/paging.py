"""Pages of the catalogue that cost the same wherever they lie: each goes on after a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


class Ranked(Generic[Row]):
    """Rows in the order of keys that a search found; fetches only the rows it is asked for."""

    def __init__(self, rows: QuerySet[Row], keys: Sequence[Any]) -> None:
        self.rows, self.keys = rows, keys

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, part: slice) -> list[Row]:
        found = self.rows.in_bulk(list(self.keys[part]))
        return [found[key] for key in self.keys[part] if key in found]


def rows_after(rows: QuerySet[Row], order: Sequence[str], last: Row | None) -> QuerySet[Row]:
    """The rows behind `last` (all without one), by field names, each with "-" for downwards."""
    rows = rows.order_by(*order)
    if last is None:
        return rows
    behind, same = Q(), Q()
    for name in order:
        field, step = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
        value = _value(last, field)
        behind |= same & Q(**{f"{field}__{step}": value})
        same &= Q(**{field: value})
    first = order[0].removeprefix("-")
    step = "lte" if order[0].startswith("-") else "gte"
    # Said once more on its own, so that the database begins at the right place of an index.
    return rows.filter(behind, **{f"{first}__{step}": _value(last, first)})


def _value(row: Any, field: str) -> Any:
    """A row's value of a field, also of what it refers to: `artist__name`."""
    for name in field.split("__"):
        row = getattr(row, name)
    return row


def key_of(text: str) -> UUID | None:
    """A song's key as an address names it; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
