"""The blended score of songs, in parts that sum to it, and the list chosen by it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ml.recommend.dial import Dial, classes_of, familiar_first
from ml.recommend.explore import Exploration, Tried, explore
from ml.recommend.places import place_by_place
from ml.recommend.spread import Groups, apart, pick

#: Columns of the parts, in order.
PARTS = ("mood", "collaborative", "taste", "fresh", "explore")
#: Weight of the collaborative score: at no known song, its growth, and at many known songs.
#: Measured on mood-conditioned lists from public play counts: mood-heavy at first, later the
#: community knows better, and mood alone never catches up.
WEIGHT_LEAST, WEIGHT_STEP, WEIGHT_MOST = 0.3, 0.1, 0.7
#: Share of the songs from which a model's scores count in full.
ENOUGH_COVERAGE = 0.1
#: How many of the highest collaborative scores set the scale of 1, how many of all at least find
#: the middle, and how far above 1 any may go.
SCALE_SONGS = 20
MIDDLE_SONGS = 50_000
CEILING = 1.25
#: What the collaborative score of the most popular song loses, so that lists do not circle round
#: the same hits. On the validation part of Last.fm's plays (HetRec 2011) NDCG@10 stays at .185 up
#: to here and falls to .183 at .2, while songs are recommended that 6 % fewer listeners know and
#: 5 % more songs are recommended at all.
POPULARITY = 0.1
#: A value beyond this is damage, whatever it was meant to be.
ABSURD = 1e6


@dataclass(frozen=True, slots=True)
class Ranking:
    """A list, first place first.

    Attributes
    ----------
    songs : (k,) indexes
    parts : (k, 5) in the order of PARTS; each row sums to the score
    scores : (k,)
    chances : (k,) of each song to be in the list, given the input, see `ml.recommend.explore`;
        1 where the score alone decided
    tried : (k,) booleans, whether the place was drawn
    """

    songs: np.ndarray
    parts: np.ndarray
    scores: np.ndarray
    chances: np.ndarray
    tried: np.ndarray


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
    finite = np.isfinite(scores)
    known = scores[finite]
    if len(known) < 2:
        return np.zeros_like(scores)
    top = max(1, min(SCALE_SONGS, len(known) // 20))
    # Songs lie in the order of their random ids, so that evenly spaced ones are a fair sample.
    middle = float(np.median(known[:: 1 + len(known) // MIDDLE_SONGS]))
    scale = float(np.partition(known, -top)[-top:].mean()) - middle
    if not scale > 1e-12 or not math.isfinite(scale):
        return np.zeros_like(scores)
    with np.errstate(over="ignore", invalid="ignore"):
        units = (scores - scores.dtype.type(middle)) * scores.dtype.type(1 / scale)
    np.clip(units, -1.0, CEILING, out=units)
    units[~finite] = 0
    return units


def rank(
    *,
    mood: np.ndarray,
    strength: float,
    collaborative: np.ndarray | None,
    weight: float,
    popularity: np.ndarray | None = None,
    own: np.ndarray | None = None,
    taste: np.ndarray,
    fresh: np.ndarray,
    groups: Groups,
    allowed: np.ndarray,
    size: int,
    dial: Dial | None = None,
    exploration: Exploration | None = None,
) -> Ranking:
    """Score all songs and choose a list.

    Parameters
    ----------
    mood : (n,) agreement with the target, -1..1; or (places, n), one row for each place of a list
        whose target moves from song to song. The mood part of a song is then that of its place.
    strength : 0..1, of the target
    collaborative : (n,) raw scores, NaN where the model does not know the song; None without one
    weight : of the collaborative score, see `collaborative_weight`
    popularity : (n,) 0..1, what the collaborative score is corrected for; None for no correction
    own : (k,) places of songs that this listener alone hears. No community can ever speak for them,
        so for them its word has no weight: their mood counts whole. Under the weight of the other
        songs they would score as a song that the community finds middling, and be buried.
    taste : (n,) what this listener's own feedback adds, see `ml.recommend.taste`
    fresh : (n,), at most 0: the price of songs just heard or shown
    allowed : (n,) booleans; a song that is not allowed never appears
    size : places in the list; a list whose target moves has as many as `mood` has rows
    dial : what the listener knows and wants of it; a list whose target moves follows that alone
    exploration : None to let scores alone decide, as a moving target does

    Any other value that is not finite, or absurdly large, counts as 0, so that a damaged feature
    never decides.
    """
    mood = _finite(mood)
    by_mood = (1.0 - weight) * strength * mood
    if collaborative is not None and weight > 0:
        with np.errstate(over="ignore"):
            units = normalised(collaborative.astype(np.float32, copy=False))
        if popularity is not None:
            units -= np.float32(POPULARITY) * _finite(popularity)
        units *= np.float32(weight)
    else:
        units = np.zeros(len(allowed), dtype=np.float32)
    if own is not None and len(own):
        by_mood[..., own] = strength * mood[..., own]
        units[own] = 0
    rest = [units, _finite(taste), np.minimum(_finite(fresh), 0)]
    if mood.ndim == 2:
        return _step_by_step(by_mood, rest, groups, allowed)
    columns = [by_mood, *rest]
    scores = columns[0] + columns[1]
    for column in columns[2:]:
        scores += column

    classes, rooms = classes_of(dial, allowed, groups.versions, size)
    picked = pick(scores, groups, classes, rooms)
    tried = Tried(picked.songs, [], [], 0.0)
    if exploration is not None:
        known = set(classes[0].tolist()) if len(classes) > 1 else set()
        tried = explore(
            picked,
            scores,
            mood,
            columns[2],
            groups,
            lambda song: song not in known,
            allowed,
            exploration,
        )
    chances = dict(zip(tried.drawn, tried.chances, strict=True))
    songs = apart(_placed(tried), groups.artists)
    if dial is not None and dial.familiar_first:
        songs = familiar_first(dial, songs)
    at = np.array(songs, dtype=np.int64)
    parts = np.zeros((len(at), len(PARTS)), dtype=np.float64)
    for number, column in enumerate(columns):
        parts[:, number] = column[at]
    drawn = np.array([song in chances for song in songs], dtype=bool)
    # What was drawn took a place that its score alone did not reach: the rest is this part.
    parts[drawn, 4] = np.maximum(tried.bar - parts[drawn].sum(axis=1), 0)
    odds = np.array([chances.get(song, 1.0) for song in songs], dtype=np.float64)
    return Ranking(at, parts, parts.sum(axis=1), odds, drawn)


def _step_by_step(
    by_mood: np.ndarray, rest: list[np.ndarray], groups: Groups, allowed: np.ndarray
) -> Ranking:
    """A list in the order of its moving target; `by_mood` (k, n), each of `rest` (n,)."""
    chosen = np.array(place_by_place(by_mood + sum(rest), groups, allowed), dtype=np.int64)
    parts = np.zeros((len(chosen), len(PARTS)), dtype=np.float64)
    parts[:, 0] = by_mood[np.arange(len(chosen)), chosen]
    for number, column in enumerate(rest, start=1):
        parts[:, number] = column[chosen]
    certain = np.ones(len(chosen))
    return Ranking(chosen, parts, parts.sum(axis=1), certain, np.zeros(len(chosen), dtype=bool))


def _finite(values: np.ndarray) -> np.ndarray:
    """As float32, 0 for what is not finite, or too large for any score."""
    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32, copy=False)
    sound = np.abs(narrow) <= ABSURD
    return narrow if sound.all() else np.where(sound, narrow, np.float32(0))


def _placed(tried: Tried) -> list[int]:
    """Songs by score, with the drawn ones evenly among them."""
    songs = list(tried.kept)
    size = len(tried.kept) + len(tried.drawn)
    for number, song in enumerate(tried.drawn):
        songs.insert(int((number + 0.5) * size / len(tried.drawn)), song)
    return songs
