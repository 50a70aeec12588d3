""" "Not this", in its four meanings, and taking it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog.models import Song
from moodmusic.enqueue import ring
from moodmusic.problems import DomainError
from recommendations.models import SongList, Verdict
from recommendations.services.context import emotion_of

#: Kinds that are about one mood, and so need the list that names it.
OF_A_MOOD = (Verdict.Kind.NOT_FOR_THIS_MOOD, Verdict.Kind.WRONG_MOOD)


@transaction.atomic
def verdict_set(*, user: User, song: Song, kind: str, song_list: SongList | None = None) -> Verdict:
    """Turn a song down: for now, for this mood, for good, or as wrongly labelled.

    Repeating a verdict renews its time, so that "not now" counts from the latest.

    Raises
    ------
    DomainError
        `invalid` (400) for an unknown kind; `list_needed` (400) when the kind is about a mood and
        no list names one; `not_found` (404) for another listener's list.
    """
    from recommendations.tasks import refold_taste

    if kind not in Verdict.Kind.values:
        raise DomainError("invalid", f"The kind is one of {', '.join(Verdict.Kind.values)}.")
    emotion = emotion_of(user=user, song_list=song_list)
    if kind in OF_A_MOOD and not emotion:
        raise DomainError("list_needed", "Name the list, so that we know which mood you mean.")
    if kind not in OF_A_MOOD:
        emotion = ""
    verdict, _new = Verdict.objects.update_or_create(
        user=user,
        song=song,
        kind=kind,
        emotion=emotion,
        defaults={"song_list": song_list, "created_at": timezone.now()},
    )
    if kind == Verdict.Kind.NEVER:
        ring(refold_taste, user.pk)
    return verdict


@transaction.atomic
def verdict_undo(*, verdict: Verdict) -> None:
    """Take a verdict back. All it did follows from its row, so nothing of it remains."""
    from recommendations.tasks import refold_taste

    Verdict.objects.filter(pk=verdict.pk).delete()
    if verdict.kind == Verdict.Kind.NEVER:
        ring(refold_taste, verdict.user_id)
