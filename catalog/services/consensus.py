"""What a song's moods are, derived from all judgements of it; nothing here is a judgement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Avg, Exists, FloatField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from catalog.models import Annotation, Placement, Song
from catalog.models.judgements import Source
from catalog.services.inserts import rows_insert
from catalog.services.priority import doubt_of, gain_of, rarities

#: Whose judgement outranks whose; within a rank the latest counts. People outrank models.
RANK = {
    Source.MODEL: 0,
    Source.GENERATOR: 1,
    Source.TABLE: 1,
    Source.FOLDER: 2,
    Source.LISTENER: 3,
    Source.CURATOR: 4,
}
#: One listener is an opinion, so many of one mind are a judgement: at least so many of them, and
#: of those who said anything of this mood at least this share.
LISTENERS, AGREEING = 3, 2 / 3
#: Listeners who contradict what stands, from when on a curator should look.
DISPUTING = 2
#: Songs handled at a time, so that statements keep within SQLite's limit of parameters.
BATCH = 500
#: Sets of equal values up to which songs are written set by set.
FEW = 40


@dataclass(slots=True)
class Standing:
    """What is held of one mood of one song.

    Attributes
    ----------
    rank, present, confidence : of the judgement that stands; rank -1 while there is none
    listeners, curators : {author: latest word}
    """

    rank: int = -1
    present: bool = False
    confidence: float = 1.0
    listeners: dict[int | None, bool] = field(default_factory=dict)
    curators: dict[int | None, bool] = field(default_factory=dict)

    def hear(
        self, source: str, author: int | None, present: bool, confidence: float | None
    ) -> None:
        """Take in a later judgement."""
        rank = RANK[Source(source)]
        if rank == RANK[Source.LISTENER]:
            self.listeners[author] = present
            return
        if rank == RANK[Source.CURATOR]:
            self.curators[author] = present
        if rank >= self.rank:
            self.rank, self.present = rank, present
            self.confidence = 1.0 if confidence is None else confidence

    def settle(self) -> None:
        """Let the listeners speak where they are many, of one mind, and not outranked."""
        yes = sum(self.listeners.values())
        most = max(yes, len(self.listeners) - yes)
        heard = most >= LISTENERS and most >= AGREEING * len(self.listeners)
        if heard and self.rank < RANK[Source.LISTENER]:
            self.rank, self.confidence = RANK[Source.LISTENER], 1.0
            self.present = yes == most

    @property
    def disputed(self) -> bool:
        """Whether curators differ, or listeners contradict what stands."""
        against = sum(said != self.present for said in self.listeners.values())
        return len(set(self.curators.values())) > 1 or against >= DISPUTING


def consensus_apply(*, song_ids: Collection[UUID], revision: int) -> list[UUID]:
    """Derive the songs' moods, points and doubts from their judgements; returns those whose moods
    changed.

    Songs whose moods or placements changed what lists follow get the revision. The caller owns the
    transaction, at most `BATCH` songs at a time.
    """
    standing = standing_of(song_ids)
    through = Song.moods.through
    wanted = {key for key, held in standing.items() if held.present}
    held = {
        (link.song_id, link.mood_id): link.pk
        for link in through.objects.filter(song_id__in=song_ids)
    }
    through.objects.filter(pk__in=[pk for key, pk in held.items() if key not in wanted]).delete()
    rows_insert(through, ("song_id", "mood_id"), sorted(wanted - held.keys()))
    changed = list({song_id for song_id, _ in wanted ^ held.keys()})
    placements, unplaced = placements_of(song_ids)
    points_derive(
        songs=Song.objects.filter(pk__in={*changed, *placements, *unplaced}), revision=revision
    )
    _doubts_write(song_ids, standing, placements)
    return changed


def points_derive(*, songs: QuerySet[Song], revision: int) -> None:
    """Set each song's point and stamp it with the revision.

    The point is where the highest-ranking judge placed the song, else the mean of its moods'
    points. A song with neither rests at 0, 0 and is not `placed`.
    """
    links: Any = Song.moods.through.objects
    of_song = links.filter(song_id=OuterRef("pk")).order_by()

    def mean(axis: str) -> models.Func:
        points = of_song.values("song_id").annotate(mean=Avg(f"mood__{axis}")).values("mean")
        return Coalesce(Subquery(points), Value(0.0), output_field=FloatField())

    ids = list(songs.order_by().values_list("pk", flat=True))
    songs.order_by().update(
        valence=mean("valence"), arousal=mean("arousal"), placed=Exists(of_song), revision=revision
    )
    for start in range(0, len(ids), BATCH):
        placements, _ = placements_of(ids[start : start + BATCH])
        _points_overrule(placements)


def _points_overrule(placements: dict[UUID, Placement]) -> None:
    Song.objects.bulk_update(
        [
            Song(pk=one.song_id, valence=one.valence, arousal=one.arousal, placed=True)
            for one in placements.values()
            if one.valence is not None and one.arousal is not None
        ],
        ["valence", "arousal", "placed"],
        batch_size=BATCH,
    )


def standing_of(song_ids: Collection[UUID]) -> dict[tuple[UUID, int], Standing]:
    """What is held of each (song, mood) that anybody judged, at most `BATCH` songs at a time."""
    found: dict[tuple[UUID, int], Standing] = defaultdict(Standing)
    rows = Annotation.objects.filter(song_id__in=song_ids).order_by("pk").values_list(
        "pk", "answers_id", "song_id", "mood_id", "source", "author_id", "present", "confidence"
    )  # fmt: skip
    judged = list(rows)
    taken_back = {answers for _pk, answers, *_said in judged if answers is not None}
    for pk, answers, song_id, mood_id, *said in judged:
        if answers is None and pk not in taken_back:
            found[song_id, mood_id].hear(*said)
    for held in found.values():
        held.settle()
    return found


def placements_of(song_ids: Collection[UUID]) -> tuple[dict[UUID, Placement], set[UUID]]:
    """The latest placement of the highest rank of each song that has any; and the songs of which
    one was taken back, whose point is another now."""
    found: dict[UUID, Placement] = {}
    judged = list(Placement.objects.filter(song_id__in=song_ids).order_by("pk"))
    taken_back = {one.answers_id for one in judged}
    for one in judged:
        if one.answers_id is not None or one.pk in taken_back:
            continue
        before = found.get(one.song_id)
        if before is None or RANK[Source(one.source)] >= RANK[Source(before.source)]:
            found[one.song_id] = one
    return found, {one.song_id for one in judged if one.answers_id is not None}


def _doubts_write(
    song_ids: Collection[UUID],
    standing: dict[tuple[UUID, int], Standing],
    placements: dict[UUID, Placement],
) -> None:
    """Confidence, dispute, ambiguity and the queue's order, written only where they differ."""
    by_song: dict[UUID, dict[int, Standing]] = defaultdict(dict)
    for (song_id, mood_id), one in standing.items():
        by_song[song_id][mood_id] = one
    names = ("mood_confidence", "disputed", "ambiguous", "doubt", "gain")
    rarity = rarities()
    changed: dict[tuple[Any, ...], list[UUID]] = {}
    for pk, reach, *now in Song.objects.filter(pk__in=song_ids).values_list("pk", "reach", *names):
        judged = by_song.get(pk, {})
        moods = [mood for mood, one in judged.items() if one.present]
        confidence = min((judged[mood].confidence for mood in moods), default=None)
        disputed = any(one.disputed for one in judged.values())
        placement = placements.get(pk)
        ambiguous = placement is not None and placement.ambiguous
        doubt, chance = doubt_of(confidence=confidence, disputed=disputed, ambiguous=ambiguous)
        gain = gain_of(reach=reach, doubt=chance, moods=moods, rarity=rarity)
        wanted: list[Any] = [confidence, disputed, ambiguous, doubt, gain]
        if wanted != now:
            changed.setdefault(tuple(wanted), []).append(pk)
    if len(changed) <= FEW:
        # One judgement of many songs mostly leaves them alike, and this is ten times as fast.
        for values, pks in changed.items():
            Song.objects.filter(pk__in=pks).update(**dict(zip(names, values, strict=True)))
        return
    rows = [
        Song(pk=pk, **dict(zip(names, values, strict=True)))
        for values, pks in changed.items()
        for pk in pks
    ]
    Song.objects.bulk_update(rows, names, batch_size=BATCH)


def ids_in_batches(ids: list[UUID]) -> Iterable[list[UUID]]:
    """The keys, `BATCH` at a time."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
