"""The catalogue's revision: one number that every change which lists must follow raises."""

from __future__ import annotations

from django.db.models import F

from catalog.models import Revision

REVISION_PK = 1


def revision_next() -> int:
    """Raise the revision and return it; call first in the transaction that changes songs.

    The UPDATE locks the row until that transaction ends, so writers follow one another: none
    derives a consensus from what another is about to change, and no reader ever sees revision n
    before every song stamped with n - 1.
    """
    counter = Revision.objects.filter(pk=REVISION_PK)
    if not counter.update(number=F("number") + 1):
        Revision.objects.get_or_create(pk=REVISION_PK)
        counter.update(number=F("number") + 1)
    return counter.values_list("number", flat=True).get()
