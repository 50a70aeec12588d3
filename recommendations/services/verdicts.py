""" "Not this", in its four meanings, and taking it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Song
from moodmusic.enqueue import ring
from moodmusic.problems import DomainError
from recommendations.models import SongList, Verdict
from recommendations.services.context import emotion_of, private_now
from recommendations.services.misreadings import misreading_set, misreading_undo

#: Kinds that are about one mood, and so need the list that names it.
OF_A_MOOD = (Verdict.Kind.NOT_FOR_THIS_MOOD, Verdict.Kind.WRONG_MOOD)


@transaction.atomic
def verdict_set(
    *,
    user: User,
    song: Song,
    kind: str,
    song_list: SongList | None = None,
    right_emotion: str = "",
) -> Verdict:
    """Turn a song down, for now, for this mood or for good; or say that the mood was read wrong.

    Repeating a verdict renews its time, so that "not now" counts from the latest. What is said in
    a private stretch hides its song and teaches nothing. A wrong mood hides and teaches nothing of
    songs: it corrects the list's reading to `right_emotion` (see `misreading_set`).

    Raises
    ------
    DomainError
        `invalid` (400) for an unknown kind or emotion, or one that does not go with the kind;
        `list_needed` (400) when the kind is about a mood and no list names one; `not_found` (404)
        for another listener's list; and what `misreading_set` raises.
    """
    if kind not in Verdict.Kind.values:
        kinds = {"kinds": ", ".join(Verdict.Kind.values)}
        raise DomainError("invalid", _("The kind is one of %(kinds)s.") % kinds)
    emotion = emotion_of(user=user, song_list=song_list)
    if kind in OF_A_MOOD and song_list is None:
        raise DomainError("list_needed", _("Name the list, so that we know which mood you mean."))
    if kind == Verdict.Kind.WRONG_MOOD and song_list is not None:
        return misreading_set(song=song, song_list=song_list, right_emotion=right_emotion)
    if right_emotion:
        words = _("An emotion is said of a wrong mood alone.")
        raise DomainError("invalid", words, errors={"right_emotion": [words]})
    return _turn_down(user, song, kind, emotion if kind in OF_A_MOOD else "", song_list)


def _turn_down(
    user: User, song: Song, kind: str, emotion: str, song_list: SongList | None
) -> Verdict:
    from recommendations.tasks import refold_taste

    private = private_now(user=user)
    verdict, new = Verdict.objects.get_or_create(
        user=user,
        song=song,
        kind=kind,
        emotion=emotion,
        defaults={"song_list": song_list, "private": private},
    )
    if not new:
        # What taught before goes on teaching, also when it is said again in private.
        verdict.private = verdict.private and private
        verdict.song_list, verdict.created_at = song_list, timezone.now()
        verdict.save(update_fields=["private", "song_list", "created_at"])
    if kind == Verdict.Kind.NEVER and not verdict.private:
        ring(refold_taste, user.pk)
    return verdict


@transaction.atomic
def verdict_undo(*, verdict: Verdict) -> None:
    """Take a verdict back. All it did follows from its row, so nothing of it remains."""
    from recommendations.tasks import refold_taste

    if verdict.kind == Verdict.Kind.WRONG_MOOD:
        misreading_undo(verdict=verdict)
        return
    Verdict.objects.filter(pk=verdict.pk).delete()
    if verdict.kind == Verdict.Kind.NEVER and not verdict.private:
        ring(refold_taste, verdict.user_id)
