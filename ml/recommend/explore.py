"""Trying songs out: a few places of a list are drawn by Thompson sampling, with known chances.

Most places go to the songs of the highest score. Each of the others is a decision of its own: every
song of a pool of runners-up has a Beta distribution of how likely listeners in this mood are to
like it, from a prior that follows its score and from what all listeners did with it in this mood.
Thompson sampling draws one value from each distribution and shows the song of the largest, so it
shows each song as often as that song is the best one, given what is known (Thompson 1933; Chapelle
and Li 2011). That probability is computed here, and the song drawn from it directly, so that the
chance stored with a song is the one that decided:

    p(j) = c a(j) + (1 - c) b(j)

where b(j) is the probability that j is the best of the pool, a(j) that it is the best among the
pool's arrivals (songs lately added and little played), and c the share of this place that the
arrivals' budget claims. The chance of a place is conditional on the places drawn before it; a song
placed by score alone has the chance 1. These are chances to be in the list, not at a position:
positions follow from the set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ml.recommend.spread import Groups, Picked

#: Share of the places that are tried out, and the shortest list that has any.
SHARE, LEAST_SIZE = 0.15, 5
#: Share of the places that arrivals are entitled to.
ARRIVAL_SHARE = 0.05
#: A song that fewer than so many plays have reached is little played.
FEW_PLAYS = 10
#: Runners-up, and arrivals, that compete for a place.
POOL, ARRIVAL_POOL = 60, 20
#: Least cosine with the target: what is tried out must fit the mood.
FIT = 0.5
#: Least taste part: what a listener has turned down, three times an artist say, is not tried out.
AVERSE = -0.3
#: The prior weighs as much as so many listeners; its mean is 1/2 at the score of the last song
#: chosen by score, and falls as a logistic function with this scale below it.
PRIOR, PRIOR_SCALE = 4.0, 0.1
#: Listeners beyond whom more evidence sharpens nothing, so that no song is ever settled for good.
MOST_EVIDENCE = 200.0
#: Points at which the distributions are evaluated.
GRID = 256


@dataclass(frozen=True, slots=True)
class Evidence:
    """What all listeners did with songs, (k,) each.

    `liked` and `disliked` count plays to the end and four stars or more, and skips and two stars
    or less, in the mood of the list; `plays` all plays in any mood.
    """

    liked: np.ndarray
    disliked: np.ndarray
    plays: np.ndarray


@dataclass(frozen=True, slots=True)
class Exploration:
    """What trying out needs.

    Attributes
    ----------
    dice : decides; the same seed gives the same list
    lately : (n,) booleans, songs added lately
    evidence : answers for an array of indexes; asked once for each list
    """

    dice: np.random.Generator
    lately: np.ndarray
    evidence: Callable[[np.ndarray], Evidence]


@dataclass(frozen=True, slots=True)
class Tried:
    """The songs of a list: `kept` by score, best first, and `drawn` with the chance of each.

    `bar` is the least score among the kept songs.
    """

    kept: list[int]
    drawn: list[int]
    chances: list[float]
    bar: float


def places_tried(size: int) -> int:
    """Places of a list that are drawn: 1 or 2 of 10, none in a list of fewer than 5."""
    return max(1, round(SHARE * size)) if size >= LEAST_SIZE else 0


@dataclass(frozen=True, slots=True)
class Betas:
    """Beta distributions on a grid of midpoints of 0..1.

    Attributes
    ----------
    density : (k, GRID), each row sums to 1
    log_below : (k, GRID), logarithm of the distribution function
    """

    density: np.ndarray
    log_below: np.ndarray

    @classmethod
    def of(cls, alpha: np.ndarray, beta: np.ndarray) -> Betas:
        """From the parameters, (k,) each, 1 or more."""
        at = (np.arange(GRID) + 0.5) / GRID
        log = (alpha[:, None] - 1) * np.log(at) + (beta[:, None] - 1) * np.log1p(-at)
        density = np.exp(log - log.max(axis=1, keepdims=True))
        density /= density.sum(axis=1, keepdims=True)
        below = np.cumsum(density, axis=1) - density / 2
        return cls(density, np.log(np.maximum(below, 1e-300)))

    def largest(self, rows: np.ndarray) -> np.ndarray:
        """(len(rows),) the probability that each of some is the largest of them; sums to 1.

        The density of one times the distribution functions of all others, summed over the grid.
        """
        below = self.log_below[rows]
        others = below.sum(axis=0) - below
        chance = (self.density[rows] * np.exp(others)).sum(axis=1)
        total = float(chance.sum())
        return chance / total if total > 0 else np.full(len(rows), 1 / len(rows))


def explore(
    picked: Picked,
    scores: np.ndarray,
    mood: np.ndarray,
    taste: np.ndarray,
    groups: Groups,
    class_of: Callable[[int], bool],
    allowed: np.ndarray,
    exploration: Exploration,
) -> Tried:
    """Draw some places of a picked list anew; each keeps its class, so that a dial stays met.

    Parameters
    ----------
    mood : (n,) cosine with the target
    taste : (n,) the taste part of the scores
    class_of : the class of a song by its index; of a list of two classes, True ones are tried first
    allowed : (n,) booleans
    """
    chosen = picked.songs
    # The lowest are drawn anew, and of two classes the one that is new to the listener first.
    order = sorted(range(len(chosen)), key=lambda at: (class_of(chosen[at]), at))
    at_stake = sorted(order[len(chosen) - places_tried(len(chosen)) :])
    rest = [chosen[at] for at in at_stake]
    kept = [song for song in chosen if song not in set(rest)]
    bar = float(min((scores[song] for song in kept), default=0.0))
    if not rest:
        return Tried(kept, [], [], bar)

    best_mood = max(float(mood[song]) for song in chosen)
    suits = (mood >= min(FIT, best_mood)) & (taste >= AVERSE)
    pool, arrivals = _pools(picked, scores, suits, groups, allowed & exploration.lately)
    competing = np.array([*chosen, *pool, *arrivals], dtype=np.int64)
    said = exploration.evidence(competing)
    betas = _posteriors(said, scores[competing] - bar)
    row = {song: at for at, song in enumerate(competing.tolist())}
    arrived = set(competing[exploration.lately[competing] & (said.plays < FEW_PLAYS)].tolist())
    budget = ARRIVAL_SHARE * len(chosen) - sum(song in arrived for song in kept)

    drawn: list[int] = []
    chances: list[float] = []
    open_places = list(rest)
    for kind in [class_of(song) for song in rest]:
        same = [song for song in open_places if class_of(song) == kind]
        held = [*kept, *drawn, *(song for song in open_places if song != same[-1])]
        by_artist = Counter(groups.artists[held].tolist())
        versions = set(groups.versions[held].tolist())
        eligible = same + [
            song
            for song in (*pool, *arrivals)
            if class_of(song) == kind
            and song not in drawn
            and groups.versions[song] not in versions
            and by_artist[int(groups.artists[song])] < picked.cap
        ]
        rows = np.array([row[song] for song in eligible])
        is_new = np.array([song in arrived for song in eligible])
        share = min(1.0, max(0.0, budget)) if is_new.any() else 0.0
        chance = (1 - share) * betas.largest(rows)
        if share:
            chance[is_new] += share * betas.largest(rows[is_new])
        chance /= chance.sum()
        at = int(exploration.dice.choice(len(eligible), p=chance))
        song = eligible[at]
        drawn.append(song)
        chances.append(float(chance[at]))
        open_places.remove(song if song in open_places else same[-1])
        budget -= song in arrived
    return Tried(kept, drawn, chances, bar)


def _posteriors(said: Evidence, above: np.ndarray) -> Betas:
    """What is believed of songs, from the evidence and from how far each scores above the bar."""
    prior = 1 / (1 + np.exp(np.clip(-above / PRIOR_SCALE, -30, 30)))
    trust = np.minimum(1.0, MOST_EVIDENCE / np.maximum(said.liked + said.disliked, 1))
    return Betas.of(
        1 + PRIOR * prior + trust * said.liked, 1 + PRIOR * (1 - prior) + trust * said.disliked
    )


def _pools(
    picked: Picked,
    scores: np.ndarray,
    suits: np.ndarray,
    groups: Groups,
    lately: np.ndarray,
) -> tuple[list[int], list[int]]:
    """Runners-up and songs added lately that may compete, best first, each song in one of them."""
    added = np.flatnonzero(lately & suits)
    most = 10 * ARRIVAL_POOL
    if len(added) > most:
        added = added[np.argpartition(scores[added], -most)[-most:]]
    added = added[np.lexsort((added, -scores[added]))]
    runners = picked.runners_up[suits[picked.runners_up]]
    seen = set(groups.versions[picked.songs].tolist())

    def first(songs: np.ndarray, places: int) -> list[int]:
        found: list[int] = []
        for song, version in zip(songs.tolist(), groups.versions[songs].tolist(), strict=True):
            if version not in seen:
                seen.add(version)
                found.append(song)
                if len(found) == places:
                    break
        return found

    return first(runners, POOL), first(added, ARRIVAL_POOL)
