"""What a listener's taste is in one situation, beside the taste in all: an offset, shrunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Words said in a situation below which it is as if there were none.
LEAST = 3
#: Words of which the offset has half its effect (shrinkage n / (n + k)): twice as many as a mood
#: needs. What somebody does while they listen tells their taste less than how they feel.
SHRINKAGE = 6.0
#: Effect of the offset on songs that sound like what was said there: that of the sound's share of
#: the profile (`ml.recommend.taste`); and on songs of an artist, with its words' shrinkage.
SOUND, ARTIST, ARTIST_SHRINKAGE = 0.36, 0.3, 4.0
#: Words outside of the situation from which half of what they foretell is believed.
OUTSIDE_SHRINKAGE = 3.0
#: Length of the mean of words from which they count as one taste, as in `ml.recommend.taste`.
AGREED = 0.5


@dataclass(frozen=True, slots=True)
class InContext:
    """What was said in the situation that a list is for; one row per song, (k,).

    Attributes
    ----------
    name : of the kind of situation, for the reason
    rows : rows of the liking (`ml.recommend.taste.Liking`)
    values : -1..1, this mood's word in the situation, or half of other moods'
    chosen : whether the listener named the situation. One that was only noticed, as the time of
        day, counts only where as much was said outside it: else all words ever said would count
        twice, merely because they were said in one evening.
    """

    name: str
    rows: np.ndarray
    values: np.ndarray
    chosen: bool


def offset(
    carried: np.ndarray,
    artists: np.ndarray,
    songs: np.ndarray,
    anywhere: np.ndarray,
    said: InContext,
) -> np.ndarray | None:
    """(n,) float32 what the situation adds to the taste of each song; None for too few words.

    A word counts with what it differs from what the words outside the situation foretell of its
    song, so that one taste in all situations has no offset. As a mixed model has it (C. R.
    Henderson 1975): a mean, and an offset of residuals, shrunk more strongly.

    Parameters
    ----------
    carried : (n, d) of all songs, what of their sound their mood does not explain
    artists : (n,) integer codes
    songs : (m,) indexes of the liking's songs
    anywhere : (m,) -1..1, what was said of them in whatever situation
    """
    words = said.values != 0
    rows, values = said.rows[words], said.values[words]
    outside = anywhere != 0
    outside[rows] = False
    if len(rows) < LEAST or not (said.chosen or outside.sum() >= LEAST):
        return None
    there, elsewhere = songs[rows], songs[outside]
    sounds = carried[there]
    rest = values - np.abs(values) * _foretold(sounds, carried[elsewhere], anywhere[outside])
    profile = SOUND * (rest @ sounds) / (np.abs(values).sum() + SHRINKAGE)
    term = (carried @ profile.astype(np.float32)).astype(np.float32, copy=False)
    return term + _artist_term(artists, there, values, elsewhere, anywhere[outside])


def _foretold(sounds: np.ndarray, others: np.ndarray, words: np.ndarray) -> np.ndarray:
    """(k,) -1..1, how far the words on other sounds agree that these are liked."""
    total = words @ others
    size = float(np.abs(words).sum())
    plain = max(float(np.linalg.norm(total)), AGREED * size)
    if plain < 1e-6:
        return np.zeros(len(sounds))
    mean = total / plain * size / (size + OUTSIDE_SHRINKAGE)
    lengths = np.linalg.norm(sounds, axis=1)
    return np.asarray((sounds @ mean) / np.where(lengths > 1e-6, lengths, np.inf))


def _artist_term(
    artists: np.ndarray,
    there: np.ndarray,
    values: np.ndarray,
    elsewhere: np.ndarray,
    words: np.ndarray,
) -> np.ndarray:
    """(n,) the same for artists of whom something was said there."""
    known, row = np.unique(artists[there], return_inverse=True)
    of = np.searchsorted(known, artists[elsewhere])
    same = (of < len(known)) & (known[np.minimum(of, len(known) - 1)] == artists[elsewhere])
    total = np.bincount(of[same], words[same], minlength=len(known))
    size = np.bincount(of[same], np.abs(words[same]), minlength=len(known))
    foretold = total / (size + OUTSIDE_SHRINKAGE)
    rest = values - np.abs(values) * foretold[row]
    effect = ARTIST * np.bincount(row, rest) / (np.bincount(row) + ARTIST_SHRINKAGE)
    term = np.zeros(len(artists), dtype=np.float32)
    theirs = np.flatnonzero(np.isin(artists, known))
    term[theirs] = effect[np.searchsorted(known, artists[theirs])]
    return term
