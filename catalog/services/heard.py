"""What was measured of a file, written to the file and its song, with a suggestion of moods."""

from __future__ import annotations

from uuid import UUID

from catalog.analysis import suggester
from catalog.models import Analysis, Annotation, AudioFile, Mood, Song
from catalog.services.consensus import consensus_apply
from catalog.services.files import file_found
from catalog.services.history import history_write
from catalog.services.moods import annotations_write
from catalog.services.revision import revision_next
from catalog.services.twins import file_reunite
from ml.audio.estimates import SCALES
from ml.audio.measures import Measured

#: Decimals of a stated confidence; less is not a change.
CONFIDENCE_DECIMALS = 3


def heard_write(*, file: AudioFile, measured: Measured) -> None:
    """Write the fingerprint to the file, and features and suggestion to the song.

    A file that sounds like an earlier one becomes a further file of that one's song. The song's
    features are those of its first measured file: copies of it say nothing new. A table's own
    values keep their place on the scales that tables use. Written again, the same measures change
    nothing. The caller owns the transaction.
    """
    first = not Analysis.objects.filter(
        file__song=file.song_id, file__lt=file.pk, state=Analysis.State.DONE
    ).exists()
    revision = revision_next() if first else 0
    AudioFile.objects.filter(pk=file.pk).update(
        fingerprint=measured.fingerprint, duration_s=measured.duration_s
    )
    file_found(file=file)
    if file_reunite(file=file) or not first:
        return
    song = Song.objects.get(pk=file.song_id)
    features = {**measured.features, **_given(song)}
    changes = {"features": features} if features != song.features else {}
    if not song.duration_s:
        changes["duration_s"] = measured.duration_s  # type: ignore[assignment]
    if changes:
        Song.objects.filter(pk=song.pk).update(**changes, revision=revision)
    suggestion_write(song_id=song.pk, features=features, revision=revision)


def _given(song: Song) -> dict[str, float]:
    """Features that came from elsewhere: a table's, by the names that tables use.

    What an earlier analysis of any of the song's files wrote is ours, and gives way.
    """
    ours: dict[str, set[float]] = {}
    for measured in Analysis.objects.filter(file__song=song).values_list("measured", flat=True):
        for name, value in measured.get("features", {}).items():
            ours.setdefault(name, set()).add(value)
    return {
        name: value
        for name, value in song.features.items()
        if value not in ours.get(name, ()) and (name in SCALES or name not in ours)
    }


def suggestion_write(*, song_id: UUID, features: dict[str, float], revision: int) -> bool:
    """Judge the song's moods as the model does, answering what a model said of it before.

    Nothing is written while the model says what it said. Returns whether something was written.
    """
    model = suggester()
    said = model.suggest(features)
    moods = dict(Mood.objects.values_list("slug", "pk"))
    wanted = {
        moods[slug]: round(confidence, CONFIDENCE_DECIMALS)
        for slug, confidence in said.moods.items()
        if slug in moods
    }
    before: dict[int, float | None] = {}
    rows = Annotation.objects.filter(song=song_id, source=Annotation.Source.MODEL).order_by("pk")
    for mood_id, present, confidence in rows.values_list("mood_id", "present", "confidence"):
        before.pop(mood_id, None)
        if present:
            before[mood_id] = confidence
    if before == wanted:
        return False
    for mood_id in before.keys() | wanted.keys():
        if before.get(mood_id) == wanted.get(mood_id):
            continue
        annotations_write(
            song_ids=[song_id],
            judged={mood_id: mood_id in wanted},
            by=None,
            source=Annotation.Source.MODEL,
            detail=model.name,
            confidence=wanted.get(mood_id),
        )
    followed = consensus_apply(song_ids=[song_id], revision=revision)
    history_write(song_ids=followed, by=None, reason="moods, model")
    return True
