"""Choosing songs from scores so that a list does not circle round one artist or one song."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: One song of an artist for each so many places: 2 in 20.
PLACES_PER_SONG = 10
#: Best songs looked at first, for each place of the list, and the growth when they do not do.
WIDTH, WIDER = 50, 20


@dataclass(frozen=True, slots=True)
class Groups:
    """What songs share, (n,) integer codes each: the artist, and the song they are versions of."""

    artists: np.ndarray
    versions: np.ndarray


@dataclass(frozen=True, slots=True)
class Picked:
    """The best songs within the rules, best first.

    Attributes
    ----------
    songs : indexes
    cap : songs of one artist that were allowed
    runners_up : indexes of the best songs that could have been looked at, best first, those of
        `songs` among them
    """

    songs: list[int]
    cap: int
    runners_up: np.ndarray


def artist_cap(size: int) -> int:
    """Songs of one artist that a list of `size` may hold, unless there are too few artists."""
    return max(1, -(-size // PLACES_PER_SONG))


def pick(
    scores: np.ndarray, groups: Groups, classes: Sequence[np.ndarray], rooms: Sequence[int]
) -> Picked:
    """The best songs of each class, no version of a song twice, within the artist cap.

    Parameters
    ----------
    scores : (n,), higher is better
    classes : indexes of the songs that may appear, in disjoint classes; only these ever do
    rooms : places wanted of each class; their sum is the size of the list

    Returns
    -------
    As many songs as `rooms` asks for, fewer only when fewer different ones may appear. Where a
    class cannot fill its room the others take it over. The cap rises only when the room cannot be
    filled otherwise, and then as little as the best songs allow.
    """
    size = sum(rooms)
    room = list(rooms)
    first_cap = cap = artist_cap(min(size, sum(map(len, classes))))
    width = WIDTH * size
    ordered, of_class = _best(scores, classes, width)
    while True:
        chosen, taken = _walk(ordered, of_class, groups, room, size, cap)
        short = {at for at, want in enumerate(room) if taken[at] < want}
        if len(chosen) == size:
            return Picked(chosen, cap, ordered)
        if any(len(classes[at]) > width for at in short):
            width *= WIDER
            ordered, of_class = _best(scores, classes, width)
        elif cap < size:
            cap = max(cap + 1, min(size, _least_cap(groups, classes, size)))
        elif len(short) < len(room):
            missing = size - len(chosen)
            room = [want if at in short else want + missing for at, want in enumerate(room)]
            cap = first_cap
        else:
            return Picked(chosen, cap, ordered)


def _best(
    scores: np.ndarray, classes: Sequence[np.ndarray], width: int
) -> tuple[np.ndarray, np.ndarray]:
    """The `width` best of each class, best first of all, and the class of each."""
    # A list needs few of many songs: take the best thousand or so apart before sorting.
    kept = [
        songs[np.argpartition(scores[songs], -width)[-width:]] if width < len(songs) else songs
        for songs in classes
    ]
    together = np.concatenate(kept) if kept else np.empty(0, dtype=np.int64)
    of_class = np.repeat(np.arange(len(kept)), [len(songs) for songs in kept])
    # Equal scores keep the order of the catalogue, whatever the partition made of it.
    order = np.lexsort((together, -scores[together]))
    return together[order], of_class[order]


def _walk(
    ordered: np.ndarray,
    of_class: np.ndarray,
    groups: Groups,
    room: Sequence[int],
    size: int,
    cap: int,
) -> tuple[list[int], list[int]]:
    chosen: list[int] = []
    taken = [0] * len(room)
    by_artist: Counter[int] = Counter()
    held: set[int] = set()
    rows = zip(
        ordered.tolist(),
        of_class.tolist(),
        groups.artists[ordered].tolist(),
        groups.versions[ordered].tolist(),
        strict=True,
    )
    for index, kind, artist, version in rows:
        if taken[kind] < room[kind] and by_artist[artist] < cap and version not in held:
            by_artist[artist] += 1
            taken[kind] += 1
            held.add(version)
            chosen.append(index)
            if len(chosen) == size:
                break
    return chosen, taken


def _least_cap(groups: Groups, classes: Sequence[np.ndarray], size: int) -> int:
    """The least cap under which a list can be full, as far as artists alone decide."""
    artists = groups.artists[np.concatenate(classes)]
    counts = np.unique(artists, return_counts=True)[1]
    reached = [int(np.minimum(counts, cap).sum()) for cap in range(1, size + 1)]
    return next((cap for cap, songs in enumerate(reached, start=1) if songs >= size), size)


def apart(chosen: Sequence[int], artists: np.ndarray) -> list[int]:
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
