"""Work that workers do for the catalogue."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task
from django.utils.translation import override

from catalog.selectors import songs_visible
from catalog.services import (
    analyses_ring,
    analyses_run,
    analyses_sweep,
    analyses_waiting,
    audio_prepare,
    queue_weigh,
)
from catalog.services.analysis import TURN_S
from catalog.services.import_sweeping import imports_sweep
from catalog.services.imports import import_claim, import_work
from moodmusic.local import language_of
from moodmusic.problems import DomainError

logger = logging.getLogger(__name__)


@shared_task(expires=300)
def prepare_audio(song_id: str) -> None:
    """Render a song that is likely to be played soon.

    Redelivery finds the file and does nothing. A failure is not retried: whoever plays the song
    asks for it again. A message that waited five minutes comes too late to be of use.
    """
    song = songs_visible().filter(pk=song_id).first()
    if song is None or not song.piece:
        return
    try:
        audio_prepare(song=song)
    except DomainError as error:
        logger.warning("song %s was not rendered ahead: %s", song_id, error.detail)


@shared_task
def import_run(run_id: str) -> None:
    """Do one import. Delivered again, it finds the import taken or finished and returns.

    What was wrong is kept in the language of whoever asked for it.
    """
    run = import_claim(run_id=UUID(run_id))
    if run is not None:
        with override(language_of(run.by)):
            import_work(run=run)


@shared_task
def sweep_imports() -> None:
    """Ring for imports that nobody is at. Delivered again, it finds nothing to do."""
    swept = imports_sweep()
    if any(swept.values()):
        logger.info("swept imports: %s", swept)


@shared_task
def weigh_queue() -> None:
    """Count songs' listeners for the curators' queue. Redelivery counts again, to the same end."""
    queue_weigh()


@shared_task(name="catalog.tasks.analyse_waiting", expires=300)
def analyse_waiting() -> None:
    """Measure files that wait, for a minute; then let a new message go on.

    Delivered again, it finds nothing waiting. A message that nobody took in five minutes is not
    needed: the sweeper rings as long as files wait.
    """
    if analyses_run(turn_s=TURN_S) and analyses_waiting():
        analyses_ring()


@shared_task(name="catalog.tasks.sweep_analyses")
def sweep_analyses() -> None:
    """Repair the queue of files to measure. Delivered again, it finds nothing to do."""
    swept = analyses_sweep()
    if swept["returned"] or swept["failed"]:
        logger.info("swept analyses: %s", swept)
