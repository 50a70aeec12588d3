"""What the list maker believes of a listener in a mood: its own numbers, named and put in order.

Nothing is computed here that a list would not use: history, candidates, taste and community are
asked as `services.list_make` asks them, and a belief's strength is what it adds to a score.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import numpy as np

from accounts.models import User
from catalog.models import Artist, Mood, Song
from ml.recommend.taste import ARTIST, Liking, Taste, taste
from moodmusic.templatetags.words import mood_name
from recommendations.beliefs.sounds import sound_of
from recommendations.community import Community, community_of
from recommendations.favourites import favourites_of
from recommendations.history import History, history_of
from recommendations.models import Favourite
from recommendations.selectors import Candidates, candidates
from recommendations.snapshot import Snapshot, genre_code
from recommendations.store import STORE

#: What a belief must add to a score, or take from it, to be one.
LEAST = 0.005
#: Beliefs of a kind that are shown, and songs that one rests on.
MOST, MOST_SOURCES = 30, 8
#: Strengths from which a leaning is called clear, and strong.
CLEAR, STRONG = 0.08, 0.2
#: The strength that fills a bar: as much as a song of five stars gains by itself.
FULL = 0.3
KINDS = ("asked", "artist", "genre", "mood", "sound", "song")


@dataclass(frozen=True, slots=True)
class Belief:
    """A leaning towards (strength above 0) or away from something.

    `key` tells it from others of its `kind`; `sources` are {song: what it did for the strength},
    the greatest first; `favourite` says that naming a favourite is part of it.
    """

    kind: str
    key: str
    name: str
    strength: float
    sources: dict[UUID, float] = field(default_factory=dict)
    favourite: bool = False
    #: Songs alone: whether lists leave it out.
    left_out: bool = False
    song: Song | None = None

    @property
    def id(self) -> str:
        """Tells it from all others of a page, and may stand in an address."""
        return f"{self.kind}-{self.key if self.kind != 'genre' else self.key.encode().hex()}"

    @property
    def bar(self) -> tuple[float, float]:
        """Where a bar from the middle begins and how long it is, of 100 for FULL to each side."""
        length = round(min(1.0, abs(self.strength) / FULL) * 100, 1)
        return (-length if self.strength < 0 else 0.0), length

    @property
    def degree(self) -> str:
        """How strong the leaning is: "strong", "clear" or "slight"."""
        size = abs(self.strength)
        return "strong" if size >= STRONG else "clear" if size >= CLEAR else "slight"


@dataclass(frozen=True, slots=True)
class Beliefs:
    """All beliefs in a mood ("" for what holds in any), the strongest of each kind first.

    `weight` (0..1) is the share of other listeners in the choice, `personal` whether they are like
    this one; `most` is what the listener's own word adds to the song that it favours most.
    """

    emotion: str
    by_kind: dict[str, list[Belief]]
    weight: float
    personal: bool
    most: float
    told: int


@dataclass(frozen=True, slots=True)
class _View:
    """What a list for this mood would be made of."""

    songs: Snapshot
    history: History
    open: Candidates
    taste: Taste
    excluded: set[UUID]

    @property
    def liking(self) -> Liking:
        return self.open.liking


def beliefs_of(*, user: User, emotion: str, now: datetime) -> Beliefs:
    """What is believed of the listener in this mood; "" is what was said without naming one."""
    whole = history_of(user_id=user.pk, now=now)
    history = whole if emotion else _in_any_mood(whole)
    songs = STORE.catalogue_of(user.pk)
    open_ = candidates(user=user, songs=songs, history=history, emotion=emotion, now=now)
    view = _View(
        songs,
        history,
        open_,
        taste(songs.vectors, songs.carried, songs.artists, open_.liking),
        history.excluded(emotion=emotion, now=now),
    )
    community: Community = community_of(
        user_id=user.pk,
        history=whole,
        songs=songs,
        favourites=open_.liking.favourites,
        emotion=emotion,
    )
    named = list(favourites_of(user))
    found = {
        "asked": _asked(view),
        "artist": _artists(view, named),
        "genre": _genres(view, named),
        "mood": _moods(view),
        "sound": _sounds(view),
        "song": _songs(view),
    }
    return Beliefs(
        emotion,
        {kind: _strongest(beliefs) for kind, beliefs in found.items()},
        community.weight,
        community.personal,
        float(view.taste.total.max(initial=0)),
        len(open_.liked) + len(named) + len(found["asked"]),
    )


def _in_any_mood(history: History) -> History:
    """What was said of songs without naming a mood."""
    said = {song: {"": moods[""]} for song, moods in history.said.items() if "" in moods}
    verdicts = {
        song: general
        for song, each in history.verdicts.items()
        if (general := {key: turned for key, turned in each.items() if not key[1]})
    }
    nudges = {
        song: general
        for song, each in history.nudges.items()
        if (general := {key: turned for key, turned in each.items() if not key[1]})
    }
    return History(history.month, said, verdicts, nudges, history.heard)


def _strongest(beliefs: list[Belief]) -> list[Belief]:
    told = [one for one in beliefs if abs(one.strength) >= LEAST or one.left_out]
    return sorted(told, key=lambda one: (-abs(one.strength), one.name, one.key))[:MOST]


def _asked(view: _View) -> list[Belief]:
    """What asking for more or less like a song adds to that song itself; others have as much of it
    as they are like it.
    """
    nudges = view.liking.nudges
    if nudges is None:
        return []
    ids = [view.songs.song_id(place) for place in nudges.songs.tolist()]
    effects = dict(zip(ids, nudges.effects.tolist(), strict=True))
    found = Song.objects.select_related("artist").defer("features").in_bulk(ids)
    return [
        Belief("asked", str(pk), found[pk].title, effect, {pk: effect}, song=found[pk])
        for pk, effect in effects.items()
        if pk in found
    ]


def _artists(view: _View, named: list[Favourite]) -> list[Belief]:
    songs, liking = view.songs, view.liking
    favourites = {one.artist_id for one in named if one.artist_id}
    of_row = songs.artists[liking.songs]
    stronger = np.abs(liking.here) >= np.abs(liking.elsewhere)
    said = np.where(stronger, liking.here, liking.elsewhere)
    found = Artist.objects.in_bulk([*favourites, *{int(code) for code in of_row}])
    beliefs = []
    for pk, artist in found.items():
        theirs = np.flatnonzero(songs.artists == pk)
        if not len(theirs):
            continue
        strength = view.taste.artist[theirs[0]]
        if pk in favourites:
            strength += view.taste.favourite[theirs[0]]
        mine = (of_row == pk) & (said != 0)
        sources = _sources(view, np.where(mine, ARTIST * said / (mine.sum() + 2), 0))
        beliefs.append(
            Belief("artist", str(pk), artist.name, float(strength), sources, pk in favourites)
        )
    return beliefs


def _genres(view: _View, named: list[Favourite]) -> list[Belief]:
    beliefs = []
    for one in named:
        if one.genre:
            theirs = np.flatnonzero(view.songs.genres == genre_code(one.genre))
            strength = float(view.taste.favourite[theirs].mean()) if len(theirs) else 0.0
            beliefs.append(
                Belief("genre", one.genre, one.genre.capitalize(), strength, favourite=True)
            )
    return beliefs


def _moods(view: _View) -> list[Belief]:
    """What the profile adds to a song that lies where a mood does, with the sound to expect."""
    space = view.songs.space
    beliefs = []
    for mood in Mood.objects.all():
        toward = space.toward(np.array([mood.valence, mood.arousal]))
        length = float(np.linalg.norm(toward))
        vector = (toward / length if length else toward)[None, :].astype(np.float32)
        beliefs.append(_of_profile(view, "mood", mood.slug, mood_name(mood.name), vector))
    return beliefs


def _sounds(view: _View) -> list[Belief]:
    """What the profile adds to a song that differs from the average by one trait alone."""
    beliefs = []
    for place, name in enumerate(view.songs.space.names):
        words = sound_of(name)
        if words is None:
            continue
        vector = np.zeros((1, 2 + len(view.songs.space.names)), dtype=np.float32)
        vector[0, 2 + place] = 1
        belief = _of_profile(view, "sound", name, "", vector)
        high, low = words
        named = str(high if belief.strength >= 0 else low)
        # Away from the bright is towards the mellow: said the way that is liked.
        sources = belief.sources
        beliefs.append(Belief("sound", name, named, abs(belief.strength), sources))
    return beliefs


def _of_profile(view: _View, kind: str, key: str, name: str, vector: np.ndarray) -> Belief:
    carried = view.songs.space.carried(vector)[0]
    did = view.taste.did(vector[0], carried)
    named = view.taste.named @ carried
    strength = float(did.sum() + named.sum())
    return Belief(
        kind, key, name, strength, _sources(view, did), bool((np.abs(named) > LEAST).any())
    )


def _songs(view: _View) -> list[Belief]:
    own = view.taste.own[view.liking.songs]
    rows = {pk: float(value) for pk, value in zip(view.open.liked, own, strict=True)}
    for pk in view.excluded:
        rows.setdefault(pk, 0.0)
    ordered = sorted(rows, key=lambda pk: (-abs(rows[pk]), pk.int))[:MOST]
    found = Song.objects.select_related("artist").defer("features").in_bulk(ordered)
    return [
        Belief(
            "song",
            str(pk),
            found[pk].title,
            rows[pk],
            {pk: rows[pk]},
            left_out=pk in view.excluded,
            song=found[pk],
        )
        for pk in ordered
        if pk in found
    ]


def _sources(view: _View, values: np.ndarray) -> dict[UUID, float]:
    """The songs whose rows did most, {song: what it did}."""
    order = np.argsort(-np.abs(values), kind="stable")[:MOST_SOURCES]
    return {view.open.liked[row]: float(values[row]) for row in order.tolist() if values[row]}
