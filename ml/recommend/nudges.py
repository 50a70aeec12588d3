""" "More like this" and "less like this now": what a listener's nudges do to songs like those."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Share of the sound that moods do not explain in how alike two songs are; the rest is mood.
SOUND_SHARE = 0.6
#: How alike two songs of one artist are at least, where 1 is the same song.
SAME_ARTIST = 0.6
#: Effect on the song itself of "more", and of "less" when it has just been said; songs like it
#: have as much of it as they are like it. "Less" is a wish of the hour and may outweigh a mood's
#: agreement; "more" lasts, and only leans.
MORE, LESS = 0.25, -0.6
#: Bounds of what all nudges do to one song together.
MOST, LEAST = 0.5, -1.0
#: Hours in which "less" loses half of its effect, and after which nothing of it is left.
HALF_LIFE_HOURS, OVER_HOURS = 3.0, 12.0
#: Songs looked at together.
PART = 65_536


@dataclass(frozen=True, slots=True)
class Nudges:
    """What a listener asked for more or less of, (k,) each.

    Attributes
    ----------
    songs : indexes of the songs
    effects : MORE..0 or LESS..0, what each does to its own song by now
    """

    songs: np.ndarray
    effects: np.ndarray


def passing(effect: float, *, hours: float) -> float:
    """What is left of an effect that old."""
    return effect * 0.5 ** (max(hours, 0.0) / HALF_LIFE_HOURS) if hours < OVER_HOURS else 0.0


def nudged(
    vectors: np.ndarray, carried: np.ndarray, artists: np.ndarray, nudges: Nudges
) -> np.ndarray:
    """(n,) float32, what the nudges add to each song; LEAST..MOST.

    Parameters
    ----------
    vectors, carried : (n, d) of all songs, see `ml.mood.Space`
    artists : (n,) integer codes
    """
    total = np.empty(len(vectors), dtype=np.float32)
    effects = nudges.effects.astype(np.float32)
    # Part by part: as many copies of a large catalogue as there are nudges would fill the memory.
    for start in range(0, len(vectors), PART):
        part = slice(start, start + PART)
        total[part] = _likeness(vectors, carried, artists, nudges.songs, part) @ effects
    return np.clip(total, LEAST, MOST, out=total)


def alike(vectors: np.ndarray, carried: np.ndarray, artists: np.ndarray, song: int) -> np.ndarray:
    """(n,) float32 0..1, how much each song is like the one at `song`, which is 1 itself.

    The square of the cosine, 0 where that is negative: nearest neighbours have most of it, and a
    song's opposite has nothing to do with it.
    """
    whole = slice(0, len(vectors))
    return _likeness(vectors, carried, artists, np.array([song]), whole)[:, 0]


def _likeness(
    vectors: np.ndarray, carried: np.ndarray, artists: np.ndarray, songs: np.ndarray, part: slice
) -> np.ndarray:
    """(p, k) float32, see `alike`: of the songs of a part to each of `songs` (k,)."""
    sound = np.where(carried[songs].any(axis=1), SOUND_SHARE, 0.0)[:, None]
    cosine = vectors[part] @ ((1 - sound) * vectors[songs]).astype(np.float32).T
    if sound.any():
        cosine += carried[part] @ (sound * carried[songs]).astype(np.float32).T
    np.maximum(cosine, 0, out=cosine)
    likeness = np.minimum(np.square(cosine, out=cosine), 1, out=cosine, dtype=np.float32)
    for at, song in enumerate(songs.tolist()):
        theirs = np.flatnonzero(artists[part] == artists[song])
        likeness[theirs, at] = np.maximum(likeness[theirs, at], SAME_ARTIST)
        if part.start <= song < part.stop:
            likeness[song - part.start, at] = 1
    return np.asarray(likeness)


def asked_for(
    index: int, vectors: np.ndarray, carried: np.ndarray, artists: np.ndarray, nudges: Nudges
) -> int:
    """Which of the nudges raises the song at `index` most, as a place in them."""
    of = np.append(index, nudges.songs)
    few = alike(vectors[of], carried[of], artists[of], 0)[1:]
    few[nudges.songs == index] = 1
    return int(np.argmax(nudges.effects * few))
