"""Making a list: a reading and a goal, the catalogue, the community and the listener's own word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Song
from catalog.selectors import songs_listed
from emotions.models import Reading
from ml.recommend.dial import Dial
from ml.recommend.explore import Evidence, Exploration
from ml.recommend.fresh import fresh
from ml.recommend.rank import PARTS, Ranking, rank
from ml.recommend.taste import Taste, taste
from moodmusic.enqueue import ring
from moodmusic.problems import DomainError
from recommendations import reasons
from recommendations.community import Community, community_of
from recommendations.history import History, Said, history_of
from recommendations.models import Activity, Goal, ListItem, SongList
from recommendations.selectors import Candidates, candidates, evidence_of, wishes_of
from recommendations.situation import Situation, situation_now
from recommendations.snapshot import Snapshot
from recommendations.store import STORE
from recommendations.targets import Aim, aim_of

SIZE, LEAST_SIZE, MOST_SIZE = 20, 1, 50
#: Songs at the head of a list whose audio is rendered before anyone presses play.
PREPARED = 3
#: How long a song counts as lately added.
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a list keeps of another one.

    Attributes
    ----------
    root : the list that the other began as
    heard : songs that are not to come again
    items : of the other list, which stand in front
    """

    root: UUID
    heard: tuple[UUID, ...]
    items: tuple[ListItem, ...]


def list_make(
    *,
    user: User,
    reading: Reading,
    goal: str,
    size: int = SIZE,
    journey: bool = False,
    activity: str = "",
    kept: Kept | None = None,
) -> SongList:
    """Make and store a list of `size` songs (1..50) for the listener's reading.

    On a journey the songs lead from the mood read to the goal; else all of them are for the goal.

    The listener may name an activity; it and the time of day are kept with the list, unless the
    operator has turned that off, and songs are chosen with what was said of songs in them.

    The listener's own songs are among those to choose from. The items of `kept` count among the
    `size` (see `services.tails`).

    A few queries whatever the size of the catalogue, which is held in memory.

    Raises
    ------
    DomainError
        `not_found` (404) for another listener's reading; `invalid` (400) for an unknown goal or
        activity or a size out of bounds; `no_songs` (409) when the catalogue is empty or all of it
        filtered out; `no_policy` (409) when an administrator has deleted a row of the policy.
    """
    if reading.user_id != user.pk:
        raise DomainError("not_found", _("There is no such reading."), 404)
    if goal not in Goal.values:
        goals = {"goals": ", ".join(Goal.values)}
        raise DomainError("invalid", _("The goal is one of %(goals)s.") % goals)
    if activity and activity not in Activity.values:
        activities = {"activities": ", ".join(Activity.values)}
        words = _("The activity is one of %(activities)s, or none.") % activities
        raise DomainError("invalid", words, errors={"activity": [words]})
    if not LEAST_SIZE <= size <= MOST_SIZE:
        sizes = {"least": LEAST_SIZE, "most": MOST_SIZE}
        raise DomainError("invalid", _("A list has %(least)d to %(most)d songs.") % sizes)
    situation = situation_now(activity=activity, now=timezone.now())
    songs = STORE.catalogue_of(user.pk)
    draft = _Draft(user, reading, Goal(goal), size, songs, journey, situation, kept)
    chosen = draft.fetched()
    if len(chosen) < len(draft.ids):
        # A song was deleted without a new revision: read the catalogue again and rank again.
        STORE.reload()
        songs = STORE.catalogue_of(user.pk)
        draft = _Draft(user, reading, Goal(goal), size, songs, journey, situation, kept)
        chosen = draft.fetched()
    return draft.stored(chosen)


