"""What a listener has said of songs, seen as confidences and as likings."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from ml.recommend.feedback import liking_value, signed_value
from recommendations.models import Play, Verdict

#: How long "not now" keeps a song away.
NOT_NOW = timedelta(hours=6)
#: How long a song counts as just heard.
JUST_HEARD = timedelta(days=1)
#: Seconds under which a start is browsing, not hearing.
BROWSING_S = 5.0

FINISHED = (Play.Outcome.COMPLETED, Play.Outcome.SKIPPED)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one song in one mood ("" where no mood was named); plays as faded."""

    stars: int | None = None
    completed: float = 0
    skipped: float = 0

    @property
    def liking(self) -> float:
        return liking_value(stars=self.stars, completed=self.completed, skipped=self.skipped)


class Turned(NamedTuple):
    """When something was said of a song, and whether in a private stretch: it teaches nothing."""

    at: datetime
    private: bool


@dataclass(slots=True)
class History:
    """All feedback of one listener, as of a month.

    `said` is {song: {emotion: Said}}; `verdicts` and `nudges` are
    {song: {(kind, emotion): Turned}}; `heard` is {song:
    time last heard}. `events` and `latest` change whenever what a model may learn from changes;
    what it makes of them changes with `month` too, because plays fade (see `month_of`). `within` is
    {field: what of it was said in the situation asked for}, ratings and plays alone.
    """

    month: int
    said: dict[UUID, dict[str, Said]] = field(default_factory=dict)
    verdicts: dict[UUID, dict[tuple[str, str], Turned]] = field(default_factory=dict)
    nudges: dict[UUID, dict[tuple[str, str], Turned]] = field(default_factory=dict)
    heard: dict[UUID, datetime] = field(default_factory=dict)
    events: int = 0
    latest: datetime | None = None
    within: dict[str, History] = field(default_factory=dict)

    def confidences(self) -> dict[UUID, float]:
        """{song: signed confidence} for the collaborative model; silent songs are left out."""
        values = {song: self._confidence(song) for song in self._songs()}
        return {song: value for song, value in values.items() if value}

    def _confidence(self, song: UUID) -> float:
        said = self.said.get(song, {}).values()
        never = song in self.verdicts and self._taught(song, Verdict.Kind.NEVER, "")
        if len(said) == 1:
            # Of most songs something was said in one mood alone: the same, at a third of the time.
            (one,) = said
            return signed_value(
                stars=one.stars, completed=one.completed, skipped=one.skipped, never=never
            )
        stars = [one.stars for one in said if one.stars is not None]
        return signed_value(
            stars=sum(stars) / len(stars) if stars else None,
            completed=math.fsum(one.completed for one in said),
            skipped=math.fsum(one.skipped for one in said),
            never=never,
        )

    def _songs(self) -> list[UUID]:
        """The songs in one order, so that the same events give the same sums to the last bit."""
        return sorted({*self.said, *self.verdicts}, key=lambda song: song.int)

    def _taught(self, song: UUID, kind: Verdict.Kind, emotion: str) -> bool:
        turned = self.verdicts.get(song, {}).get((kind, emotion))
        return turned is not None and not turned.private

    def excluded(self, *, emotion: str, now: datetime) -> set[UUID]:
        """Songs that a list for this emotion must not hold.

        A rating in this mood counts before one that names none. Verdicts said in private hide as
        others do.
        """
        songs = set()
        for song, said in self.said.items():
            here = [said[key].stars for key in (emotion, "") if key in said]
            stars = next((one for one in here if one is not None), None)
            if stars is not None and stars <= 2:
                songs.add(song)
        for song, verdicts in self.verdicts.items():
            for (kind, where), turned in verdicts.items():
                if (
                    kind == Verdict.Kind.NEVER
                    or (kind == Verdict.Kind.NOT_NOW and turned.at > now - NOT_NOW)
                    or (kind == Verdict.Kind.NOT_FOR_THIS_MOOD and where == emotion)
                ):
                    songs.add(song)
        return songs

    def likings(self, *, emotion: str) -> dict[UUID, tuple[float, float]]:
        """{song: (liking in this mood or in none, mean liking in other moods)}, each -1..1.

        "Not now" says nothing about the song's worth to the listener.
        """
        result: dict[UUID, tuple[float, float]] = {}
        for song in self._songs():
            if self._taught(song, Verdict.Kind.NEVER, ""):
                result[song] = (-1.0, -1.0)
                continue
            said = self.said.get(song, {})
            named = [said[key].liking for key in (emotion, "") if key in said]
            here = next((liking for liking in named if liking), 0.0)
            if self._taught(song, Verdict.Kind.NOT_FOR_THIS_MOOD, emotion):
                here = -1.0
            others = [one.liking for key, one in said.items() if key not in (emotion, "")]
            elsewhere = math.fsum(others) / len(others) if others else 0.0
            if here or elsewhere:
                result[song] = (here, elsewhere)
        return result

    def just_heard(self, *, now: datetime) -> list[UUID]:
        return [song for song, at in self.heard.items() if at > now - JUST_HEARD]
