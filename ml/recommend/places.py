"""Choosing a song for each place of a list whose target moves from place to place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ml.recommend.spread import Groups, artist_cap

#: Best songs of a place that are looked at before all are sorted, for each place of the list.
LOOKED_AT = 10


def place_by_place(scores: np.ndarray, groups: Groups, allowed: np.ndarray) -> list[int]:
    """The best free song for each place, no version of one twice, within the
    artist cap and with artists kept apart.

    The rules are those of `ml.recommend.spread`. Places are filled in order; then songs change
    places wherever two are better off so, because a song that suits every place a little is taken
    by the first of them.

    Parameters
    ----------
    scores : (places, n), higher is better
    allowed : (n,) booleans; a song that is not allowed never appears

    Returns
    -------
    Indexes, first place first; fewer than places only when fewer different songs are allowed.
    """
    artists, versions = groups.artists, groups.versions
    candidates = np.flatnonzero(allowed)
    different = candidates[np.unique(versions[candidates], return_index=True)[1]]
    places = min(len(scores), len(different))
    if not places:
        return []
    names = np.unique(artists[candidates])
    left = np.bincount(np.searchsorted(names, artists[different]), minlength=len(names))
    cap = artist_cap(places)
    while int(np.minimum(left, cap).sum()) < places:
        cap += 1
    left = np.minimum(left, cap)
    code_of = dict(zip(names.tolist(), range(len(names)), strict=True))

    chosen: list[int] = []
    taken: set[int] = set()
    previous = -1
    for place in range(places):
        index = fallback = -1
        for one in _best_first(scores[place], candidates, LOOKED_AT * places):
            artist = code_of[int(artists[one])]
            if int(versions[one]) in taken or not left[artist]:
                continue
            fallback = one if fallback < 0 else fallback
            if artist != previous and _can_follow(left, artist, places - place - 1):
                index = one
                break
        # Where neighbours cannot be avoided, the best song has the place.
        index = fallback if index < 0 else index
        previous = code_of[int(artists[index])]
        left[previous] -= 1
        taken.add(int(versions[index]))
        chosen.append(index)
    return _exchanged(chosen, scores, artists)


def _best_first(scores: np.ndarray, candidates: np.ndarray, first: int) -> Iterator[int]:
    """Candidates by score; all of them are sorted only for a caller that looks far."""
    here = scores[candidates]
    if first < len(candidates):
        best = np.argpartition(here, -first)[-first:]
        yield from candidates[best[np.argsort(-here[best], kind="stable")]].tolist()
    yield from candidates[np.argsort(-here, kind="stable")].tolist()


def _can_follow(left: np.ndarray, artist: int, rest: int) -> bool:
    """Whether, with a song of `artist` placed now, the `rest` can still be kept apart.

    So it is when enough songs are left of which none has more than every second place.
    """
    most = np.minimum(left, (rest + 1) // 2)
    most[artist] = min(left[artist] - 1, rest // 2)
    return int(most.sum()) >= rest


def _exchanged(chosen: list[int], scores: np.ndarray, artists: np.ndarray) -> list[int]:
    """Exchange songs between places while that raises their sum and brings no artist together."""
    # In single precision two songs that are alike may gain by rounding both ways, for ever.
    scores = scores[:, chosen].astype(np.float64)
    artists = artists[chosen]
    order = list(range(len(chosen)))
    better = True
    while better:
        better = False
        for one in range(len(order)):
            for two in range(one + 1, len(order)):
                a, b = order[one], order[two]
                gain = scores[one, b] + scores[two, a] - scores[one, a] - scores[two, b]
                if gain <= 1e-9:
                    continue
                before = _together(order, artists)
                order[one], order[two] = b, a
                if _together(order, artists) > before:
                    order[one], order[two] = a, b
                else:
                    better = True
    return [chosen[at] for at in order]


def _together(order: list[int], artists: np.ndarray) -> int:
    """How many neighbours share an artist."""
    names = artists[order]
    return int((names[1:] == names[:-1]).sum())
