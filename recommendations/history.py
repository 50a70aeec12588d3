"""A listener's events, read once and seen as confidences and as likings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max

from ml.recommend.feedback import liking_value, signed_value
from recommendations.models import Play, Rating, Verdict

#: How long "not now" keeps a song away.
NOT_NOW = timedelta(hours=6)
#: How long a song counts as just heard.
JUST_HEARD = timedelta(days=1)
#: Seconds under which a start is browsing, not hearing.
BROWSING_S = 5.0

FINISHED = (Play.Outcome.COMPLETED, Play.Outcome.SKIPPED)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one song in one mood ("" where no mood was named)."""

    stars: int | None = None
    completed: int = 0
    skipped: int = 0

    @property
    def liking(self) -> float:
        return liking_value(stars=self.stars, completed=self.completed, skipped=self.skipped)


@dataclass(slots=True)
class History:
    """All feedback of one listener.

    `said` is {song: {emotion: Said}}; `verdicts` {song: {(kind, emotion): time}}; `heard` {song:
    time last heard}. `events` and `latest` change whenever what a model may learn from changes.
    """

    said: dict[UUID, dict[str, Said]] = field(default_factory=dict)
    verdicts: dict[UUID, dict[tuple[str, str], datetime]] = field(default_factory=dict)
    heard: dict[UUID, datetime] = field(default_factory=dict)
    events: int = 0
    latest: datetime | None = None

    def confidences(self) -> dict[UUID, float]:
        """{song: signed confidence} for the collaborative model; silent songs are left out."""
        songs = {*self.said, *self.verdicts}
        values = {song: self._confidence(song) for song in songs}
        return {song: value for song, value in values.items() if value}

    def _confidence(self, song: UUID) -> float:
        said = self.said.get(song, {}).values()
        stars = [one.stars for one in said if one.stars is not None]
        return signed_value(
            stars=sum(stars) / len(stars) if stars else None,
            completed=sum(one.completed for one in said),
            skipped=sum(one.skipped for one in said),
            never=(Verdict.Kind.NEVER, "") in self.verdicts.get(song, {}),
        )

    def excluded(self, *, emotion: str, now: datetime) -> set[UUID]:
        """Songs that a list for this emotion must not hold.

        A rating in this mood counts before one that names none.
        """
        songs = set()
        for song, said in self.said.items():
            here = [said[key].stars for key in (emotion, "") if key in said]
            stars = next((one for one in here if one is not None), None)
            if stars is not None and stars <= 2:
                songs.add(song)
        for song, verdicts in self.verdicts.items():
            for (kind, where), at in verdicts.items():
                if (
                    kind == Verdict.Kind.NEVER
                    or (kind == Verdict.Kind.NOT_NOW and at > now - NOT_NOW)
                    or (
                        kind in (Verdict.Kind.NOT_FOR_THIS_MOOD, Verdict.Kind.WRONG_MOOD)
                        and where == emotion
                    )
                ):
                    songs.add(song)
        return songs

    def likings(self, *, emotion: str) -> dict[UUID, tuple[float, float]]:
        """{song: (liking in this mood or in none, mean liking in other moods)}, each -1..1.

        "Not now" and "wrong mood" say nothing about the song's worth to the listener.
        """
        result: dict[UUID, tuple[float, float]] = {}
        for song in {*self.said, *self.verdicts}:
            kinds = self.verdicts.get(song, {})
            said = self.said.get(song, {})
            if (Verdict.Kind.NEVER, "") in kinds:
                result[song] = (-1.0, -1.0)
                continue
            named = [said[key].liking for key in (emotion, "") if key in said]
            here = next((liking for liking in named if liking), 0.0)
            if (Verdict.Kind.NOT_FOR_THIS_MOOD, emotion) in kinds:
                here = -1.0
            others = [one.liking for key, one in said.items() if key not in (emotion, "")]
            elsewhere = sum(others) / len(others) if others else 0.0
            if here or elsewhere:
                result[song] = (here, elsewhere)
        return result

    def just_heard(self, *, now: datetime) -> list[UUID]:
        return [song for song, at in self.heard.items() if at > now - JUST_HEARD]


def histories(
    *,
    user_id: int | None = None,
    users: tuple[int, int] | None = None,
    before: datetime | None = None,
) -> dict[int, History]:
    """{user id: history} of one listener, of a range of ids (both ends in it) or of all, from the
    events before a time."""
    ratings = Rating.objects.all()
    plays = Play.objects.all()
    verdicts = Verdict.objects.all()
    if user_id is not None:
        ratings, plays = ratings.filter(user=user_id), plays.filter(user=user_id)
        verdicts = verdicts.filter(user=user_id)
    if users is not None:
        among = {"user__gte": users[0], "user__lte": users[1]}
        ratings, plays = ratings.filter(**among), plays.filter(**among)
        verdicts = verdicts.filter(**among)
    if before is not None:
        ratings, plays = ratings.filter(updated_at__lt=before), plays.filter(updated_at__lt=before)
        verdicts = verdicts.filter(created_at__lt=before)
    found: dict[int, History] = {}
    _add_ratings(found, ratings.values_list("user", "song", "emotion", "stars", "updated_at"))
    _add_plays(
        found,
        plays.order_by()
        .values_list("user", "song", "emotion", "outcome")
        .annotate(Count("pk"), Max("updated_at"), Max("position_s")),
    )
    _add_verdicts(found, verdicts.values_list("user", "song", "kind", "emotion", "created_at"))
    return found


def history_of(*, user_id: int) -> History:
    """The history of one listener; three queries."""
    return histories(user_id=user_id).get(user_id) or History()


def _count(history: History, number: int, at: datetime) -> None:
    history.events += number
    history.latest = max(history.latest, at) if history.latest else at


def _add_ratings(
    found: dict[int, History], rows: Iterable[tuple[int, UUID, str, int, datetime]]
) -> None:
    for user, song, emotion, stars, at in rows:
        history = found.setdefault(user, History())
        history.said.setdefault(song, {})[emotion] = Said(stars=stars)
        _count(history, 1, at)


def _add_plays(
    found: dict[int, History],
    rows: Iterable[tuple[int, UUID, str, str, int, datetime, float]],
) -> None:
    for user, song, emotion, outcome, number, at, furthest in rows:
        history = found.setdefault(user, History())
        if outcome == Play.Outcome.COMPLETED or furthest >= BROWSING_S:
            before = history.heard.get(song)
            history.heard[song] = max(before, at) if before else at
        if outcome not in FINISHED:
            continue
        moods = history.said.setdefault(song, {})
        said = moods.get(emotion, Said())
        completed = number if outcome == Play.Outcome.COMPLETED else 0
        moods[emotion] = Said(
            said.stars, said.completed + completed, said.skipped + number - completed
        )
        _count(history, number, at)


def _add_verdicts(
    found: dict[int, History], rows: Iterable[tuple[int, UUID, str, str, datetime]]
) -> None:
    for user, song, kind, emotion, at in rows:
        history = found.setdefault(user, History())
        history.verdicts.setdefault(song, {})[kind, emotion] = at
        if kind == Verdict.Kind.NEVER:
            _count(history, 1, at)
