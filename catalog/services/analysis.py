"""A file's way through its analysis.

The row is the queue's truth and the broker only a doorbell: a message names no file, it asks a
worker to take what waits. Every step is one conditional UPDATE that names the state and the
attempt it expects. States:

    pending -> running -> done | failed
       ^          |
       +----------+   a crash, or a lease that ran out; at most MAX_ATTEMPTS runs
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from catalog.analysis import PASSING, measurer
from catalog.models import Analysis, AudioFile
from catalog.services.files import files_missing_mark, path_of
from catalog.services.heard import heard_write
from ml.audio.measures import MEASURES_VERSION, Measured
from ml.audio.reading import AudioError
from moodmusic.enqueue import ring

logger = logging.getLogger(__name__)

#: How long a worker may take for a file before it is taken for dead: above the measurer's limits
#: for its start and for a file together.
LEASE = timedelta(seconds=360)
MAX_ATTEMPTS = 3
#: Seconds after which a worker hands what is left to a new message, lest one task lasts for hours.
TURN_S = 60.0
BATCH = 500
State = Analysis.State


def analyses_request(*, files: QuerySet[AudioFile] | Collection[int], again: bool = False) -> int:
    """Have files measured, and ring a worker once that is committed; returns how many will be.

    Files that are measured, wait, or failed are left alone, except those measured under an older
    version; with `again` all but running ones are measured anew.
    """
    keys = (
        list(files.order_by("pk").values_list("pk", flat=True))
        if isinstance(files, QuerySet)
        else list(files)
    )
    wanted = 0
    for start in range(0, len(keys), BATCH):
        wanted += _request(keys[start : start + BATCH], again=again)
    if wanted:
        analyses_ring()
    return wanted


@transaction.atomic
def _request(keys: list[int], *, again: bool) -> int:
    rows = Analysis.objects.filter(file__in=keys)
    known = set(rows.values_list("file_id", flat=True))
    made = [Analysis(file_id=key) for key in keys if key not in known]
    Analysis.objects.bulk_create(made, ignore_conflicts=True)
    stale = rows.filter(state=State.DONE, version__lt=MEASURES_VERSION)
    if again:
        stale = rows.filter(state__in=(State.DONE, State.FAILED))
    return len(made) + _wait_again(stale)


def analyses_retry(*, analyses: QuerySet[Analysis]) -> int:
    """Give failed analyses another set of attempts; returns how many."""
    again = _wait_again(analyses.filter(state=State.FAILED))
    if again:
        analyses_ring()
    return again


def _wait_again(rows: QuerySet[Analysis]) -> int:
    return rows.update(
        state=State.PENDING, attempts=0, reason="", finished_at=None, rung_at=timezone.now()
    )


def analyses_ring() -> None:
    """Ask a worker of the queue `analysis` to take what waits, after commit."""
    from catalog.tasks import analyse_waiting  # the tasks call these services

    ring(analyse_waiting)


def analyses_run(
    *,
    turn_s: float | None = None,
    limit: int | None = None,
    progress: Callable[[Analysis], None] | None = None,
) -> int:
    """Measure waiting files one after another until none waits; returns how many were taken.

    Parameters
    ----------
    turn_s, limit : seconds after which, and files after which, to stop
    progress : told of each analysis as it ended
    """
    started, taken = time.monotonic(), 0
    while limit is None or taken < limit:
        if turn_s is not None and time.monotonic() - started > turn_s:
            break
        analysis = analysis_claim()
        if analysis is None:
            break
        analysis_do(analysis=analysis)
        taken += 1
        if progress is not None:
            analysis.refresh_from_db()
            progress(analysis)
    return taken


def analysis_claim() -> Analysis | None:
    """Take the analysis that has waited longest, for `LEASE`; None when none waits."""
    while True:
        waiting = Analysis.objects.filter(state=State.PENDING)
        analysis = waiting.select_related("file__song").order_by("rung_at").first()
        if analysis is None:
            return None
        seen = analysis.attempts
        analysis.state, analysis.attempts = State.RUNNING, seen + 1
        analysis.lease_until = timezone.now() + LEASE
        claimed = Analysis.objects.filter(
            pk=analysis.pk, state=State.PENDING, attempts=seen
        ).update(state=analysis.state, attempts=analysis.attempts, lease_until=analysis.lease_until)
        if claimed:
            return analysis


def analysis_do(*, analysis: Analysis) -> None:
    """Measure a claimed file and end its analysis; what goes wrong costs this file only."""
    try:
        path = path_of(analysis.file)
        if path is None:
            analysis_fail(analysis=analysis, reason="missing")
            return
        measured = measurer().measure(path)
        analysis_complete(analysis=analysis, measured=measured)
    except AudioError as error:
        logger.warning("file %s was not measured: %s", analysis.file_id, error)
        analysis_fail(analysis=analysis, reason=error.reason)
    except Exception:
        # Whatever broke, the queue must go on and the row must say so.
        logger.exception("could not measure file %s", analysis.file_id)
        analysis_fail(analysis=analysis, reason="failed")


@transaction.atomic
def analysis_complete(*, analysis: Analysis, measured: Measured) -> bool:
    """End an analysis with what was measured, and write it where it is used.

    Returns
    -------
    False, and nothing is changed, when this attempt no longer holds the analysis.
    """
    kept = measured.as_json()
    del kept["fingerprint"]
    # The catalogue's lock comes first, as everywhere.
    heard_write(file=analysis.file, measured=measured)
    ended = _end(analysis, State.DONE, version=MEASURES_VERSION, measured=kept, reason="")
    if not ended:
        transaction.set_rollback(True)
    return ended


def analysis_fail(*, analysis: Analysis, reason: str) -> bool:
    """End an analysis for a reason that lies in the file; else let it wait for another attempt.

    Returns
    -------
    False, and nothing is changed, when this attempt no longer holds the analysis.
    """
    if reason in PASSING and analysis.attempts < MAX_ATTEMPTS:
        return bool(
            _held(analysis).update(
                state=State.PENDING, lease_until=None, reason=reason, rung_at=timezone.now()
            )
        )
    if reason == "missing":
        files_missing_mark(files=[analysis.file])
    return _end(analysis, State.FAILED, reason=reason)


def analyses_sweep() -> dict[str, int]:
    """Repair what a dead worker or a lost message left behind; several at once do no harm.

    Returns
    -------
    How many files were newly `requested`, how many analyses `returned` from an expired lease or
    `failed` for want of attempts, and whether a worker was `rung`.
    """
    unmeasured = AudioFile.objects.filter(analysis=None, missing_since=None)
    keys = list(unmeasured.order_by("pk").values_list("pk", flat=True)[:BATCH])
    requested = _request(keys, again=False) if keys else 0
    expired = Analysis.objects.filter(state=State.RUNNING, lease_until__lt=timezone.now())
    failed = expired.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=State.FAILED, reason="crashed", lease_until=None, finished_at=timezone.now()
    )
    returned = expired.update(state=State.PENDING, lease_until=None, rung_at=timezone.now())
    waiting = Analysis.objects.filter(state=State.PENDING).exists()
    if waiting:
        analyses_ring()
    return {
        "requested": requested,
        "returned": returned,
        "failed": failed,
        "rung": int(waiting),
    }


def analyses_waiting() -> int:
    """How many analyses wait to be taken."""
    return Analysis.objects.filter(state=State.PENDING).count()


def _held(analysis: Analysis) -> QuerySet[Analysis]:
    return Analysis.objects.filter(pk=analysis.pk, state=State.RUNNING, attempts=analysis.attempts)


def _end(analysis: Analysis, state: Analysis.State, **values: Any) -> bool:
    ended = _held(analysis).update(
        state=state, finished_at=timezone.now(), lease_until=None, **values
    )
    return bool(ended)
