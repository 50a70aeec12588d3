"""Who said which mood of a song, in plain words; nobody is named."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from catalog.models import Annotation, Mood, Song

Source = Annotation.Source

#: Who speaks, first those who count most; one of them, and several.
WORDS = {
    Source.CURATOR: ngettext_lazy("a curator", "%(number)d curators", "number"),
    Source.LISTENER: ngettext_lazy("a listener", "%(number)d listeners", "number"),
    Source.FOLDER: ngettext_lazy(
        "the folder it was imported from", "the folders it was imported from", "number"
    ),
    Source.TABLE: ngettext_lazy(
        "the table it was imported from", "the tables it was imported from", "number"
    ),
    Source.GENERATOR: ngettext_lazy(
        "the program that composed it", "the program that composed it", "number"
    ),
    Source.MODEL: ngettext_lazy(
        "our model of how songs sound", "our models of how songs sound", "number"
    ),
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is held of one mood: `holds`, who says `yes` and who says `no`, in words."""

    mood: Mood
    holds: bool
    yes: str
    no: str


def opinions_of(song: Song) -> list[Opinion]:
    """Every mood that somebody says it has, those that hold first; each judge's latest word counts.

    Two queries beside the song's prefetched moods.
    """
    latest: dict[tuple[int, str, int | None, str], Annotation] = {}
    moods: dict[int, Mood] = {}
    for said in song.annotations.select_related("mood").order_by("pk"):
        latest[said.mood_id, said.source, said.author_id, said.detail] = said
        moods[said.mood_id] = said.mood
    sides: dict[tuple[int, bool], list[Annotation]] = defaultdict(list)
    for said in latest.values():
        sides[said.mood_id, said.present].append(said)
    holding = {mood.pk for mood in song.moods.all()}
    opinions = [
        Opinion(mood, pk in holding, _voices(sides[pk, True]), _voices(sides[pk, False]))
        for pk, mood in moods.items()
        if sides[pk, True]
    ]
    return sorted(opinions, key=lambda one: (not one.holds, one.mood.name))


def _voices(side: list[Annotation]) -> str:
    """ "2 curators, our model of how songs sound (72 % sure)"."""
    number = Counter(said.source for said in side)
    sure = {said.source: said.confidence for said in side if said.confidence is not None}
    words = []
    for source, said_by in WORDS.items():
        if not number[source]:
            continue
        text = said_by % {"number": number[source]}
        share = sure.get(source)
        if share is not None:
            text = _("%(who)s (%(percent)s sure)") % {"who": text, "percent": f"{share:.0%}"}
        words.append(text)
    return ", ".join(words)
