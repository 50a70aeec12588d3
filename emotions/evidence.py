"""Proof that no picture stays: what `manage.py assert_no_images` prints and judges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from emotions.captures import UNFINISHED
from emotions.frames import frames_left
from emotions.models import Capture

#: The promise: no stored frame is older than this, whatever became of its capture.
MAX_FRAME_AGE = timedelta(minutes=10)
#: Deleting follows the end of a capture within this time, on the slowest storage.
DELETING_TAKES = timedelta(seconds=5)


@dataclass(frozen=True)
class Evidence:
    """What lies in the storage of frames, beside what may lie there."""

    finished: int  #: captures that have ended
    unfinished: int  #: captures whose frames may still be there
    folders: int  #: folders that hold frames now
    of_finished: int  #: folders of captures that have ended: must be 0
    too_old: int  #: folders older than MAX_FRAME_AGE: must be 0

    @property
    def clean(self) -> bool:
        """Whether the promise is kept."""
        return not self.of_finished and not self.too_old


def evidence_gather() -> Evidence:
    """Look at every stored frame, and at the captures they belong to."""
    now = timezone.now()
    folders = dict(frames_left())
    ended = Capture.objects.exclude(state__in=UNFINISHED)
    ids = [key for key in map(_uuid, folders) if key]
    return Evidence(
        finished=ended.count(),
        unfinished=Capture.objects.filter(state__in=UNFINISHED).count(),
        folders=len(folders),
        of_finished=ended.filter(pk__in=ids, finished_at__lt=now - DELETING_TAKES).count(),
        too_old=sum(written < now - MAX_FRAME_AGE for written in folders.values()),
    )


def _uuid(folder: str) -> UUID | None:
    try:
        return UUID(folder)
    except ValueError:
        return None
