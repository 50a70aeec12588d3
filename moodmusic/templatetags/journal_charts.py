"""The journal's pictures as server-rendered SVG: grids of days, bars and lines.

No mood is told by its colour alone: each has a mark of its own, the mouth of its face. The marks
stand once on a page (`mood_glyphs`) and are used from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from moodmusic.templatetags.words import feeling

register = template.Library()

#: The marks of the seven, in a field of 24 by 24.
EYES = '<circle cx="8.5" cy="9.5" r="1.5"/><circle cx="15.5" cy="9.5" r="1.5"/>'
GLYPHS = {
    "angry": '<path d="M6 6.5l4.4 2M18 6.5l-4.4 2M8.5 17q3.5-3 7 0"/>',
    "disgust": '<path d="M7 16q2.5-3 5 0t5 0"/>',
    "fear": '<path d="M7 17l2.5-2.5 2.5 2.5 2.5-2.5 2.5 2.5"/>',
    "happy": '<path d="M7 13.5q5 6.5 10 0"/>',
    "sad": '<path d="M7.5 17.5q4.5-5 9 0"/>',
    "surprise": '<circle cx="12" cy="16" r="2.6" fill="none"/>',
    "neutral": '<path d="M8 16h8"/>',
}
#: Where the bars begin and end, and how high a row is, in a picture 340 wide.
BARS_LEFT, BARS_RIGHT, BARS_ROW = 112, 304, 42
#: The field of lines, in a picture of 340 by 190.
LINES_LEFT, LINES_RIGHT, LINES_TOP, LINES_BOTTOM = 30, 332, 10, 160


class Tallied(Protocol):
    """What a row of bars is drawn from: `emotions.journal.tallies.Said`."""

    emotion: str
    read: int
    said: int
    by_hand: int

    @property
    def stood(self) -> int: ...

    @property
    def counts(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Cell:
    """A square of a grid; without an emotion it is empty, without an address no link."""

    column: int
    row: int
    words: str
    emotion: str = ""
    href: str = ""
    number: str = ""
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of moods: cells of `size` below `columns` and beside `rows`, `left` for their words.

    `id` is the picture's own on its page.
    """

    id: str
    title: str
    desc: str
    columns: Sequence[str]
    rows: Sequence[str]
    cells: Sequence[Cell]
    size: int
    left: int


