"""An import's way from being asked for to its end, whatever it imports.

The row is the truth and the broker only a doorbell, as with captures. Every step is one conditional
UPDATE that names the state and the attempt it expects; a message delivered twice, a worker that
comes back late or two sweepers at once change nothing. States:

    pending -> running -> done | failed
       ^          |
       +----------+   an error, or a lease that ran out; at most MAX_ATTEMPTS runs
    pending | running -> cancelled

A handler (see HANDLERS) does the work of one kind. It is called with the claimed run, and works in
batches, each one transaction:

    def folder_import(run: ImportRun, progress: Progress) -> None:
        import_total(run=run, total=len(files))
        for batch in batches_after(files, run.done):   # what was counted is committed: skip it
            with transaction.atomic():
                revision = revision_next()
                ...                                    # writes of the batch
                problems_note(run=run, problems=[Problem("a/b.mp3", "broken", "No audio in it.")])
                import_advance(run=run, tally=Tally(done=50, created=48, refused=2))
            progress(run)

so that a killed import continues where its last committed batch ended, with the same counts. It
raises `DomainError` where the whole cannot be imported, for a reason people can act on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import ImportProblem, ImportRun
from moodmusic.enqueue import ring
from moodmusic.problems import DomainError

logger = logging.getLogger(__name__)

#: How long a worker may be silent before it is taken for dead; every batch prolongs it.
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
#: Problems kept of one import; beyond them rows are only counted.
MAX_PROBLEMS = 5000
#: What does the work of each kind; loaded when it is needed, because handlers call these services.
HANDLERS = {
    ImportRun.Kind.TABLE: "catalog.services.tables.table_import",
    ImportRun.Kind.FOLDER: "catalog.services.folders.folder_import",
}
UNFINISHED = (ImportRun.State.PENDING, ImportRun.State.RUNNING)

Progress = Callable[[ImportRun], None]


class ImportLost(Exception):
    """The run was cancelled, or another worker holds it; the batch in hand is rolled back."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of some rows or files: `done` looked at, and how many of them went which way."""

    done: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong with one row or file, see `ImportProblem`."""

    place: str
    code: str
    detail: str


def import_create(
    *,
    kind: str,
    path: str,
    name: str,
    by: User | None,
    options: dict[str, Any] | None = None,
    dry_run: bool = False,
    rung: bool = True,
) -> ImportRun:
    """Store a wish to import; unless `rung` is False, a worker is asked to do it after commit."""
    run = ImportRun.objects.create(
        kind=kind, path=path, name=name[:200], by=by, options=options or {}, dry_run=dry_run
    )
    if rung:
        import_ring(run.pk)
    return run


def import_ring(run_id: UUID) -> None:
    """Ask a worker for this import, after commit."""
    from catalog.tasks import import_run  # the tasks call these services

    ring(import_run, str(run_id))


def import_claim(*, run_id: UUID, alone: bool = True) -> ImportRun | None:
    """Take a pending import for `LEASE`; None when there is nothing to do.

    Nothing to do: the row is gone, finished, or another worker has it; or, with `alone`, another
    import is at work. Workers do one at a time, so that imports never hold all of them.
    """
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        return None
    now = timezone.now()
    others = ImportRun.objects.filter(state=ImportRun.State.RUNNING, lease_until__gte=now)
    if alone and others.exclude(pk=run_id).exists():
        return None
    seen = run.attempts
    run.state, run.attempts, run.lease_until = ImportRun.State.RUNNING, seen + 1, now + LEASE
    run.started_at = run.started_at or now
    claimed = ImportRun.objects.filter(
        pk=run_id, state=ImportRun.State.PENDING, attempts=seen
    ).update(
        state=run.state,
        attempts=run.attempts,
        lease_until=run.lease_until,
        started_at=run.started_at,
    )
    return run if claimed else None


def import_work(*, run: ImportRun, progress: Progress = lambda run: None) -> None:
    """Do a claimed import and end it. `progress` is told after every batch.

    Safe to run any number of times for one import. An error gives it back; the sweeper rings it
    again a little later, and after MAX_ATTEMPTS it has failed.
    """
    try:
        import_string(HANDLERS[ImportRun.Kind(run.kind)])(run, progress)
    except ImportLost:
        logger.info("import %s was cancelled or taken over", run.pk)
    except DomainError as error:
        import_fail(run=run, message=error.detail)
    except Exception:
        # Whatever broke, whoever waits must not wait for ever.
        logger.exception("could not go on with import %s, attempt %d", run.pk, run.attempts)
        import_release(run=run)
    else:
        _end(_held(run), ImportRun.State.DONE)


def import_total(*, run: ImportRun, total: int) -> None:
    """Say how many rows or files there are in all; raises ImportLost as `import_advance` does."""
    _write(run, total=total)
    run.total = total


def import_advance(*, run: ImportRun, tally: Tally) -> None:
    """Count a batch and prolong the lease; call last in the batch's transaction.

    Raises
    ------
    ImportLost
        this attempt no longer holds the run; the batch must not be committed.
    """
    counts = {name: number for name, number in asdict(tally).items() if number}
    _write(run, **{name: F(name) + number for name, number in counts.items()})
    for name, number in counts.items():
        setattr(run, name, getattr(run, name) + number)


def problems_note(*, run: ImportRun, problems: Iterable[Problem]) -> None:
    """Keep what was wrong with rows; what is kept already stays as it is."""
    found = list(problems)
    if not found:
        return
    room = MAX_PROBLEMS - ImportProblem.objects.filter(run=run).count()
    ImportProblem.objects.bulk_create(
        [
            ImportProblem(run=run, place=one.place[:1000], code=one.code, detail=one.detail[:500])
            for one in found[: max(room, 0)]
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def import_fail(*, run: ImportRun, message: str) -> bool:
    """End an import that cannot be done; False, and nothing changes, when it is held no more."""
    return _end(_held(run), ImportRun.State.FAILED, message=message[:500])


def import_give_up(*, run: ImportRun, message: str) -> bool:
    """Fail an import that nobody finishes, exactly as the caller saw it."""
    as_seen = _held(run).filter(lease_until=run.lease_until)
    return _end(as_seen, ImportRun.State.FAILED, message=message[:500])


def import_release(*, run: ImportRun) -> bool:
    """Give an import back after an error, or fail it when this was its last attempt.

    It is not rung at once: the sweeper does so after a pause, in which the cause may pass.
    """
    if run.attempts >= MAX_ATTEMPTS:
        return import_fail(run=run, message=_("It broke off several times; the log says why."))
    return bool(
        _held(run).update(state=ImportRun.State.PENDING, lease_until=None, rung_at=timezone.now())
    )


def import_cancel(*, run: ImportRun) -> bool:
    """Stop an import; what it has committed stays. False when it had ended before."""
    return _end(
        ImportRun.objects.filter(pk=run.pk, state__in=UNFINISHED), ImportRun.State.CANCELLED
    )


def _held(run: ImportRun) -> QuerySet[ImportRun]:
    return ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING, attempts=run.attempts)


def _write(run: ImportRun, **values: Any) -> None:
    run.lease_until = timezone.now() + LEASE
    if not _held(run).update(lease_until=run.lease_until, **values):
        raise ImportLost


def _end(rows: QuerySet[ImportRun], state: ImportRun.State, **values: Any) -> bool:
    """Move the one expected row to a final state, and ring the next that waits."""
    with transaction.atomic():
        ended = rows.update(state=state, finished_at=timezone.now(), lease_until=None, **values)
        waiting = ImportRun.objects.filter(state=ImportRun.State.PENDING).order_by("created_at")
        following = waiting.first() if ended else None
        if following is not None:
            import_ring(following.pk)
    return bool(ended)
