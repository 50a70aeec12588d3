"""Which songs a curator should listen to first.

The rule
--------
gain = (1 + reach) x doubt x rarity

reach : listeners who have played or rated the song; whoever hears it next is the 1.
doubt : chance that what lists hold of its mood is wrong. 1 for an unlabelled song, of which lists
    know nothing; 1/2 for a disputed one, where either side may be right; 1/4 for one that people
    called ambiguous, because another ear seldom settles it; 1 - confidence for one that a model
    labelled and was less than `SURE` of.
rarity : `TARGET` songs over the songs its rarest mood has, within `RAREST`: a song more matters to
    a mood of ten songs and hardly to one of ten thousand. 1 for a song without moods.

So the gain is the expected number of listeners whom a label helps, weighted towards thin moods.
It is kept on the song and indexed: the queue reads its first rows and sorts nothing. Judgements
renew it at once, `queue_weigh` renews reach and rarity of all songs every hour.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import models, transaction
from django.db.models import Case, Count, F, FloatField, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from catalog.models import Mood, Song

#: Confidence below which a model's mood waits for a curator.
SURE = 0.6
#: Songs that a mood should have, and artists among them.
TARGET, TARGET_ARTISTS = 150, 40
#: Least and most that rarity multiplies by.
RAREST = (0.2, 5.0)
#: Seconds for which counts of moods are taken as they are.
COUNTS_KEPT_S = 600
#: Songs written at a time.
BATCH = 500
DISPUTED_DOUBT, AMBIGUOUS_DOUBT = 0.5, 0.25


class Doubt(models.TextChoices):
    """Why a song waits, the first that holds."""

    AMBIGUOUS = "ambiguous"
    DISPUTED = "disputed"
    UNLABELLED = "unlabelled"
    UNSURE = "unsure"


#: Who knows how many listeners songs have: functions giving (song, listeners). The app above
#: registers itself, because the catalogue does not know it.
ReachSource = Callable[[], Iterable[tuple[UUID, int]]]
_sources: list[ReachSource] = []


def reach_source(function: ReachSource) -> ReachSource:
    """Let `queue_weigh` ask this function for listeners; registering again changes nothing."""
    if function not in _sources:
        _sources.append(function)
    return function


def doubt_of(*, confidence: float | None, disputed: bool, ambiguous: bool) -> tuple[str, float]:
    """Why a song waits ("" if it does not), and the chance that what stands is wrong."""
    if ambiguous:
        return Doubt.AMBIGUOUS.value, AMBIGUOUS_DOUBT
    if disputed:
        return Doubt.DISPUTED.value, DISPUTED_DOUBT
    if confidence is None:
        return Doubt.UNLABELLED.value, 1.0
    if confidence < SURE:
        return Doubt.UNSURE.value, 1.0 - confidence
    return "", 0.0


def rarities() -> dict[int, float]:
    """{mood key: rarity}, of counts at most ten minutes old."""
    kept: dict[int, float] | None = cache.get("catalog:rarities")
    if kept is None:
        kept = {}
        for pk, count in Mood.objects.annotate(n=Count("songs")).values_list("pk", "n").order_by():
            kept[pk] = rarity_of(count)
        cache.set("catalog:rarities", kept, COUNTS_KEPT_S)
    return kept


def rarity_of(songs: int) -> float:
    """Rarity of a mood that has so many songs."""
    least, most = RAREST
    return min(most, max(least, TARGET / max(1, songs)))


def gain_of(
    *, reach: int, doubt: float, moods: Collection[int], rarity: Mapping[int, float]
) -> float:
    """What a label would gain; `moods` are the keys of the song's moods."""
    return (1 + reach) * doubt * max((rarity.get(mood, 1.0) for mood in moods), default=1.0)


@transaction.atomic
def queue_weigh() -> int:
    """Count the listeners of all songs anew, and the gain of every song that waits.

    Returns how many songs wait. Repeating it changes nothing but what listeners and curators did
    since. It raises no revision: lists follow none of this.
    """
    cache.delete("catalog:rarities")
    _reach_write()
    waiting = Song.objects.exclude(doubt="").order_by()
    waiting.update(gain=(1 + F("reach")) * _doubt_sql() * _rarity_sql())
    Song.objects.filter(doubt="", gain__gt=0).update(gain=0)
    return waiting.count()


def _reach_write() -> None:
    listeners: dict[UUID, int] = {}
    for source in _sources:
        for song, number in source():
            listeners[song] = listeners.get(song, 0) + number
    before = dict(Song.objects.filter(reach__gt=0).values_list("pk", "reach"))
    changed: dict[int, list[UUID]] = {}
    for pk in listeners.keys() | before.keys():
        if listeners.get(pk, 0) != before.get(pk, 0):
            changed.setdefault(listeners.get(pk, 0), []).append(pk)
    # Most songs have few listeners, so few values are written to many songs each.
    for number, songs in changed.items():
        for start in range(0, len(songs), BATCH):
            Song.objects.filter(pk__in=songs[start : start + BATCH]).update(reach=number)


def _doubt_sql() -> Case:
    return Case(
        When(Q(doubt=Doubt.AMBIGUOUS), then=Value(AMBIGUOUS_DOUBT)),
        When(Q(doubt=Doubt.DISPUTED), then=Value(DISPUTED_DOUBT)),
        When(Q(doubt=Doubt.UNSURE), then=1.0 - F("mood_confidence")),
        default=Value(1.0),
        output_field=FloatField(),
    )


def _rarity_sql() -> Coalesce:
    whens = [When(mood_id=pk, then=Value(value)) for pk, value in rarities().items()]
    rarity = Case(*whens, default=Value(1.0), output_field=FloatField())
    links: Any = Song.moods.through.objects
    of_song = links.filter(song_id=OuterRef("pk")).order_by()
    rarest = of_song.values("song_id").annotate(most=Max(rarity)).values("most")
    return Coalesce(Subquery(rarest), Value(1.0), output_field=FloatField())
