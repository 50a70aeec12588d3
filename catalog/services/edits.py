"""Taking back what was done at the desk in one go, exactly."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Annotation, Edit, Placement
from catalog.services.consensus import BATCH, consensus_apply, ids_in_batches
from catalog.services.history import history_write
from catalog.services.revision import revision_next
from moodmusic.problems import DomainError


@transaction.atomic
def edit_undo(*, edit: Edit, by: User) -> Edit:
    """Answer every judgement of the edit with one that takes it back.

    Neither counts any more, so the songs are what all other judgements make of them: as they were
    before, and with whatever others said since. Nothing is deleted.

    Raises
    ------
    DomainError
        `already_undone` (409) the second time; `not_yours` (403) for another curator's label,
        which a label of one's own answers.
    """
    revision = revision_next()
    if edit.kind != Edit.Kind.BULK and edit.by_id != by.pk:
        raise DomainError("not_yours", _("Another curator's label is answered by a label."), 403)
    open_still = Edit.objects.filter(pk=edit.pk, undone_at=None)
    if not open_still.update(undone_at=timezone.now(), undone_by=by):
        raise DomainError("already_undone", _("This has been undone already."), 409)
    songs = {
        *Annotation.objects.filter(edit=edit).order_by().values_list("song_id", flat=True),
        *Placement.objects.filter(edit=edit).order_by().values_list("song_id", flat=True),
    }
    for song_ids in ids_in_batches(sorted(songs)):
        _answer(edit, song_ids, by)
        changed = consensus_apply(song_ids=song_ids, revision=revision)
        history_write(song_ids=changed, by=by, reason=f"undone: {edit.kind}")
    edit.refresh_from_db()
    return edit


def _answer(edit: Edit, song_ids: Collection[UUID], by: User) -> None:
    said = Annotation.objects.filter(edit=edit, song_id__in=song_ids).order_by("pk")
    Annotation.objects.bulk_create(
        [contrary_of(one, by) for one in said],
        batch_size=BATCH,
    )
    placed = Placement.objects.filter(edit=edit, song_id__in=song_ids).order_by("pk")
    Placement.objects.bulk_create(
        [
            Placement(song_id=one.song_id, source=one.source, author=by, answers=one)
            for one in placed
        ],
        batch_size=BATCH,
    )


def contrary_of(judgement: Annotation, by: User | None) -> Annotation:
    """The judgement that takes this one back, not saved."""
    return Annotation(
        song_id=judgement.song_id,
        mood_id=judgement.mood_id,
        source=judgement.source,
        author=by,
        present=not judgement.present,
        answers=judgement,
    )