@dataclass(frozen=True, slots=True)
class Point:
    """Valence and arousal, each -1..1, at `x` (0..1) of a time that `words` names."""

    x: float
    valence: float
    arousal: float
    words: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Valence and arousal over time; points farther apart than `gap` (of 1) are not joined."""

    id: str
    title: str
    desc: str
    points: Sequence[Point]
    gap: float
    ticks: Sequence[tuple[float, str]] = field(default_factory=tuple)


@register.simple_tag
def mood_glyphs() -> SafeString:
    """The marks and patterns that the pictures of a page use; once a page, before them."""
    symbols = "".join(
        f'<symbol id="glyph-{name}" viewBox="0 0 24 24">{EYES}{drawn}</symbol>'
        for name, drawn in GLYPHS.items()
    )
    patterns = (
        '<pattern id="hatched" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="moods__stroke" d="M0 0v5"/></pattern>'
        '<pattern id="dotted" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<circle class="moods__dot" cx="2.5" cy="2.5" r="1.1"/></pattern>'
    )
    # Nothing in it comes from anybody but us.
    return mark_safe(  # noqa: S308
        f'<svg class="moods__store" aria-hidden="true" focusable="false">'
        f"{symbols}<defs>{patterns}</defs></svg>"
    )


@register.simple_tag
def mood_mark(emotion: str) -> SafeString:
    """A small tinted square with the mark of a mood; the words beside it carry the meaning."""
    return format_html(
        '<svg class="moods__mark is-{0}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<rect class="moods__cell" width="24" height="24" rx="6"/>'
        '<use class="moods__glyph" href="#glyph-{0}" width="24" height="24"/></svg>',
        emotion,
    )


@register.simple_tag
def mood_grid(grid: Grid) -> SafeString:
    """A grid of moods; cells with an address are links, and then the picture is a group of them."""
    size, top = grid.size, 20
    width = grid.left + size * len(grid.columns)
    height = top + size * len(grid.rows)
    linked = any(cell.href for cell in grid.cells)
    heads = format_html_join(
        "",
        '<text class="moods__word" x="{}" y="13" text-anchor="middle">{}</text>',
        ((grid.left + size * (at + 0.5), words) for at, words in enumerate(grid.columns)),
    )
    sides = format_html_join(
        "",
        '<text class="moods__word" x="{}" y="{}" dy="0.35em" text-anchor="end">{}</text>',
        ((grid.left - 5, top + size * (at + 0.5), words) for at, words in enumerate(grid.rows)),
    )
    # A year has hundreds: each is put together at once, with all escaped that is not ours.
    cells = mark_safe("".join(_cell(cell, grid, top) for cell in grid.cells))  # noqa: S308
    return _picture(
        grid.id, grid.title, grid.desc, f"{width} {height}", "group" if linked else "img",
        heads + sides + cells,
    )  # fmt: skip


def _cell(cell: Cell, grid: Grid, top: int) -> str:
    x, y, size = grid.left + grid.size * cell.column, top + grid.size * cell.row, grid.size
    now = " moods__cell--now" if cell.marked else ""
    drawn = (
        f'<rect class="moods__cell{now}" x="{x + 1.5}" y="{y + 1.5}" width="{size - 3}" '
        f'height="{size - 3}" rx="{round(size / 5)}"/>'
    )
    if cell.emotion:
        # Beside a number the mark makes room for it.
        mark = round(size * (0.62 if cell.number else 0.86), 1)
        down = size * 0.03 if cell.number else (size - mark) / 2
        across = x + (size - mark) / 2
        drawn += (
            f'<use class="moods__glyph" href="#glyph-{cell.emotion}" x="{across:.1f}" '
            f'y="{y + down:.1f}" width="{mark}" height="{mark}"/>'
        )
    if cell.number:
        empty = "" if cell.emotion else " moods__number--empty"
        drawn += (
            f'<text class="moods__number{empty}" x="{x + size / 2}" y="{y + size * 0.88:.1f}" '
            f'text-anchor="middle">{escape(cell.number)}</text>'
        )
    css, words = f"is-{cell.emotion}" if cell.emotion else "moods__empty", escape(cell.words)
    if not cell.href:
        return f'<g class="{css}"><title>{words}</title>{drawn}</g>'
    # Empty days are for the pointer; the keyboard goes from one written day to the next.
    apart = "" if cell.emotion else ' tabindex="-1"'
    return (
        f'<a class="moods__day {css}" href="{escape(cell.href)}" aria-label="{words}"{apart}>'
        f"{drawn}</a>"
    )


@register.simple_tag
def mood_bars(rows: Sequence[Tallied], id: str, title: str, desc: str) -> SafeString:
    """For each emotion a thin bar of the faces read as it, above a thick one of what counts.

    The thick one is plain where the reading stood, hatched where the listener said so of a face
    read as something else, and dotted where the mood was named by hand.
    """
    most = max([1, *(max(row.read, row.counts) for row in rows)])
    unit = (BARS_RIGHT - BARS_LEFT) / most
    drawn = format_html_join(
        "", "{}", ((_bar_row(row, unit, BARS_ROW * at),) for at, row in enumerate(rows))
    )
    return _picture(id, title, desc, f"340 {BARS_ROW * len(rows)}", "img", drawn)


def _bar_row(row: Tallied, unit: float, y: int) -> SafeString:
    parts, x = mark_safe(""), float(BARS_LEFT)
    for number, pattern in ((row.stood, ""), (row.said, "hatched"), (row.by_hand, "dotted")):
        if not number:
            continue
        box = (f"{x:.1f}", y + 18, f"{unit * number:.1f}")
        parts += format_html(
            '<rect class="moods__bar" x="{}" y="{}" width="{}" height="15"/>', *box
        )
        if pattern:
            parts += format_html(
                '<rect x="{}" y="{}" width="{}" height="15" fill="url(#{})"/>', *box, pattern
            )
        x += unit * number
    return format_html(
        '<g class="is-{0}"><rect class="moods__cell" x="1" y="{1}" width="26" height="26" rx="6"/>'
        '<use class="moods__glyph" href="#glyph-{0}" x="2" y="{2}" width="24" height="24"/>'
        '<text class="moods__word moods__word--strong" x="34" y="{3}">{4}</text>'
        '<rect class="moods__read" x="{5}" y="{6}" width="{7}" height="6"/>{8}'
        '<text class="moods__word" x="{9}" y="{10}">{11}</text></g>',
        row.emotion, y + 6, y + 7, y + 23, feeling(row.emotion), BARS_LEFT, y + 9,
        f"{unit * row.read:.1f}", parts, round(x + 5, 1), y + 30, row.counts or "",
    )  # fmt: skip


@register.simple_tag
def mood_lines(trend: Trend) -> SafeString:
    """Valence as a full line with round marks, arousal as a broken one with square marks."""
    grid = format_html_join(
        "",
        '<line class="chart__grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="moods__word" '
        'x="{}" y="{}" dy="0.35em" text-anchor="end">{}</text>',
        (
            (LINES_LEFT, LINES_RIGHT, _up(value), _up(value), LINES_LEFT - 5, _up(value), words)
            for value, words in ((1, "+1"), (0, "0"), (-1, "\N{MINUS SIGN}1"))
        ),
    )
    ticks = format_html_join(
        "",
        '<text class="moods__word" x="{}" y="178" text-anchor="middle">{}</text>',
        ((_across(x), words) for x, words in trend.ticks),
    )
    lines = _line(trend, "valence") + _line(trend, "arousal")
    return _picture(trend.id, trend.title, trend.desc, "340 190", "img", grid + ticks + lines)


def _line(trend: Trend, axis: str) -> SafeString:
    steps, marks, before = [], [], None
    for point in trend.points:
        x, y = _across(point.x), _up(getattr(point, axis))
        joined = before is not None and point.x - before <= trend.gap
        steps.append(f"{'L' if joined else 'M'}{x} {y}")
        marks.append((x, y))
        before = point.x
    shape = (
        '<circle cx="{}" cy="{}" r="3"/>'
        if axis == "valence"
        else '<path d="M{} {}m-2.6-2.6h5.2v5.2h-5.2z"/>'
    )
    return format_html(
        '<g class="moods__line moods__line--{}"><path class="moods__path" d="{}"/>{}</g>',
        axis, "".join(steps), format_html_join("", shape, marks),
    )  # fmt: skip


def _across(share: float) -> float:
    return round(LINES_LEFT + 6 + share * (LINES_RIGHT - LINES_LEFT - 12), 1)


def _up(value: float) -> float:
    return round(LINES_BOTTOM - (value + 1) / 2 * (LINES_BOTTOM - LINES_TOP), 1)


def _picture(
    id: str, title: str, desc: str, box: str, role: str, drawn: Iterable[Any] | SafeString
) -> SafeString:
    return format_html(
        '<svg class="moods moods--{0}" viewBox="0 0 {1}" role="{2}" '
        'aria-labelledby="{0}-title" aria-describedby="{0}-desc">'
        '<title id="{0}-title">{3}</title><desc id="{0}-desc">{4}</desc>{5}</svg>',
        id, box, role, title, desc, drawn,
    )  # fmt: skip