class _Draft:
    """A ranked list before it is stored."""

    def __init__(
        self,
        user: User,
        reading: Reading,
        goal: Goal,
        size: int,
        songs: Snapshot,
        journey: bool,
        situation: Situation,
        kept: Kept | None,
    ) -> None:
        self.user, self.reading, self.goal, self.songs = user, reading, goal, songs
        self.pk: UUID = uuid4()
        self.kept = kept
        front = len(kept.items) if kept else 0
        now = timezone.now()
        self.wishes = wishes_of(user)
        self.emotion: str = reading.emotion
        self.history: History = history_of(user_id=user.pk, situation=situation.known)
        self.journey, self.situation = journey, situation
        self.aim: Aim = aim_of(reading=reading, goal=goal, travelling=journey, songs=songs)
        self.open: Candidates = candidates(
            user=user,
            songs=songs,
            history=self.history,
            emotion=self.emotion,
            now=now,
            root=kept.root if kept else None,
        )
        allowed = self.open.allowed
        if kept:
            heard = songs.index_of(kept.heard)
            allowed = allowed & ~songs.with_versions_of(heard[heard >= 0])
        places = front + max(1, min(size - front, int(allowed.sum())))
        mood = self.aim.mood(songs, places)
        self.community: Community = community_of(
            user_id=user.pk,
            history=self.history,
            songs=songs,
            favourites=self.open.liking.favourites,
            emotion=self.emotion,
        )
        self.taste: Taste = taste(songs.vectors, songs.carried, songs.artists, self.open.liking)
        self.ranking: Ranking = rank(
            mood=mood[front:] if mood.ndim == 2 else mood,
            strength=self.aim.strength,
            collaborative=self.community.scores,
            weight=self.community.weight,
            popularity=self.community.popularity,
            own=songs.own,
            taste=self.taste.total,
            fresh=fresh(len(songs), self.open.heard, self.open.shown, self.open.days),
            groups=songs.groups,
            allowed=allowed,
            size=size - front,
            dial=self._dial(),
            exploration=Exploration(
                _dice(self.pk), songs.added_since(now - LATELY), self._evidence
            ),
        )
        if not len(self.ranking.songs):
            raise DomainError(
                "no_songs",
                _(
                    "There is no song left for this mood: the catalogue is empty, or you have "
                    "turned all of it down. Undo some of your verdicts, or ask the curators for "
                    "more songs."
                ),
                409,
            )
        self.ids: list[UUID] = [songs.song_id(int(index)) for index in self.ranking.songs]
        self.causes = [
            reasons.cause_of(
                index=int(index),
                parts=parts,
                taste=self.taste,
                liking=self.open.liking,
                songs=songs,
                ids=self.open.liked,
            )
            for index, parts in zip(self.ranking.songs, self.ranking.parts, strict=True)
        ]

    def _dial(self) -> Dial:
        percent = self.wishes.new_percent
        return Dial(
            self.open.known,
            self.open.plays,
            None if percent is None else percent / 100,
            self.wishes.familiar_first,
        )

    def _evidence(self, indexes: np.ndarray) -> Evidence:
        ids = [self.songs.song_id(index) for index in indexes.tolist()]
        return evidence_of(songs=ids, emotion=self.emotion)

    def fetched(self) -> dict[UUID, Song]:
        """The chosen songs that are still there, and those the reasons name; one query."""
        named = {cause.song for cause in self.causes if cause.song}
        found = songs_listed(user=self.user).defer("features").in_bulk([*self.ids, *named])
        self.names = {pk: (song.title, song.artist.name) for pk, song in found.items()}
        return {pk: found[pk] for pk in self.ids if pk in found}

    @transaction.atomic
    def stored(self, chosen: dict[UUID, Song]) -> SongList:
        song_list = SongList.objects.create(
            pk=self.pk,
            user=self.user,
            reading=self.reading,
            emotion=self.emotion,
            goal=self.goal,
            journey=self.journey,
            activity=self.situation.activity,
            daypart=self.situation.daypart,
            valence=self.aim.target.valence,
            arousal=self.aim.target.arousal,
            model_id=self.community.version_id,
            collaborative_weight=self.community.weight,
            new_percent=self.wishes.new_percent,
            began_as_id=self.kept.root if self.kept else None,
        )
        known = set(self.open.known.tolist())
        kept = [(at, pk) for at, pk in enumerate(self.ids) if pk in chosen]
        made = self.ranking
        front = self._front(song_list)
        ranked = [
            ListItem(
                song_list=song_list,
                position=position,
                song=chosen[pk],
                score=float(made.scores[at]),
                parts=dict(zip(PARTS, made.parts[at].tolist(), strict=True)),
                **self._reason(at, chosen[pk]),
                propensity=float(made.chances[at]),
                tried=bool(made.tried[at]),
                new=int(made.songs[at]) not in known,
            )
            for position, (at, pk) in enumerate(kept, start=len(front) + 1)
        ]
        ListItem.objects.bulk_create([*front, *ranked])
        from catalog.tasks import prepare_audio

        for _at, pk in kept[:PREPARED]:
            ring(prepare_audio, str(pk))
        return song_list

    def _front(self, song_list: SongList) -> list[ListItem]:
        """The items kept, as they were, at the first places."""
        return [
            ListItem(
                song_list=song_list,
                position=position,
                song_id=one.song_id,
                score=one.score,
                parts=one.parts,
                reason=one.reason,
                because=one.because,
                propensity=one.propensity,
                tried=one.tried,
                new=one.new,
            )
            for position, one in enumerate(self.kept.items if self.kept else (), start=1)
        ]

    def _reason(self, at: int, song: Song) -> dict[str, Any]:
        """The fields of an item that say why the song is there."""
        liked = self.community.liked_here
        reason = reasons.reason_of(
            cause=self.causes[at],
            emotion=self.emotion,
            goal=self.goal,
            journey=self.journey,
            personal=self.community.personal,
            activity=self.situation.activity,
            liked_here=None if liked is None else bool(liked[self.ranking.songs[at]]),
            artist=song.artist.name,
            name_of=self.names.get,
            said_of=self._said,
        )
        with translation.override(settings.LANGUAGE_CODE):
            words = str(reason)
        return {"reason": words, "because": {"key": reason.key, **reason.values}}

    def _said(self, song: UUID) -> Said:
        """What the listener said of a song: in this mood, else in none, else most strongly."""
        said = self.history.said.get(song, {})
        for emotion in (self.emotion, ""):
            if emotion in said and said[emotion].liking:
                return said[emotion]
        return max(said.values(), key=lambda one: abs(one.liking), default=Said())


def _dice(pk: UUID) -> np.random.Generator:
    """Draws by the list's id, so that a list can be made again from what it was made of."""
    return np.random.default_rng(pk.int if settings.LIST_SEED is None else settings.LIST_SEED)
