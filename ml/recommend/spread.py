"""Choosing songs from scores so that a list does not circle round one artist."""

from __future__ import annotations

from collections import Counter

import numpy as np

#: One song of an artist for each so many places: 2 in 20.
PLACES_PER_SONG = 10


def artist_cap(size: int) -> int:
    """Songs of one artist that a list of `size` may hold, unless there are too few artists."""
    return max(1, -(-size // PLACES_PER_SONG))


def spread(scores: np.ndarray, artists: np.ndarray, allowed: np.ndarray, size: int) -> list[int]:
    """The best `size` songs within the artist cap, no artist twice in a row where avoidable.

    Parameters
    ----------
    scores : (n,), higher is better
    artists : (n,) integer codes
    allowed : (n,) booleans; a song that is not allowed never appears

    Returns
    -------
    Indexes, first place first; fewer than `size` only when fewer songs are allowed. The cap rises
    only when the allowed songs cannot fill the list otherwise, and then as little as possible.
    """
    candidates = np.flatnonzero(allowed)
    size = min(size, len(candidates))
    if size == 0:
        return []
    cap = artist_cap(size)
    # A list needs few of many songs: look at the best thousand or so before sorting them all.
    first = min(len(candidates), 50 * size)
    if first < len(candidates):
        best = np.argpartition(scores[candidates], -first)[-first:]
        chosen = _within_cap(scores, artists, candidates[best], size, cap)
        if len(chosen) == size:
            return _apart(chosen, artists)
    counts = np.unique(artists[candidates], return_counts=True)[1]
    while int(np.minimum(counts, cap).sum()) < size:
        cap += 1
    return _apart(_within_cap(scores, artists, candidates, size, cap), artists)


def _within_cap(
    scores: np.ndarray, artists: np.ndarray, candidates: np.ndarray, size: int, cap: int
) -> list[int]:
    ordered = candidates[np.argsort(-scores[candidates], kind="stable")]
    taken: Counter[int] = Counter()
    chosen: list[int] = []
    for index in ordered.tolist():
        artist = int(artists[index])
        if taken[artist] < cap:
            taken[artist] += 1
            chosen.append(index)
            if len(chosen) == size:
                break
    return chosen


def _apart(chosen: list[int], artists: np.ndarray) -> list[int]:
    """Reorder as little as possible so that neighbours have different artists."""
    waiting = list(chosen)
    left = Counter(int(artists[index]) for index in chosen)
    placed: list[int] = []
    previous: int | None = None
    while waiting:
        rest = len(waiting) - 1
        best = None
        for place, index in enumerate(waiting):
            artist = int(artists[index])
            if artist != previous and _can_follow(artist, left, rest):
                best = place
                break
        if best is None:
            # Neighbours cannot be avoided: use up the artist with most songs left, best first.
            most = max(
                (int(artists[index]) for index in waiting),
                key=lambda artist: (artist != previous, left[artist]),
            )
            best = next(p for p, index in enumerate(waiting) if int(artists[index]) == most)
        index = waiting.pop(best)
        previous = int(artists[index])
        left[previous] -= 1
        placed.append(index)
    return placed


def _can_follow(artist: int, left: Counter[int], rest: int) -> bool:
    """Whether, with a song of `artist` placed now, the `rest` can still be kept apart."""
    for other, count in left.items():
        if other == artist:
            if count - 1 > rest // 2:
                return False
        elif count > (rest + 1) // 2:
            return False
    return True
