"""What each app holds of a listener: to hand out, to let grow old, and to leave nothing of.

An app that keeps something of a listener says so once, in its `AppConfig.ready`, with
`register(Holding(...))` from a module of its own that is called `holdings` (see
`emotions/holdings.py`). A `Subject` becomes two files of the listener's download, JSON and CSV;
`told(query, "column", title="song__title")` makes its rows. Every model from which a foreign key
leads to the user, however far, is either named by a subject's `models` or has its reason in
`not_told`: `tests/accounts/test_export.py` walks over all of them. An `Ageing` names rows that
carry the mood of their time; once they are older than the listener lets moods be kept they are
deleted, or blanked where the row is worth keeping without its mood, and `purged` is called with the
user's id. What cascades do not reach when an account is deleted (files, history, caches, texts) is
removed by `erased`, after the rows are gone and inside the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.models import User

Row = dict[str, Any]
#: Rows that are read of the database at a time.
CHUNK = 2000


@dataclass(frozen=True)
class Subject:
    """One table of a listener's download; all its rows have the same columns."""

    #: Stem of its files' names.
    name: str
    #: What it is, in a sentence (lazily translated).
    about: Any
    rows: Callable[[User], Iterable[Row]]
    #: Labels of the models whose rows it tells, such as "emotions.Reading".
    models: tuple[str, ...]


def delete(rows: QuerySet[Any], before: datetime) -> None:
    """Let old rows go."""
    rows.delete()


def blank(**values: Any) -> Callable[[QuerySet[Any], datetime], None]:
    """Keep old rows without what tells the mood of their time."""

    def forget(rows: QuerySet[Any], before: datetime) -> None:
        rows.update(**values)

    return forget


@dataclass(frozen=True)
class Ageing:
    """Rows that carry the mood of their time, and what becomes of them when they are old."""

    name: str
    #: How many there are, in words: `words(3)` is "3 readings".
    words: Callable[[int], str]
    #: The listener's rows from before a time.
    rows: Callable[[User, datetime], QuerySet[Any]]
    #: Called with those and the time.
    forget: Callable[[QuerySet[Any], datetime], None] = delete


@dataclass(frozen=True)
class Holding:
    """All that one app holds of a listener."""

    app: str
    subjects: tuple[Subject, ...] = ()
    #: Label of a model -> why the download does not tell it.
    not_told: Mapping[str, str | Promise] = field(default_factory=dict)
    ageing: tuple[Ageing, ...] = ()
    #: Called with the user's id when something of that listener grew too old.
    purged: Callable[[int], None] | None = None
    #: Called with the id and the e-mail address of a user whose rows are gone.
    erased: Callable[[int, str], None] | None = None
    #: The listener's own files: name in the download, and place on the disk, safe to open; None for
    #: one that is not there.
    files: Callable[[User], Iterable[tuple[str, Path | None]]] | None = None


_HOLDINGS: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Say what an app holds; saying it again replaces what was said."""
    _HOLDINGS[holding.app] = holding


def holdings() -> list[Holding]:
    """What every app holds, in the order of registration: the apps below before those above."""
    return list(_HOLDINGS.values())


def leave_nothing(*, user_id: int, email: str) -> None:
    """Remove what cascades do not reach of a user whose rows are gone, in the same transaction."""
    for holding in holdings():
        if holding.erased:
            holding.erased(user_id, email)


def told(
    query: Callable[[User], QuerySet[Any]], *names: str, **renamed: str
) -> Callable[[User], Iterator[Row]]:
    """A subject's rows: the columns `names`, and `column="path__of__field"` under another name."""
    columns = {name: name for name in names} | renamed

    def rows(user: User) -> Iterator[Row]:
        values = query(user).values_list(*columns.values())
        for row in values.iterator(chunk_size=CHUNK):
            yield dict(zip(columns, row, strict=True))

    return rows
