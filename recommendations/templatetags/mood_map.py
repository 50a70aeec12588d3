"""A list on the plane of valence and arousal: the listener, where the music aims, and the songs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import template

from emotions.models import Reading
from emotions.selectors import valence_arousal_in_force
from recommendations.models import ListItem, SongList

register = template.Library()

#: The plane is drawn in a square of 200 units, its values -1..1 on this many to each side.
MIDDLE, REACH = 100, 82
#: Units between neighbours among dots that lie together, and the farthest that dots are drawn.
SEED, EDGE = 5.2, 190
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def place(valence: float, arousal: float) -> tuple[float, float]:
    """Where a point lies in the drawing; arousal grows upwards."""
    return round(MIDDLE + REACH * valence, 1), round(MIDDLE - REACH * arousal, 1)


def beside(at: tuple[float, float], number: int) -> tuple[float, float]:
    """Where the dot of this number is drawn of those that lie at one point, the first on it.

    Songs of one mood that nobody placed lie together; they are laid around it as the seeds of a
    sunflower lie, so that each can be seen and reached.
    """
    away, turn = SEED * math.sqrt(number), GOLDEN_ANGLE * number
    x, y = at[0] + away * math.cos(turn), at[1] + away * math.sin(turn)
    return round(min(EDGE, max(200 - EDGE, x)), 1), round(min(EDGE, max(200 - EDGE, y)), 1)


@register.inclusion_tag("recommendations/_mood_map.html")
def mood_map(
    reading: Reading | None, song_list: SongList | None = None, items: Sequence[ListItem] = ()
) -> dict[str, Any]:
    """The map of a reading, with the aim and the songs of a list where there is one.

    Songs without moods have no place, and are left out.
    """
    valence, arousal = valence_arousal_in_force(reading) if reading else (0.0, 0.0)
    aim = (song_list.valence, song_list.arousal) if song_list else None
    return drawn((valence, arousal), aim, [(item.position, item.song) for item in items])


def drawn(
    point: tuple[float, float],
    aim: tuple[float, float] | None,
    songs: Sequence[tuple[int, Any]],
    *,
    linked: bool = True,
) -> dict[str, Any]:
    """Context of `_mood_map.html`; `songs` are (number, song), `linked` to rows of the page."""
    dots: list[dict[str, Any]] = []
    lying: Counter[tuple[float, float]] = Counter()
    for number, song in songs:
        if not song.placed:
            continue
        at = place(song.valence, song.arousal)
        x, y = beside(at, lying[at])
        lying[at] += 1
        dots.append({"song": song, "number": number, "x": x, "y": y})
    return {
        "point": place(*point),
        "valence": point[0],
        "arousal": point[1],
        "aim": place(*aim) if aim else None,
        "aim_valence": aim[0] if aim else None,
        "aim_arousal": aim[1] if aim else None,
        "dots": dots,
        "linked": linked,
    }
