"""Simulated listeners: does a list move the right way after the first few words?

Public data holds no listener who loves loud songs when happy and soft ones when sad, so they are
made here. The lists are the product's own: `ml.recommend.taste` on what was said, `ml.recommend.
rank` on what comes of it, over generated songs in a fitted `ml.mood.Space`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ml.mood import Space
from ml.recommend.feedback import liking_value
from ml.recommend.rank import rank
from ml.recommend.spread import Groups
from ml.recommend.taste import Liking, taste

SONGS, ARTISTS, PLACES = 400, 40, 20
NAMES = ("loudness", "brightness", "tempo", "warmth")
#: How much of each feature the mood explains: its slope on valence and arousal, beside noise of 1.
SLOPES = np.array([[0.1, 1.0], [0.6, 0.3], [0.0, 0.8], [0.0, 0.0]])
#: Two moods as points of valence and arousal.
MOODS = np.array([[0.7, 0.4], [-0.6, -0.3]])
#: Standard deviation of a listener's liking of the same song from one day to another.
MOODINESS = 0.25
#: Likings, from the lowest, at which one star more is given.
STAR_STEPS = (-0.6, -0.2, 0.2, 0.6)
#: Events after which a listener's list is compared with the one before them.
AFTER = (1, 3, 5, 10, 20)
LISTENERS, ROUNDS = 40, 5
#: Events of the former taste of a listener whose taste changes.
FORMER = 10
#: The rival learns in batches of so many events, and its ridge penalty.
BATCH, RIDGE = 20, 1.0


@dataclass(frozen=True, slots=True)
class Songs:
    """Generated songs.

    Attributes
    ----------
    vectors, carried : (n, d), see `ml.mood.Space`
    artists : (n,) integer codes
    sound : (n, 4) what each feature says that the mood does not explain, in standard deviations
    moods : (moods, n) agreement with each mood, -1..1
    """

    vectors: np.ndarray
    carried: np.ndarray
    artists: np.ndarray
    sound: np.ndarray
    moods: np.ndarray

    @classmethod
    def generate(cls, chance: np.random.Generator) -> Songs:
        points = chance.uniform(-1, 1, (SONGS, 2))
        sound = chance.normal(size=(SONGS, len(NAMES)))
        features = points @ SLOPES.T + sound
        space = Space.fit(points, features, NAMES)
        vectors = space.vectors(points, features)
        toward = np.array([space.toward(mood) for mood in MOODS])
        toward /= np.linalg.norm(toward, axis=1, keepdims=True)
        artists = chance.permutation(np.arange(SONGS) % ARTISTS)
        return cls(vectors, space.carried(vectors), artists, sound, toward @ vectors.T)


@dataclass(slots=True)
class Listener:
    """Likings (moods, n), -1..1, NaN for songs with no word to say of; (mood, song, stars) said."""

    likings: np.ndarray
    stars: list[tuple[int, int, int]] = field(default_factory=list)

    def say(self, mood: int, shown: np.ndarray, chance: np.random.Generator) -> None:
        """Give stars to one song of a list, by chance, of those about which there is something to
        say and nothing has been said yet; nothing where there is none."""
        felt = self.likings[mood, shown] + chance.normal(0, MOODINESS, len(shown))
        stars = 1 + np.searchsorted(STAR_STEPS, felt)
        said = [song for at, song, _stars in self.stars if at == mood]
        open_ = np.flatnonzero(np.isfinite(felt) & (stars != 3) & ~np.isin(shown, said))
        if len(open_):
            place = int(chance.choice(open_))
            self.stars.append((mood, int(shown[place]), int(stars[place])))

    def disliked(self, mood: int) -> list[int]:
        return [song for at, song, stars in self.stars if at == mood and stars <= 2]


#: What a method makes of a listener's stars for a mood: (n,) to add to the songs' scores.
Method = Callable[[Songs, Listener, int], np.ndarray]


def ours(songs: Songs, listener: Listener, mood: int) -> np.ndarray:
    """The taste part as lists have it."""
    by_song: dict[int, list[float]] = {}
    for at, song, stars in listener.stars:
        by_song.setdefault(song, [0.0, 0.0])[at != mood] = liking_value(stars=stars)
    values = np.array(list(by_song.values()), dtype=np.float64).reshape(-1, 2)
    liking = Liking(np.array(list(by_song), dtype=np.int64), values[:, 0], values[:, 1])
    return taste(songs.vectors, songs.carried, songs.artists, liking).total


def bandit(songs: Songs, listener: Listener, mood: int) -> np.ndarray:
    """A linear contextual bandit that learns in batches: ridge regression of the likings on a
    song's vector, shared by the moods and with an offset of each, on all full batches so far.

    Greedy, without the exploration that would only cost it in so short a run.
    """
    known = listener.stars[: len(listener.stars) // BATCH * BATCH]
    if not known:
        return np.zeros(len(songs.vectors))

    def rows(at: np.ndarray, song: np.ndarray) -> np.ndarray:
        plain = np.hstack([songs.vectors, songs.carried])[song]
        return np.hstack([plain, *(plain * (at == one)[:, None] for one in range(len(MOODS)))])

    at, song, stars = np.array(known).T
    seen = rows(at, song)
    gram = seen.T @ seen + RIDGE * np.eye(seen.shape[1])
    weights = np.linalg.solve(gram, seen.T @ ((stars - 3) / 2))
    everything = np.arange(len(songs.vectors))
    scores: np.ndarray = rows(np.full(len(everything), mood), everything) @ weights
    return scores


METHODS: dict[str, Method] = {"ours": ours, "bandit": bandit}


def listed(songs: Songs, listener: Listener, mood: int, method: Method) -> np.ndarray:
    """(20,) the listener's list now. Of a method that has not learnt yet, the disliked stay."""
    added = method(songs, listener, mood)
    allowed = np.ones(len(songs.vectors), dtype=bool)
    if added.any():
        allowed[listener.disliked(mood)] = False
    return rank(
        mood=songs.moods[mood],
        strength=1.0,
        collaborative=None,
        weight=0.0,
        taste=added,
        fresh=np.zeros(len(songs.vectors)),
        groups=Groups(songs.artists, np.arange(len(songs.artists))),
        allowed=allowed,
        size=PLACES,
    ).songs


