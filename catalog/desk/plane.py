"""The catalogue on the valence-arousal plane: songs counted in cells."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Count, F, Func, IntegerField, Value

from catalog.models import Mood, Song
from catalog.selectors import revision_now

#: Cells along an axis of the drawing, and of the table beside it.
CELLS, COARSE = 40, 8
#: Shades of the drawing.
LEVELS = 8
#: Seconds for which a count is kept, as long as no song changes.
KEPT_S = 3600


class Whole(Func):
    """The whole part of a number that is not negative."""

    function = "FLOOR"
    template = "CAST(FLOOR(%(expressions)s) AS INTEGER)"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Its CAST cuts off, and its FLOOR would be a call into Python for every song.
        template = "CAST(%(expressions)s AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)


def density(*, mood: str = "") -> np.ndarray:
    """(CELLS, CELLS) songs in each cell; rows are arousal from calm to excited, columns valence.

    Counted in the database, over an index alone where no mood is named.
    """
    key = f"desk:plane:{revision_now()}:{mood}"
    kept: np.ndarray | None = cache.get(key)
    if kept is None:
        kept = _counted(mood)
        cache.set(key, kept, KEPT_S)
    return kept


def _counted(mood: str) -> np.ndarray:
    songs = Song.objects.filter(placed=True, hidden=False, owner=None)
    if mood:
        songs = songs.filter(moods__slug=mood)
    half = Value(CELLS / 2)
    cells = (
        songs.order_by()
        .annotate(x=Whole((F("valence") + 1.0) * half), y=Whole((F("arousal") + 1.0) * half))
        .values_list("x", "y")
        .annotate(n=Count("*"))
    )
    counts = np.zeros((CELLS, CELLS), dtype=np.int64)
    for x, y, number in cells:
        # A value of exactly 1 belongs to the last cell.
        counts[min(y, CELLS - 1), min(x, CELLS - 1)] += number
    return counts


def drawing(counts: np.ndarray) -> list[tuple[int, str]]:
    """(level 1..LEVELS, SVG path) for the cells of each shade, a unit square each; y grows down.

    The shades follow the logarithm, so that thin regions show beside crowded ones.
    """
    most = counts.max()
    if not most:
        return []
    shade = np.ceil(np.log1p(counts) / np.log1p(most) * LEVELS).astype(int)
    paths = []
    for level in range(1, LEVELS + 1):
        rows, columns = np.nonzero(shade == level)
        path = "".join(
            f"M{x} {CELLS - 1 - y}h1v1h-1z"
            for y, x in zip(rows.tolist(), columns.tolist(), strict=True)
        )
        if path:
            paths.append((level, path))
    return paths


def table(counts: np.ndarray) -> list[dict[str, Any]]:
    """The plane in COARSE rows of cells, excited first, each with its count and its area."""
    size = CELLS // COARSE
    coarse = counts.reshape(COARSE, size, COARSE, size).sum(axis=(1, 3))
    edges = np.linspace(-1, 1, COARSE + 1)
    most = max(1, int(coarse.max()))
    rows = []
    for y in reversed(range(COARSE)):
        cells = [
            {
                "n": int(coarse[y, x]),
                "heat": int(np.ceil(6 * np.log1p(coarse[y, x]) / np.log1p(most))),
                "area": f"{edges[x]:g},{edges[y]:g};{edges[x + 1]:g},{edges[y + 1]:g}",
                "from": edges[x],
                "to": edges[x + 1],
            }
            for x in range(COARSE)
        ]
        rows.append({"from": edges[y], "to": edges[y + 1], "cells": cells})
    return rows


def places() -> list[dict[str, Any]]:
    """The moods' names, a little above where they lie, in units of cells, y growing down."""
    return [
        {
            "name": mood.name,
            "x": round((mood.valence + 1) * CELLS / 2, 1),
            "y": round((1 - mood.arousal) * CELLS / 2 - 1, 1),
        }
        for mood in Mood.objects.all()
    ]
