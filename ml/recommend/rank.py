"""The blended score of songs, in parts that sum to it, and the list chosen by it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ml.recommend.places import place_by_place
from ml.recommend.spread import spread

#: Columns of the parts, in order.
PARTS = ("mood", "collaborative", "taste", "fresh")
#: Weight of the collaborative score: at no known song, its growth, and at many known songs.
#: Measured on mood-conditioned lists from public play counts: mood-heavy at first, later the
#: community knows better, and mood alone never catches up.
WEIGHT_LEAST, WEIGHT_STEP, WEIGHT_MOST = 0.3, 0.1, 0.7
#: Share of the songs from which a model's scores count in full.
ENOUGH_COVERAGE = 0.1
#: How many of the highest collaborative scores set the scale of 1, and how far above any may go.
SCALE_SONGS = 20
CEILING = 1.25


@dataclass(frozen=True, slots=True)
class Ranking:
    """A list: indexes of songs (k,), their parts (k, 4) in the order of PARTS, and scores (k,)."""

    songs: np.ndarray
    parts: np.ndarray
    scores: np.ndarray


def collaborative_weight(known: int, covered: int, songs: int) -> float:
    """Weight of the collaborative score in the blend, 0..0.7.

    Parameters
    ----------
    known : songs this listener has given feedback on
    covered, songs : songs the model knows, of all songs; a model of a few songs must not decide
    """
    if covered == 0 or songs == 0:
        return 0.0
    weight = WEIGHT_LEAST + WEIGHT_STEP * math.log2(1 + known)
    coverage = min(1.0, covered / (ENOUGH_COVERAGE * songs))
    return min(max(weight, WEIGHT_LEAST), WEIGHT_MOST) * coverage


def normalised(scores: np.ndarray) -> np.ndarray:
    """Collaborative scores in the unit of a cosine: median 0, the mean of the best 20 at 1.

    Raw scores differ in scale from listener to listener and model to model. NaN marks a song that
    the model does not know and becomes 0, as good as the median. Values lie in -1..1.25.
    """
    known = scores[np.isfinite(scores)]
    if len(known) < 2:
        return np.zeros_like(scores)
    top = max(1, min(SCALE_SONGS, len(known) // 20))
    middle = float(np.median(known))
    scale = float(np.partition(known, -top)[-top:].mean()) - middle
    if scale <= 1e-12:
        return np.zeros_like(scores)
    units = np.clip((scores - middle) / scale, -1.0, CEILING)
    return np.where(np.isfinite(scores), units, 0).astype(scores.dtype)


def rank(
    *,
    mood: np.ndarray,
    strength: float,
    collaborative: np.ndarray | None,
    weight: float,
    taste: np.ndarray,
    fresh: np.ndarray,
    artists: np.ndarray,
    allowed: np.ndarray,
    size: int,
) -> Ranking:
    """Score all songs and choose a list.

    Parameters
    ----------
    mood : (n,) agreement with the target, -1..1; or (places, n), one row for each place of a list
        whose target moves from song to song. The mood part of a song is then that of its place.
    strength : 0..1, of the target
    collaborative : (n,) raw scores, NaN where the model does not know the song; None without one
    weight : of the collaborative score, see `collaborative_weight`
    taste : (n,) what this listener's own feedback adds, see `ml.recommend.taste`
    fresh : (n,), at most 0: the price of songs just heard or shown
    artists : (n,) integer codes
    allowed : (n,) booleans
    size : places in the list; a list whose target moves has as many as `mood` has rows

    Any other value that is not finite counts as 0, so that a damaged feature never decides.
    """
    parts = np.zeros((len(artists), len(PARTS)), dtype=np.float64)
    by_mood = (1.0 - weight) * strength * np.nan_to_num(mood, posinf=0, neginf=0)
    if collaborative is not None and weight > 0:
        parts[:, 1] = weight * normalised(collaborative)
    parts[:, 2] = np.nan_to_num(taste, posinf=0, neginf=0)
    parts[:, 3] = np.minimum(np.nan_to_num(fresh, posinf=0, neginf=0), 0)
    scores = parts.sum(axis=1) + by_mood
    if mood.ndim == 2:
        chosen = np.array(place_by_place(scores, artists, allowed), dtype=np.int64)
        parts = parts[chosen]
        parts[:, 0] = by_mood[np.arange(len(chosen)), chosen]
    else:
        chosen = np.array(spread(scores, artists, allowed, size), dtype=np.int64)
        parts = parts[chosen]
        parts[:, 0] = by_mood[chosen]
    return Ranking(chosen, parts, parts.sum(axis=1))
