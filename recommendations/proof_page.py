"""The recommender's book of proofs, made ready for a page: its sections and their charts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from emotions.model_charts import BOTTOM, LEFT, RIGHT, TOP, Chart, Line, Tick
from ml.recommend.card import gather
from ml.recommend.card.text import Rival, Section, rivals, sections
from ml.recommend.card.told import Plot, figure

#: Width, of the field, that the words at the lines' ends leave to the lines.
ROOM = 0.74
#: Least distance of two words at lines' ends, in SVG units.
APART = 12
#: Looks of the lines, in their order: ours first, the simplest last and dashed.
LOOKS = ("one", "two", "honest")


@dataclass(frozen=True)
class Drawn:
    """A plot and where its lines lie."""

    plot: Plot
    chart: Chart


@dataclass(frozen=True)
class Proofs:
    """What the page shows: each section with its charts, and the sources of what is compared."""

    sections: list[tuple[Section, list[Drawn]]]
    rivals: list[Rival]


def proofs(home: Path | None = None) -> Proofs:
    """The book of the results in `home`, the committed ones without it."""
    book = gather(home)
    return Proofs(
        sections=[(one, _drawn(one)) for one in sections(book)],
        rivals=rivals(book),
    )


def _drawn(section: Section) -> list[Drawn]:
    plots = () if section.told is None else section.told.plots
    return [Drawn(plot, chart(plot)) for plot in plots]


def chart(plot: Plot) -> Chart:
    """Labels evenly along the foot, values from 0 up to the next tenth above the highest."""
    most = max(max(line) for line in plot.lines.values())
    tenths = max(1, math.ceil(most * 10 - 1e-9))
    step = (RIGHT - LEFT) * ROOM / max(len(plot.labels) - 1, 1)

    def up(value: float) -> float:
        return round(BOTTOM - value * 10 / tenths * (BOTTOM - TOP), 1)

    across = [round(LEFT + step * place, 1) for place in range(len(plot.labels))]
    placed = {
        words: [(x, up(value)) for x, value in zip(across, line, strict=True)]
        for words, line in plot.lines.items()
    }
    heights = _apart({words: points[-1][1] for words, points in placed.items()})
    looks = dict(zip(plot.lines, LOOKS, strict=True))
    return Chart(
        x_ticks=[Tick(x, label) for x, label in zip(across, plot.labels, strict=True)],
        y_ticks=[
            Tick(up(tenth / 10), figure(tenth / 10, 1) if tenth else "0")
            for tenth in range(tenths + 1)
        ],
        bars=[],
        lines=[
            Line(
                points=" ".join(f"{x},{y}" for x, y in points),
                words=words,
                css=looks[words],
                end=(points[-1][0], heights[words]),
            )
            for words, points in placed.items()
        ],
        marks=[],
    )


def _apart(ends: dict[str, float]) -> dict[str, float]:
    """Heights of the words at the lines' ends, pushed down where they would touch."""
    moved: dict[str, float] = {}
    lowest = -math.inf
    for words, y in sorted(ends.items(), key=lambda end: end[1]):
        lowest = max(y, lowest + APART)
        moved[words] = round(lowest, 1)
    return moved
