"""Work that the default worker does for the catalogue."""

from __future__ import annotations

import logging

from celery import shared_task

from catalog.selectors import songs_visible
from catalog.services import audio_prepare, queue_weigh
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
def weigh_queue() -> None:
    """Count songs' listeners for the curators' queue. Redelivery counts again, to the same end."""
    queue_weigh()
