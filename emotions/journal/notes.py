"""Notes on readings, and readings that a listener deletes."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from emotions.models import NOTE_MOST, Capture, Reading
from moodmusic.problems import DomainError


def note_set(*, reading: Reading, note: str) -> Reading:
    """Keep the listener's words about a reading; nothing but spaces takes them away.

    Raises
    ------
    DomainError
        `note_too_long` (400); `not_found` (404) when the reading is gone by now.
    """
    # PostgreSQL has no text with NUL in it; forms send line ends of two characters.
    kept = note.replace("\0", "").replace("\r\n", "\n").strip()
    if len(kept) > NOTE_MOST:
        words = _("A note may have at most %(most)s characters; this one has %(number)s.")
        raise DomainError("note_too_long", words % {"most": NOTE_MOST, "number": len(kept)})
    if not Reading.objects.filter(pk=reading.pk).update(note=kept):
        raise DomainError("not_found", _("There is no such reading."), 404)
    reading.note = kept
    return reading


@transaction.atomic
def reading_delete(*, reading: Reading) -> None:
    """Delete a reading with the capture it came from, and what was made from it alone.

    Its corrections move no later face any more, as they are read from the readings themselves.
    Frames of the capture, if any are still there, are deleted by the sweep that looks for captures.
    """
    capture = reading.capture_id
    reading.delete()
    if capture is not None:
        Capture.objects.filter(pk=capture).delete()
