"""What a section of the book is made of, alike in the document and on the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MINUS, NONE = "\N{MINUS SIGN}", "\N{EN DASH}"
BELOW = "below the figure to beat"


@dataclass(frozen=True)
class Table:
    """Cells as they are shown; the first of a row names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def wordy(self) -> bool:
        """Whether its rows have names that need room, not mere numbers."""
        return any(len(row[0]) > 10 for row in self.rows)


@dataclass(frozen=True)
class Plot:
    """Lines over the same `labels`: {words: values}."""

    name: str
    title: str
    x_name: str
    y_name: str
    labels: tuple[str, ...]
    lines: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Told:
    """A proof's figures: what they stand on, tables, plots, and how they compare."""

    facts: str
    verdict: str
    tables: tuple[Table, ...]
    plots: tuple[Plot, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """A figure of ours beside one to beat; both are compared as they are shown.

    Attributes
    ----------
    beat : None where nobody has such a figure.
    """

    ours: float
    beat: float | None
    digits: int = 3

    @property
    def lead(self) -> float | None:
        if self.beat is None:
            return None
        return round(round(self.ours, self.digits) - round(self.beat, self.digits), self.digits)

    @property
    def cell(self) -> str:
        """The lead with its sign; in words, too, where the figure is missed."""
        if self.lead is None:
            return NONE
        size = figure(abs(self.lead), self.digits)
        if self.lead < 0:
            return f"{MINUS}{size}, {BELOW}"
        return f"+{size}" if self.lead else "level"


def verdict(comparisons: Iterable[Comparison]) -> str:
    """One sentence: how many figures to beat are beaten, level and missed."""
    leads = [one.lead for one in comparisons if one.lead is not None]
    beaten, missed = sum(lead > 0 for lead in leads), sum(lead < 0 for lead in leads)
    counts = ((beaten, "beaten"), (len(leads) - beaten - missed, "level"), (missed, "missed"))
    told = ", ".join(f"{count} {word}" for count, word in counts if count)
    return f"{len(leads)} figures to beat: {told}."


def figure(value: float | None, digits: int = 3) -> str:
    """0.652 as .652, as published tables have it; a dash for None."""
    if value is None:
        return NONE
    text = f"{abs(value):.{digits}f}"
    text = text[1:] if text.startswith("0.") else text
    return f"{MINUS}{text}" if value < 0 and float(f"{value:.{digits}f}") else text


def spread(one: dict[str, Any], digits: int = 3) -> str:
    """Mean, with ± its standard deviation or error where it has one."""
    by = one.get("sd", one.get("standard_error"))
    return figure(one["mean"], digits) + ("" if by is None else f" ± {figure(by, digits)}")
