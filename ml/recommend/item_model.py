"""The part of the community's model that all listeners share, and what it says to one listener."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.recommend.fold import fold_in
from ml.recommend.hybrid import Choice, units


@dataclass(frozen=True, slots=True)
class Walk:
    """Chances of walking from song to song, (m, m), row by row as in scipy's csr.

    Attributes
    ----------
    starts : (m + 1,) int64, where each row begins in the other two
    songs : (k,) int32, the rows' columns
    chances : (k,) float32
    """

    starts: np.ndarray
    songs: np.ndarray
    chances: np.ndarray

    @classmethod
    def empty(cls, songs: int) -> Walk:
        return cls(np.zeros(songs + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))

    def summed(self, rows: np.ndarray) -> np.ndarray:
        """(m,) the sum of some rows."""
        begin, count = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        offsets = np.cumsum(count) - count
        places = np.arange(int(count.sum())) + np.repeat(begin - offsets, count)
        return np.bincount(self.songs[places], self.chances[places], minlength=len(self.starts) - 1)


@dataclass(frozen=True, slots=True)
class ItemModel:
    """What `ml.recommend.hybrid` is of the songs: factors of every start, and the walk.

    Attributes
    ----------
    ids : (m, 16) uint8, the bytes of the songs' ids
    factors : (m, s f) float32, those of the s starts side by side
    grams : (s, f, f) float64, the product of each start's factors with themselves
    popularity : (m,) float32, log1p of the listeners who want each song
    walk : from song to song; empty where the choice gives it no weight
    choice : the hyper-parameters, needed to fold listeners in and to blend
    """

    ids: np.ndarray
    factors: np.ndarray
    grams: np.ndarray
    popularity: np.ndarray
    walk: Walk
    choice: Choice

    def fold(self, songs: np.ndarray, values: np.ndarray) -> np.ndarray:
        """A listener's factors from the listener's own feedback, (s f,) float32.

        Parameters
        ----------
        songs : (k, s f) the factors of the songs with feedback
        values : (k,) signed, as in training

        Returns
        -------
        Those of each start, folded in by itself; zeros without a positive value.
        """
        confidences = self.choice.setting.read(np.asarray(values))
        size = self.grams.shape[1]
        return np.concatenate(
            [
                fold_in(
                    confidences,
                    songs[:, start * size : (start + 1) * size],
                    gram,
                    self.choice.setting.regularisation,
                )
                for start, gram in enumerate(self.grams)
            ]
        )

    def scores(self, factors: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        """All songs for one listener, (m,) float32; popularity for a listener without factors.

        The sum of the starts' preferences and the walk from the wanted songs, each in units of
        its spread (`hybrid.blend`). Disliked songs are no part of the walk, which is made of wants
        alone; they count in the factors.

        Parameters
        ----------
        factors : (s f,) by `fold`
        wanted : (k,) rows of the songs with a positive value
        """
        if not factors.any():
            return np.asarray(self.popularity)
        preference = np.asarray(self.factors @ factors)
        weight = self.choice.walk_weight
        if weight == 0:
            return preference
        both = units(preference[None]) + weight * units(self.walk.summed(wanted)[None])
        return np.asarray(both[0], dtype=np.float32)