@dataclass(frozen=True, slots=True)
class Life:
    """What a listener likes, and where.

    Attributes
    ----------
    former : (moods, n) what was liked before the first look, None without a past
    likings : (moods, n) what is liked from then on
    turns : the moods spoken in, in turn
    judged : the moods whose lists have to move; None for all that were spoken in
    gone : whether the list has to please wholly, instead of more than at first
    """

    former: np.ndarray | None
    likings: np.ndarray
    turns: tuple[int, ...]
    judged: tuple[int, ...] | None = None
    gone: bool = False


def _sound_taste(songs: Songs, chance: np.random.Generator) -> np.ndarray:
    """(n,) a liking of much, or little, of one feature."""
    feature, sign = chance.integers(len(NAMES)), chance.choice([-1, 1])
    taste: np.ndarray = np.tanh(1.5 * sign * songs.sound[:, feature])
    return taste


def opposite_tastes(songs: Songs, chance: np.random.Generator) -> Life:
    """Loves in one mood the sound that the other mood hates."""
    taste = _sound_taste(songs, chance)
    return Life(None, np.array([taste, -taste]), (0, 1))


def one_taste(songs: Songs, chance: np.random.Generator) -> Life:
    """Loves the same sound in every mood; says so in one, and is judged in the other."""
    taste = _sound_taste(songs, chance)
    return Life(None, np.array([taste, taste]), (0,), judged=(1,))


def disliked_artist(songs: Songs, chance: np.random.Generator) -> Life:
    """Dislikes all songs of an artist who is in the first list, and has no word for others."""
    first = listed(songs, Listener(np.zeros(songs.moods.shape)), 0, ours)
    artist = songs.artists[chance.choice(first)]
    likings = np.where(songs.artists == artist, -1.0, np.nan)
    return Life(None, np.array([likings, likings]), (0,), gone=True)


def changed_taste(songs: Songs, chance: np.random.Generator) -> Life:
    """Has said ten times what it now contradicts."""
    taste = _sound_taste(songs, chance)
    return Life(np.array([taste, taste]), np.array([-taste, -taste]), (0,))


LIVES: dict[str, Callable[[Songs, np.random.Generator], Life]] = {
    "opposite tastes in two moods": opposite_tastes,
    "one taste, told in another mood": one_taste,
    "an artist always disliked": disliked_artist,
    "a taste that changes": changed_taste,
}


def moved(songs: Songs, life: Life, method: Method, chance: np.random.Generator) -> list[bool]:
    """For each number of events in AFTER: whether every list that is judged moved the right way: it
    pleases more than before the first of them, or holds no song of the disliked artist."""
    listener = Listener(life.likings if life.former is None else life.former)
    if life.former is not None:
        for _event in range(FORMER):
            listener.say(0, listed(songs, listener, 0, method), chance)
        listener.likings = life.likings

    def pleasure(mood: int) -> float:
        likings = listener.likings[mood, listed(songs, listener, mood, method)]
        return float(np.nan_to_num(likings).sum())

    before = [pleasure(mood) for mood in range(len(MOODS))]
    found = []
    for event in range(1, AFTER[-1] + 1):
        mood = life.turns[(event - 1) % len(life.turns)]
        listener.say(mood, listed(songs, listener, mood, method), chance)
        if event in AFTER:
            judged = life.judged or life.turns[:event]
            now = [(pleasure(mood), before[mood]) for mood in judged]
            found.append(all(new == 0 if life.gone else new > old for new, old in now))
    return found


def simulate(*, seed: int = 0, rounds: int = ROUNDS, listeners: int = LISTENERS) -> dict[str, Any]:
    """Share of listeners whose list moved the right way, mean and sd over the rounds.

    Each round has its own songs and listeners; both methods meet the same ones.

    Returns
    -------
    {"lives": {life: {method: {"1": {"mean": ..., "sd": ...}, ...}}}, "listeners", "rounds", "seed"}
    """
    lives: dict[str, Any] = {}
    for number, (name, make) in enumerate(LIVES.items()):
        shares: dict[str, list[np.ndarray]] = {method: [] for method in METHODS}
        for one in range(rounds):
            songs = Songs.generate(np.random.default_rng((seed, one)))
            born = np.random.default_rng((seed, one, number))
            all_lives = [make(songs, born) for _listener in range(listeners)]
            for method, scores in METHODS.items():
                chance = np.random.default_rng((seed, one, number, 1))
                found = [moved(songs, life, scores, chance) for life in all_lives]
                shares[method].append(np.mean(found, axis=0))
        lives[name] = {
            method: {
                str(after): {"mean": round(float(mean), 4), "sd": round(float(sd), 4)}
                for after, mean, sd in zip(AFTER, np.mean(rows, 0), np.std(rows, 0), strict=True)
            }
            for method, rows in shares.items()
        }
    return {"lives": lives, "listeners": listeners * rounds, "rounds": rounds, "seed": seed}
