"""Deleting one reading, and what goes with it."""

from __future__ import annotations

from django.db import transaction

from emotions.journal.notes import reading_delete
from emotions.models import Reading
from recommendations.models import Verdict
from recommendations.selectors import lists_of_reading


def lists_made_from(*, reading: Reading) -> int:
    """How many lists go with a reading; one whose rest was ranked anew is still one."""
    return lists_of_reading().filter(reading=reading).count()


@transaction.atomic
def entry_delete(*, reading: Reading) -> None:
    """Delete a reading from the journal, with all that says what it was.

    Its lists go, with how the listener was after them, and so does "you read me wrong" about it:
    they would tell the mood that was to be forgotten. What was said of songs stays, in the mood it
    was said in: plays and stars are about songs, they teach taste, and they name no reading.
    """
    misread = Verdict.objects.filter(
        kind=Verdict.Kind.WRONG_MOOD, song_list__reading=reading, user=reading.user_id
    )
    misread.delete()
    reading_delete(reading=reading)
