"""Importing a folder of music, as the work of an ImportRun (see catalog.services.imports).

Options of the run, all with defaults: `recursive`, `mood_from_folder`, `copy` (true or false),
`owner` (key of a user, or null for everybody's songs) and `licence` (SPDX identifier).
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.library.names import printable
from catalog.library.readers import Readers
from catalog.library.scan import Entry, Scan, folder_scan
from catalog.models import AudioFile, ImportProblem, ImportRun, Mood
from catalog.services.copies import copies_tidy
from catalog.services.files import files_missing_mark
from catalog.services.folder_batches import LONGEST_PATH, Batch, Work, batches, is_same
from catalog.services.imports import (
    Problem,
    Progress,
    Tally,
    import_advance,
    import_total,
    problems_note,
)
from catalog.services.library_plan import Wishes
from catalog.services.refusal_words import refusal_words
from catalog.services.shelves import Artists, Shelf, files_known
from moodmusic.problems import DomainError

#: Code of the problem that tells of a file that is gone.
VANISHED = "vanished"


def folder_import(run: ImportRun, progress: Progress) -> None:
    """Import the folder of a claimed run: scan, read, write batch by batch, then see what is gone.

    Raises
    ------
    DomainError
        `folder_missing`: it cannot be opened; `owner_missing`: the owner's account is gone.
    """
    moods = _moods() if run.options.get("mood_from_folder") else {}
    wishes = _wishes(run)
    scan = _scan(run, moods)
    import_total(run=run, total=len(scan.refused) + len(scan.entries))
    artists = Artists()
    work = Work(
        run=run,
        wishes=wishes,
        moods=moods,
        artists=artists,
        shelf=Shelf(owner_id=wishes.owner_id, artists=artists),
        root=scan.root,
    )
    if run.done == 0 and scan.refused:
        refused = [
            Problem(place, why.code, refusal_words(why.detail)) for place, why in scan.refused
        ]
        with transaction.atomic():
            problems_note(run=run, problems=refused)
            import_advance(run=run, tally=Tally(done=len(refused), refused=len(refused)))
        progress(run)
    if wishes.copied and not run.dry_run:
        copies_tidy()
    with Readers(None if run.dry_run else Path(settings.COVERS_DIR)) as readers:
        before: Batch | None = None
        for entries in batches(_remaining(work, scan)):
            # The next files are read while what is known of these is written.
            batch = Batch(work, entries, readers)
            if before is not None:
                before.finish()
                progress(run)
            before = batch
        if before is not None:
            before.finish()
            progress(run)
    _mark_missing(work, {printable(entry.path) for entry in scan.entries})


def look_forget(*, run: ImportRun) -> bool:
    """Delete the row of a look at a folder that found nothing new, so that watching does not fill
    the list of imports; False where it has something to tell."""
    idle = ImportRun.objects.filter(
        pk=run.pk, state=ImportRun.State.DONE, created=0, updated=0
    ).exclude(problems__code=VANISHED)
    return bool(idle.delete()[0])


def _moods() -> dict[str, int]:
    found: dict[str, int] = {}
    for mood in Mood.objects.all():
        found |= {mood.slug.casefold(): mood.pk, mood.name.casefold(): mood.pk}
    return found


def _wishes(run: ImportRun) -> Wishes:
    owner_id = run.options.get("owner")
    if owner_id is not None and not User.objects.filter(pk=owner_id).exists():
        raise DomainError("owner_missing", _("There is no account of the songs' owner any more."))
    return Wishes(
        owner_id=owner_id,
        licence=str(run.options.get("licence", "")),
        copied=bool(run.options.get("copy")),
        by=run.by,
    )


def _scan(run: ImportRun, moods: dict[str, int]) -> Scan:
    try:
        return folder_scan(run.path, recursive=bool(run.options.get("recursive")), entered=moods)
    except OSError as error:
        raise DomainError(
            "folder_missing",
            _("The folder cannot be opened: %(reason)s.") % {"reason": error.strerror},
            404,
        ) from error


def _remaining(work: Work, scan: Scan) -> list[Entry]:
    """The files that an attempt before this one has not counted.

    The folder may have changed meanwhile, so a place among those counted is not enough: the file
    must be known too, or its refusal.
    """
    counted = scan.entries[: max(0, work.run.done - len(scan.refused))]
    following = scan.entries[len(counted) :]
    if not counted or work.run.dry_run:
        return following
    refusals = set(ImportProblem.objects.filter(run=work.run).values_list("place", flat=True))
    left = []
    for batch in batches(counted):
        known = files_known(entries=batch, copied=work.wishes.copied)
        left += [
            entry
            for entry in batch
            if entry.place[:LONGEST_PATH] not in refusals
            and not is_same(known.get(printable(entry.path)), entry)
        ]
    return left + following


def _mark_missing(work: Work, seen: set[str]) -> None:
    """Mark the rows of files below the folder that are there no more."""
    below = AudioFile.objects.filter(
        path__startswith=printable(work.root).rstrip("/") + "/", copied=False, missing_since=None
    )
    gone = [
        row for row in below.iterator() if row.path not in seen and not os.path.lexists(row.path)
    ]
    detail = _("The file is gone. Its song stays, and plays again when the file is back.")
    places = [os.path.relpath(row.path, work.root) for row in gone]
    problems_note(run=work.run, problems=[Problem(place, VANISHED, detail) for place in places])
    if not work.run.dry_run:
        files_missing_mark(files=gone)
