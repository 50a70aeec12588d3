"""One change to the moods of many songs, as it was previewed or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Annotation, Edit, Mood
from catalog.services.consensus import consensus_apply, ids_in_batches
from catalog.services.history import history_write
from catalog.services.moods import annotations_write
from catalog.services.revision import revision_next
from moodmusic.problems import DomainError

#: Songs of one change: a transaction of some seconds, in which nobody else can write.
MOST_SONGS = 5000

#: Songs with their revisions, which any change to what lists follow raises.
Found = Sequence[tuple[UUID, int]]


class Action(models.TextChoices):
    """What is done with the moods named."""

    ADD = "add"
    REMOVE = "remove"
    SET = "set"


def seal_of(found: Found) -> str:
    """A name for exactly these songs as they are now; another after any change to one."""
    lines = sorted(f"{song_id}:{revision}" for song_id, revision in found)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


@transaction.atomic
def bulk_apply(
    *,
    find: Callable[[], Found],
    seal: str,
    action: str,
    moods: Iterable[Mood],
    by: User,
    words: str,
) -> Edit:
    """Judge the moods of all songs that `find` gives, as a curator.

    `find` is asked under the lock that all writers take, and `seal` is what `seal_of` said of its
    answer when the change was previewed. `words` say the filter to people.

    Raises
    ------
    DomainError
        `invalid` (400) for an unknown action, or no mood to add or remove; `too_many` (400) above
        `MOST_SONGS`; `nothing_found` (400); `songs_changed` (409) when these are no longer the
        songs that were previewed, or one of them has changed.
    """
    chosen = list(moods)
    if action not in Action.values:
        words_of = {"actions": ", ".join(Action.values)}
        raise DomainError("invalid", _("The action is one of %(actions)s.") % words_of)
    if not chosen and action != Action.SET:
        raise DomainError("invalid", _("Choose at least one mood."))
    revision = revision_next()
    found = find()
    refuse_amount(len(found))
    if seal_of(found) != seal:
        raise DomainError(
            "songs_changed",
            _("Songs have changed since the preview. Look at the new one before you apply."),
            409,
        )
    edit = Edit.objects.create(
        kind=Edit.Kind.BULK,
        by=by,
        what={"action": action, "moods": sorted(mood.slug for mood in chosen), "filter": words},
        songs=len(found),
    )
    changed = 0
    for song_ids in ids_in_batches([song_id for song_id, _revision in found]):
        annotations_write(
            song_ids=song_ids,
            judged=_judged(action, chosen),
            by=by,
            source=Annotation.Source.CURATOR,
            edit=edit,
        )
        followed = consensus_apply(song_ids=song_ids, revision=revision)
        history_write(song_ids=followed, by=by, reason="many songs")
        changed += len(followed)
    edit.changed = changed
    edit.save(update_fields=["changed"])
    return edit


def refuse_amount(count: int) -> None:
    """`nothing_found` or `too_many` for so many songs."""
    if count == 0:
        raise DomainError("nothing_found", _("No song matches."))
    if count > MOST_SONGS:
        raise DomainError(
            "too_many",
            _("At most %(most)d songs change at a time: narrow the filter.") % {"most": MOST_SONGS},
        )


def _judged(action: str, moods: list[Mood]) -> dict[int, bool]:
    named = {mood.pk for mood in moods}
    if action == Action.SET:
        return {pk: pk in named for pk in Mood.objects.values_list("pk", flat=True)}
    return dict.fromkeys(named, action == Action.ADD)
