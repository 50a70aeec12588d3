"""Where the lines and bars of the model page's charts lie, in SVG units."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

#: The field of a chart, in a picture of 340 by 250 (`templates/emotions/_chart.html`).
LEFT, RIGHT, TOP, BOTTOM = 44, 330, 14, 206
#: Faces below which a bar is pale.
FEW = 30


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: its place and its words."""

    at: float
    words: str


@dataclass(frozen=True)
class Bar:
    """A rectangle; `pale` where it stands on few faces."""

    x: float
    y: float
    width: float
    height: float
    pale: bool


@dataclass(frozen=True)
class Line:
    """`points` as SVG wants them; `words` stand at the last one."""

    points: str
    words: str
    css: str
    end: tuple[float, float]


@dataclass(frozen=True)
class Chart:
    """Bars, lines and ticks; `marks` are upright rules with words at their tops."""

    x_ticks: list[Tick]
    y_ticks: list[Tick]
    bars: list[Bar]
    lines: list[Line]
    marks: list[Tick]


def reliability_chart(bins: list[dict[str, Any]]) -> Chart:
    """Accuracy of each bin of probability, and the diagonal on which an honest one lies."""
    bars = [
        Bar(
            x=_round(_across(entry["lower"]) + 1),
            y=_round(_up(entry["accuracy"])),
            width=_round(_across(entry["upper"]) - _across(entry["lower"]) - 2),
            height=_round(BOTTOM - _up(entry["accuracy"])),
            pale=entry["count"] < FEW,
        )
        for entry in bins
        if entry["count"]
    ]
    honest = [(_across(0), _up(0)), (_across(1), _up(1))]
    return Chart(
        x_ticks=_percent_ticks(_across),
        y_ticks=_percent_ticks(_up),
        bars=bars,
        lines=[_line(honest, "", "honest")],
        marks=[],
    )


def accuracy_chart(history: list[dict[str, Any]]) -> Chart:
    """PublicTest accuracy of both heads after each epoch."""
    place = _by_epoch(history)
    lines = [
        _line([place(e, _up(e[key])) for e in history], words, css)
        for key, words, css in (
            ("public_ferplus7", "FER+", "one"),
            ("public_accuracy", "FER2013", "two"),
        )
    ]
    return Chart(_epoch_ticks(history), _percent_ticks(_up), [], lines, _phases(history))


def loss_chart(history: list[dict[str, Any]]) -> Chart:
    """Training loss of each epoch, from 0 upwards."""
    most = max(entry["loss"] for entry in history)
    place = _by_epoch(history)
    line = _line([place(e, _up(e["loss"] / most)) for e in history], _("loss"), "one")
    ticks = [Tick(_round(_up(share)), f"{most * share:.1f}") for share in (0, 0.5, 1)]
    return Chart(_epoch_ticks(history), ticks, [], [line], _phases(history))


def _across(share: float) -> float:
    return LEFT + share * (RIGHT - LEFT)


def _up(share: float) -> float:
    return BOTTOM - share * (BOTTOM - TOP)


def _round(value: float) -> float:
    return round(value, 1)


def _percent_ticks(place: Callable[[float], float]) -> list[Tick]:
    return [Tick(_round(place(k / 4)), f"{k * 25}") for k in range(5)]


def _by_epoch(
    history: list[dict[str, Any]],
) -> Callable[[dict[str, Any], float], tuple[float, float]]:
    last = max(len(history) - 1, 1)
    # The words of the lines need room behind their ends.
    room = 0.81
    return lambda entry, y: (_across((entry["epoch"] - 1) / last * room), y)


def _epoch_ticks(history: list[dict[str, Any]]) -> list[Tick]:
    place = _by_epoch(history)
    chosen = [history[0], history[len(history) // 2], history[-1]]
    return [Tick(_round(place(entry, 0)[0]), str(entry["epoch"])) for entry in chosen]


def _phases(history: list[dict[str, Any]]) -> list[Tick]:
    """Where the crops' side changes."""
    place = _by_epoch(history)
    return [
        Tick(_round(place(later, 0)[0]), f"{later['side']} px")
        for earlier, later in pairwise(history)
        if earlier["side"] != later["side"]
    ]


def _line(points: Iterable[tuple[float, float]], words: str, css: str) -> Line:
    placed = [(_round(x), _round(y)) for x, y in points]
    return Line(" ".join(f"{x},{y}" for x, y in placed), words, css, placed[-1])
