"""A curator's label of one song, with a clear answer where another curator was quicker."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.judgements import curators_word, seen_of
from catalog.models import Annotation, Edit, Mood, Placement, Song
from catalog.services.consensus import consensus_apply
from catalog.services.history import history_write
from catalog.services.moods import annotations_write
from catalog.services.revision import revision_next
from moodmusic.problems import DomainError

#: Seconds; a label that took longer was left lying, and says nothing of how long one takes.
LONGEST_S = 600.0


@transaction.atomic
def label_save(
    *,
    song: Song,
    by: User,
    moods: Iterable[Mood],
    seen: str,
    point: tuple[float, float] | None = None,
    ambiguous: bool = False,
    blind: bool = False,
    seconds: float | None = None,
) -> Edit:
    """Judge that the song has exactly these moods, and where it lies or that this cannot be told.

    `seen` is what `seen_of` said when the song was shown. The revision's row is locked before it
    is compared, so of two curators who save at once one always gets the answer below. A blind
    label is given without sight of the first, and so compares nothing.

    Raises
    ------
    DomainError
        `nothing_said` (400) for neither a mood nor "ambiguous"; `label_conflict` (409) when a
        curator has judged the song since: `theirs` and `mine` are the two judgements, `seen` is
        what a form that decides between them carries; `labelled_twice` (409) when somebody gave
        the second label already.
    """
    given = {mood.pk: mood.slug for mood in moods}
    if not given and not ambiguous:
        raise DomainError("nothing_said", _("Choose a mood, or say that it cannot be told."))
    revision = revision_next()
    song.refresh_from_db()
    what = {
        "moods": sorted(given.values()),
        "point": None if point is None else list(point),
        "ambiguous": ambiguous,
    }
    if blind:
        _refuse_third(song)
    elif (now := seen_of(song.pk)) not in ("", seen):  # "": no curator's word to run over
        raise DomainError(
            "label_conflict",
            _("Another curator has judged this song since you opened it. Decide which holds."),
            409,
            theirs=curators_word(song),
            mine=what,
            seen=now,
        )
    edit = Edit.objects.create(
        kind=Edit.Kind.BLIND if blind else Edit.Kind.LABEL,
        by=by,
        song=song,
        what=what,
        seconds=seconds if seconds is not None and 0 <= seconds <= LONGEST_S else None,
    )
    annotations_write(
        song_ids=[song.pk],
        judged={pk: pk in given for pk in Mood.objects.values_list("pk", flat=True)},
        by=by,
        source=Annotation.Source.CURATOR,
        edit=edit,
    )
    if point is not None or ambiguous or song.ambiguous:
        valence, arousal = point or (None, None)
        Placement.objects.create(
            song=song,
            source=Annotation.Source.CURATOR,
            author=by,
            valence=valence,
            arousal=arousal,
            ambiguous=ambiguous,
            edit=edit,
        )
    was_ambiguous = song.ambiguous
    changed = consensus_apply(song_ids=[song.pk], revision=revision)
    song.refresh_from_db()
    if changed or song.ambiguous != was_ambiguous:
        history_write(song_ids=[song.pk], by=by, reason="label")
    if changed:
        Edit.objects.filter(pk=edit.pk).update(changed=1)
        edit.changed = 1
    return edit


def _refuse_third(song: Song) -> None:
    if song.edits.filter(kind=Edit.Kind.BLIND, undone_at=None).exists():
        raise DomainError(
            "labelled_twice", _("Somebody has given this song's second label meanwhile."), 409
        )
