"""What one listener's own feedback adds to each song, from the first rating, without a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ml.recommend.context import InContext, offset
from ml.recommend.nudges import Nudges, nudged

#: Greatest effect of the listener's profile: the cosine with the mean of what was liked, in the
#: song space (mostly mood) and in the sound that moods do not explain. The latter has the larger
#: share, because it alone tells the songs of one mood apart.
PROFILE = 0.6
SOUND_SHARE = 0.6
#: Feedback from which the profile has half its effect (shrinkage n / (n + k)).
SHRINKAGE = 3.0
#: Length of the mean of what was liked from which it counts as one taste and has its whole effect;
#: likings that contradict each other have a shorter mean, and less.
AGREED = 0.5
#: Correlation of a listener's tastes in two moods before anything is known of either. This and
#: AGREED were chosen on simulated listeners (seed 100): with less agreement asked for, a taste that
#: changes is followed later, and with a higher correlation two opposite tastes part later, while a
#: lower one hardly costs those who have one taste in all moods.
SHARED = 0.3
#: Effect of a song's own rating of five stars, on that song.
OWN = 0.3
#: Greatest effect of the listener's mean feedback on an artist, on the artist's songs.
ARTIST = 0.3
#: Further price of an artist whom the listener has disliked so often, unless liked half as often.
DISLIKES, ARTIST_DISLIKED = 3, -0.5
#: Effect of feedback given in another mood, relative to feedback given in this one.
OTHER_MOOD = 0.5
#: What a favourite named at set-up is worth: as much liking as one song of five stars.
FAVOURITE = 1.0


@dataclass(frozen=True, slots=True)
class Liking:
    """What a listener has said of songs, with this mood in view; one row per song, (m,).

    Attributes
    ----------
    songs : indexes of the songs
    here : -1..1, what was said in this mood, or without naming a mood
    elsewhere : -1..1, what was said in other moods
    favourites : for each artist or genre named as a favourite the indexes of its songs, (k,)
    contexts : what of it was said in the situation in view, one for each kind of situation
    nudges : what more or less was asked for of songs like these; None where nothing was
    """

    songs: np.ndarray
    here: np.ndarray
    elsewhere: np.ndarray
    favourites: tuple[np.ndarray, ...] = ()
    contexts: tuple[InContext, ...] = ()
    nudges: Nudges | None = None

    @property
    def anywhere(self) -> np.ndarray:
        """One value per song, (m,): this mood's word, or half of the others'."""
        return np.where(self.here != 0, self.here, OTHER_MOOD * self.elsewhere)


@dataclass(frozen=True, slots=True)
class Taste:
    """The terms of the taste part, each (n,); they sum to it.

    `whole` and `sound` (m, d) are what each row of the liking put into the profile, `named` (f, d)
    what each favourite did. `contexts` are the terms of situations by their names, of those alone
    in which enough was said. `asked` is what nudges do, None without any.
    """

    profile: np.ndarray
    own: np.ndarray
    artist: np.ndarray
    favourite: np.ndarray
    whole: np.ndarray
    sound: np.ndarray
    named: np.ndarray
    contexts: Mapping[str, np.ndarray] = field(default_factory=dict)
    asked: np.ndarray | None = None

    @property
    def total(self) -> np.ndarray:
        total = self.profile + self.own + self.artist + self.favourite
        for term in self.contexts.values():
            total += term
        if self.asked is not None:
            total += self.asked
        return np.asarray(total)

    def did(self, vector: np.ndarray, carried: np.ndarray) -> np.ndarray:
        """(m,) what each row of the liking did for the profile term of one song."""
        return self.whole @ vector + self.sound @ carried


def taste(vectors: np.ndarray, carried: np.ndarray, artists: np.ndarray, liking: Liking) -> Taste:
    """Score all songs by one listener's feedback.

    A listener's taste in a mood is the listener's mean over the moods and an offset of that mood,
    both shrunk (see `carry`), and an offset of the situation, shrunk more (`ml.recommend.context`).
    What was said in this mood enters the profile whole. What was said in
    other moods enters only with the part of the song that its mood does not explain: whoever loves
    happy songs when happy has not asked for them when sad, but a taste in sounds carries over.

    A favourite was named in no mood at all and counts with its sound alone, once, however many
    songs it has; and its own songs gain what those of an artist with one song of five stars do.

    Parameters
    ----------
    vectors, carried : (n, d) of all songs, see `ml.mood.Space`
    artists : (n,) integer codes
    """
    said = float(np.abs(liking.anywhere).sum()) + FAVOURITE * len(liking.favourites)
    effect = PROFILE * said / (said + SHRINKAGE)
    sounds = liking.here + carry(float(np.abs(liking.elsewhere).sum())) * liking.elsewhere
    whole = (1 - SOUND_SHARE) * effect * _shares(liking.here, vectors[liking.songs])
    heard = [carried[liking.songs], *(_mean(carried, one) for one in liking.favourites)]
    wanted = np.append(sounds, np.full(len(liking.favourites), FAVOURITE))
    sound = SOUND_SHARE * effect * _shares(wanted, np.concatenate(heard))
    # In single precision, and nothing computed of what nothing was said: there may be a million.
    profile = np.zeros(len(vectors), dtype=np.float32)
    if whole.any():
        profile += vectors @ whole.sum(axis=0)
    if sound.any():
        profile += carried @ sound.sum(axis=0)

    own = np.zeros(len(vectors), dtype=np.float32)
    own[liking.songs] = OWN * liking.anywhere
    favourite = np.zeros(len(vectors), dtype=np.float32)
    for one in liking.favourites:
        favourite[one] = _shrunk(FAVOURITE, 1)
    rows = len(liking.songs)
    return Taste(
        profile,
        own,
        _artist_term(artists, liking),
        favourite,
        whole,
        sound[:rows],
        sound[rows:],
        _situations(carried, artists, liking),
        nudged(vectors, carried, artists, liking.nudges) if liking.nudges else None,
    )


def _situations(carried: np.ndarray, artists: np.ndarray, liking: Liking) -> dict[str, np.ndarray]:
    terms = {
        said.name: offset(carried, artists, liking.songs, liking.anywhere, said)
        for said in liking.contexts
    }
    return {name: term for name, term in terms.items() if term is not None}


def _mean(carried: np.ndarray, songs: np.ndarray) -> np.ndarray:
    """(1, d) the mean sound of a favourite, which is shorter the less its songs have in common."""
    return carried[songs].mean(axis=0, keepdims=True)


def _shrunk(total: float | np.ndarray, count: int | np.ndarray) -> float | np.ndarray:
    """The effect of an artist of whom `count` songs were liked by `total` together."""
    return ARTIST * total / (count + 2)


def carry(elsewhere: float) -> float:
    """What a word said in other moods counts here, relative to one said here; 0..SHARED.

    The best linear prediction where the taste in each mood is the listener's mean and an offset,
    with correlation SHARED between moods and SHRINKAGE times their variance as each word's noise
    (a mixed model, C. R. Henderson 1975). However much is said elsewhere, it is worth no more than
    SHRINKAGE * SHARED / (1 - SHARED^2) words here, about one; so a second, opposite taste shows
    after as few words as the first did.

    Parameters
    ----------
    elsewhere : sum of the absolute likings in other moods
    """
    return SHARED / (1 + elsewhere * (1 - SHARED**2) / SHRINKAGE)


def _shares(weights: np.ndarray, songs: np.ndarray) -> np.ndarray:
    """(m, d) float32: the weighted songs, scaled so that the length of their sum is 1 for likings
    that agree, and less the more they contradict each other.
    """
    evidence = weights[:, None] * songs
    length = float(np.linalg.norm(evidence.sum(axis=0)))
    plain = max(length, AGREED * float(np.abs(weights).sum()))
    return (evidence / plain if length > 1e-6 else 0 * evidence).astype(np.float32)


def _artist_term(artists: np.ndarray, liking: Liking) -> np.ndarray:
    """(n,) the mean feedback on each artist, shrunk, and the price of three dislikes."""
    strongest = np.where(
        np.abs(liking.here) >= np.abs(liking.elsewhere), liking.here, liking.elsewhere
    )
    said = strongest != 0
    term = np.zeros(len(artists), dtype=np.float32)
    if not said.any():
        return term
    values = strongest[said]
    known, row = np.unique(artists[liking.songs][said], return_inverse=True)
    count = np.bincount(row)
    effect = np.asarray(_shrunk(np.bincount(row, weights=values), count))
    dislikes, likes = np.bincount(row, values <= -0.5), np.bincount(row, values >= 0.5)
    effect += np.where((dislikes >= DISLIKES) & (dislikes > 2 * likes), ARTIST_DISLIKED, 0)
    theirs = np.flatnonzero(np.isin(artists, known))
    term[theirs] = effect[np.searchsorted(known, artists[theirs])]
    return term
