"""One batch of a folder's files: looked up and read, then planned and written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.library.names import (
    UNKNOWN_ARTIST,
    clean,
    is_utf8,
    mood_of_folder,
    names_from_path,
    printable,
)
from catalog.library.readers import Readers
from catalog.library.reading import ReadFile
from catalog.library.refusals import Refused
from catalog.library.scan import Entry
from catalog.models import AudioFile, ImportRun
from catalog.services.analysis import analyses_request
from catalog.services.copies import copy_make, copy_name
from catalog.services.imports import Problem, Tally, import_advance, problems_note
from catalog.services.library import batch_write
from catalog.services.library_plan import Plan, Wishes, batch_plan, refuse_foreign
from catalog.services.refusal_words import refusal_words
from catalog.services.revision import revision_next
from catalog.services.shelves import Artists, Found, Shelf, files_known

#: Files and bytes of one batch.
BATCH, BATCH_BYTES = 50, 512 * 1024 * 1024
#: Seconds between signs of life while a large file is read; far below the lease.
PULSE_S = 30.0
#: Characters of a path, as in `AudioFile`.
LONGEST_PATH = 1000


@dataclass(slots=True)
class Work:
    """One folder on its way into the catalogue.

    Attributes
    ----------
    root : the folder, absolute and without links
    moods : keys of moods by the names of folders, in lower case; empty where folders say nothing
    """

    run: ImportRun
    wishes: Wishes
    moods: dict[str, int]
    artists: Artists
    shelf: Shelf
    root: str


class Batch:
    """Some files: looked up and given to the readers at once, written by `finish`."""

    def __init__(self, work: Work, entries: list[Entry], readers: Readers) -> None:
        self.work = work
        self.entries = entries
        self.problems: list[Problem] = []
        known = files_known(entries=entries, copied=work.wishes.copied)
        self.unchanged = [
            entry for entry in entries if is_same(known.get(printable(entry.path)), entry)
        ]
        kept = {entry.path for entry in self.unchanged}
        self.readings: list[tuple[Entry, Future[ReadFile | Refused]]] = readers.read(
            entry for entry in entries if entry.path not in kept and self._nameable(entry)
        )

    def finish(self) -> None:
        """Wait for the readers, then plan and write in one transaction."""
        work, run = self.work, self.work.run
        found = list(self._found())
        if run.dry_run:
            plan = self._plan(found)
            self._count(plan)
            return
        with transaction.atomic():
            # First of all, so that whatever is looked up stands still until all is written.
            revision = revision_next() if found or (self.unchanged and work.moods) else 0
            plan = self._plan(found)
            if plan.writes:
                batch_write(plan=plan, artists=work.artists, wishes=work.wishes, revision=revision)
                fresh = [*plan.files, *(row for row, _ in plan.changed)]
                analyses_request(files=[row.pk for row in fresh])
            self._count(plan)
        work.shelf.forget()

    def _nameable(self, entry: Entry) -> bool:
        if len(printable(entry.path)) > LONGEST_PATH:
            self._refuse(
                entry, Refused("path_too_long", _("Its path is longer than 1,000 letters."))
            )
        elif not self.work.wishes.copied and not is_utf8(entry.path):
            detail = _("Its name is not UTF-8. Rename it, or have the files copied.")
            self._refuse(entry, Refused("name_not_utf8", detail))
        else:
            return True
        return False

    def _refuse(self, entry: Entry, why: Refused) -> None:
        self.problems.append(Problem(entry.place, why.code, refusal_words(why.detail)))

    def _found(self) -> Iterator[Found]:
        """Files that could be read, and copied where that is wished."""
        for entry, future in self.readings:
            file = self._awaited(future)
            if isinstance(file, Refused):
                self._refuse(entry, file)
                continue
            one = self._as_found(entry, file)
            if one.source and not self.work.run.dry_run:
                try:
                    copy_make(entry=entry, file=file, name=one.path, pulse=self._pulse)
                except Refused as refused:
                    self._refuse(entry, refused)
                    continue
            yield one

    def _awaited(self, future: Future[ReadFile | Refused]) -> ReadFile | Refused:
        while True:
            try:
                return future.result(timeout=PULSE_S)
            except NotYet:
                self._pulse()

    def _pulse(self) -> None:
        """Prolong the lease; raises ImportLost when the run was cancelled."""
        import_advance(run=self.work.run, tally=Tally())

    def _as_found(self, entry: Entry, file: ReadFile) -> Found:
        work = self.work
        artist, title = names_from_path(entry.place, work.moods)
        path = printable(entry.path)
        copied = work.wishes.copied
        return Found(
            entry=entry,
            file=file,
            artist=file.artist or file.album_artist or clean(artist, 200) or UNKNOWN_ARTIST,
            title=file.title or clean(title, 200) or "Untitled",
            path=copy_name(file, work.wishes.owner_id) if copied else path,
            source=path if copied else "",
            mood=self._mood(path),
        )

    def _mood(self, path: str) -> tuple[int, str] | None:
        """What the nearest folder up to the one that is imported says."""
        work = self.work
        if not work.moods:
            return None
        folders = PurePath(os.path.relpath(path, work.root)).parts[:-1]
        return mood_of_folder((PurePath(work.root).name, *folders), work.moods)

    def _plan(self, found: list[Found]) -> Plan:
        work = self.work
        entries = [*(one.entry for one in found), *self.unchanged]
        known = files_known(entries=entries, copied=work.wishes.copied)
        plan = batch_plan(
            found=found,
            known=known,
            shelf=work.shelf,
            wishes=work.wishes,
            mood_before=self._mood,
        )
        for entry in self.unchanged:
            row = known.get(printable(entry.path))
            if row is not None and row.song.owner_id != work.wishes.owner_id:
                refuse_foreign(plan, entry.place)
                continue
            plan.counts["unchanged"] += 1
            if row is not None:
                plan.judge(row.song_id, self._mood(printable(entry.path)))
        return plan

    def _count(self, plan: Plan) -> None:
        run = self.work.run
        refused = len(self.problems) + plan.counts.pop("refused", 0)
        notes = chain.from_iterable(
            (
                Problem(one.entry.place, code, refusal_words(detail))
                for code, detail in one.file.notes
            )
            for _row, one in [*plan.songs, *plan.changed]
        )
        problems_note(run=run, problems=[*self.problems, *plan.problems, *notes])
        import_advance(run=run, tally=Tally(done=len(self.entries), refused=refused, **plan.counts))


def is_same(row: AudioFile | None, entry: Entry) -> bool:
    """Whether a file is known and as it was at the last look, and its copy is there."""
    return (
        row is not None
        and row.missing_since is None
        and (row.size, row.modified_ns) == (entry.size, entry.modified_ns)
        and (not row.copied or row.location.exists())
    )


def batches(entries: list[Entry]) -> Iterator[list[Entry]]:
    """The files, at most so many and so large at a time."""
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        if batch and (len(batch) == BATCH or size + entry.size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += entry.size
    if batch:
        yield batch
