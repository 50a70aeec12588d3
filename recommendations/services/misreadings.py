""" "You read my mood wrong": a word about a list's reading, said beside one of its songs."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.models import Song
from emotions.models import Emotion, Reading
from emotions.services import reading_correct, reading_uncorrect
from moodmusic.problems import DomainError
from recommendations.models import SongList, Verdict


def misreading_set(*, song: Song, song_list: SongList, right_emotion: str) -> Verdict:
    """Correct the list's reading, which moves later readings of faces alike; inside a transaction.

    A reading has one such verdict: another replaces it. Taste, and which songs a list may hold,
    stay as they are; the next list for this reading is made for the right emotion.

    Raises
    ------
    DomainError
        `nothing_to_calibrate` (409) when the mood was named by hand; `correction_wanted` (409)
        without an emotion; both with the `reading`'s id. `invalid` (400) for an emotion that is
        none of the seven or the one in force.
    """
    reading = Reading.objects.select_for_update().get(pk=song_list.reading_id)
    if reading.source != Reading.Source.FACE:
        raise DomainError(
            "nothing_to_calibrate",
            _(
                "You named this mood yourself, so nothing was read wrong. Name another, and make a "
                "list for that."
            ),
            409,
            reading=str(reading.pk),
        )
    if not right_emotion:
        raise DomainError(
            "correction_wanted",
            _("Say which of the seven it was: here, or as a correction of the reading."),
            409,
            reading=str(reading.pk),
        )
    if right_emotion not in Emotion.values or right_emotion == reading.emotion:
        others = [emotion for emotion in Emotion.values if emotion != reading.emotion]
        words = _("Instead of %(emotion)s it was one of %(others)s.") % {
            "emotion": reading.emotion,
            "others": ", ".join(others),
        }
        raise DomainError("invalid", words, errors={"right_emotion": [words]})
    replaced_emotion, replaced_at = reading.corrected_to, reading.corrected_at
    for earlier in Verdict.objects.filter(
        kind=Verdict.Kind.WRONG_MOOD, song_list__reading=reading.pk
    ):
        if earlier.created_at == reading.corrected_at:
            replaced_emotion, replaced_at = earlier.replaced_emotion, earlier.replaced_at
        earlier.delete()
    reading_correct(reading=reading, emotion=right_emotion)
    verdict = Verdict.objects.create(
        user_id=song_list.user_id,
        song=song,
        kind=Verdict.Kind.WRONG_MOOD,
        emotion=song_list.emotion,
        song_list=song_list,
        right_emotion=right_emotion,
        replaced_emotion=replaced_emotion,
        replaced_at=replaced_at,
    )
    # The time they share says later that the correction is this verdict's.
    verdict.created_at = reading.corrected_at  # type: ignore[assignment]
    verdict.save(update_fields=["created_at"])
    return verdict


def misreading_undo(*, verdict: Verdict) -> None:
    """Give the reading the correction it had before, unless it was corrected again since."""
    removed, _each = Verdict.objects.filter(pk=verdict.pk).delete()
    if not removed or verdict.song_list is None:
        return
    reading = Reading.objects.select_for_update().get(pk=verdict.song_list.reading_id)
    if reading.corrected_at != verdict.created_at:
        return
    if not verdict.replaced_emotion:
        reading_uncorrect(reading=reading)
        return
    reading_correct(reading=reading, emotion=verdict.replaced_emotion)
    # Corrections count in the order of their times.
    reading.corrected_at = verdict.replaced_at
    reading.save(update_fields=["corrected_at"])
