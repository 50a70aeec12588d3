"""Importing a table: its rows become songs, its moods judgements.

The catalogue's revision is raised first in each batch, so writers follow one another, and what
others made since the last batch is known before it is decided which rows are new.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from uuid6 import uuid7

from accounts.models import User
from catalog.models import ImportRun, Mood
from catalog.selectors import revision_now
from catalog.services.imports import (
    Problem,
    Progress,
    Tally,
    import_advance,
    import_create,
    import_total,
    problems_note,
)
from catalog.services.known import Known
from catalog.services.revision import revision_next
from catalog.services.table_writes import UNKNOWN_ARTIST, Planned, Writer
from catalog.tables.formats import table_open
from catalog.tables.rows import Item, Row, Table, Trouble
from catalog.tables.values import Rules, row_make, row_refusal
from moodmusic.problems import DomainError

#: Rows of one transaction.
BATCH = 2000


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a table is imported, as `ImportRun.options` keeps it.

    Attributes
    ----------
    format : see `catalog.tables.formats.FORMATS`
    licence, origin : of all rows that name no licence, and of all rows
    columns : {our name: their heading}
    update : let the table's values replace those of songs that are there already
    stamp : size and time of the file when it was asked for, [bytes, ns]
    """

    format: str = "auto"
    licence: str = ""
    origin: str = ""
    columns: dict[str, str] | None = None
    update: bool = False
    stamp: list[int] | None = None


def table_import_create(
    *,
    path: Path,
    by: User | None,
    options: TableOptions,
    name: str = "",
    dry_run: bool = False,
    rung: bool = True,
) -> ImportRun:
    """Store a wish to import a table. See `import_create`; raises DomainError (file_missing)."""
    values = {one.name: getattr(options, one.name) for one in fields(options)}
    return import_create(
        kind=ImportRun.Kind.TABLE,
        path=str(path.resolve()),
        name=name or path.name,
        by=by,
        options={**values, "stamp": _stamp(path)},
        dry_run=dry_run,
        rung=rung,
    )


def table_import(run: ImportRun, progress: Progress) -> None:
    """Import a claimed run's table from where it is; a handler, see `catalog.services.imports`.

    Rows that a killed run had counted are read again, because later rows may be about the same
    songs, but not written again.

    Raises
    ------
    DomainError
        the file cannot be read, is no table, or changed after a part of it was imported.
    """
    options = TableOptions(**run.options)
    path = Path(run.path)
    if run.done and options.stamp != _stamp(path):
        raise DomainError(
            "file_changed", _("The file changed after a part of it was imported. Start it again.")
        )
    table = table_open(path, format=options.format, columns=options.columns, name=run.name)
    if table.total is not None:
        import_total(run=run, total=max(table.total, run.done))
    problems_note(run=run, problems=[Problem("file", *note) for note in table.notes])
    work = _Work(run, _rules(run, options, table), options.update)
    behind = run.done
    while items := list(islice(table.items, BATCH)):
        work.batch(items, behind)
        behind = max(behind - len(items), 0)
        progress(run)
    if work.unlicensed:
        words = ngettext(
            "%(number)s row names no licence; whether its song may be played to others is unknown. "
            "A licence for all of them can be given with the import.",
            "%(number)s rows name no licence; whether their songs may be played to others is "
            "unknown. A licence for all of them can be given with the import.",
            work.unlicensed,
        ) % {"number": f"{work.unlicensed:,}"}
        problems_note(run=run, problems=[Problem("file", "no_licence", words)])
    import_total(run=run, total=run.done)


def _private() -> Trouble:
    words = _("A listener's own song has this id; tables leave it alone.")
    return Trouble("private_song", words)


class _Work:
    """One run's way through its table."""

    def __init__(self, run: ImportRun, rules: Rules, update: bool) -> None:
        self.run, self.rules, self.update = run, rules, update
        self.known = Known()
        self.writer = Writer(by=run.by, reason=f"imported from {run.name}"[:100])
        #: Songs that rows of this file have been about.
        self.touched: set[UUID] = set()
        self.unlicensed = 0

    def batch(self, items: list[Item], behind: int) -> None:
        """Take the next rows, of which the first `behind` are counted and written already."""
        # Reading and checking needs no database: nobody waits for it.
        rows = [(item, row_make(item, self.rules)) for item in items]
        self.unlicensed += sum(row is not None and not row.licence for _item, row in rows)
        if self.run.dry_run:
            self.known.refresh(revision_now())
            self._decide(rows, behind, 0)
            return
        with transaction.atomic():
            revision = revision_next()
            self.known.refresh(revision)
            self._decide(rows, behind, revision)

    def _decide(self, rows: list[tuple[Item, Row | None]], behind: int, revision: int) -> None:
        problems: list[Problem] = []
        planned = Planned()
        refused = 0
        for number, (item, row) in enumerate(rows):
            refusal = self._refusal(item, row)
            counted = number < behind
            if row is None or refusal is not None:
                refused += not counted
                if not counted and refusal is not None:
                    problems.append(Problem(item.place, *refusal))
                continue
            artist = row.artist or UNKNOWN_ARTIST
            found = self.known.find(row, artist, row.title, self.touched)
            if found is not None and found in self.known.private:
                refused += not counted
                problems += [] if counted else [Problem(item.place, *_private())]
                continue
            if not counted:
                problems += [Problem(item.place, *trouble) for trouble in row.troubles]
            if found is not None:
                if not counted:
                    replaces = self.update and found not in self.touched
                    planned.known.append((found, row, replaces))
                self.touched.add(found)
            elif not counted:
                # Keys that grow are added to the end of every index: a fifth less time.
                pk = row.id or uuid7()
                self.known.learn(pk, row, artist)
                self.touched.add(pk)
                planned.new.append((pk, row))
        looked = max(len(rows) - behind, 0)
        if not looked:
            return
        changed = self.writer.write(planned, revision, dry_run=self.run.dry_run)
        problems_note(run=self.run, problems=problems)
        import_advance(
            run=self.run,
            tally=Tally(
                done=looked,
                created=len(planned.new),
                updated=changed,
                unchanged=len(planned.known) - changed,
                refused=refused,
            ),
        )

    def _refusal(self, item: Item, row: Row | None) -> Trouble | None:
        if row is None:
            return item.troubles[0]
        return row_refusal(row)


def _rules(run: ImportRun, options: TableOptions, table: Table) -> Rules:
    return Rules(
        origin=options.origin or table.origin,
        licence=options.licence,
        detail=run.name[:80],
        moods=frozenset(Mood.objects.values_list("slug", flat=True)),
        force_origin=bool(options.origin),
        own=table.own,
        named=table.named,
    )


def _stamp(path: Path) -> list[int]:
    try:
        found = path.stat()
    except OSError as error:
        reason = error.strerror or str(error)
        words = _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": reason}
        raise DomainError("file_missing", words) from error
    return [found.st_size, found.st_mtime_ns]
