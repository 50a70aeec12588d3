"""Small charts as server-rendered SVG: bars and the valence-arousal pad."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moodmusic.templatetags.words import signed

register = template.Library()

#: The score parts that have a name on the page, in the order they are drawn.
PARTS = {
    "mood": _("fits the mood"),
    "collaborative": _("listeners like you"),
    "taste": _("your own taste"),
    "fresh": _("fresh or familiar"),
    "explore": _("to try it out"),
}


@register.simple_tag
def bar(share: float, tint: str = "") -> SafeString:
    """A bar filled to `share` (0..1), tinted as an emotion; the number stands beside it."""
    width = round(min(1.0, max(0.0, float(share))) * 100, 1)
    return format_html(
        '<svg class="bar is-{}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar__back" width="100" height="10" rx="2"/>'
        '<rect class="bar__fill" width="{}" height="10" rx="2"/></svg>',
        tint or "plain",
        width,
    )


@register.simple_tag
def part_bar(parts: Mapping[str, float]) -> SafeString:
    """A stacked bar as long as a score; a score of 1 or more fills it.

    The parts that raise it stand side by side, and what the others take away is struck from their
    end. Its label says all of them.
    """
    raising = [(name, value) for name, value in ordered_parts(parts) if value > 0]
    lost = min(sum(value for _, value in raising), -sum(v for v in parts.values() if v < 0))
    total = max(1.0, sum(value for _, value in raising))
    x, rows = 0.0, []
    for name, value in raising:
        width = value / total * 100
        rows.append((name if name in PARTS else "other", f"{x:.2f}", f"{width:.2f}"))
        x += width
    blocks = format_html_join("", '<rect class="part-{}" x="{}" width="{}" height="6"/>', rows)
    if lost > 0:
        blocks += format_html(
            '<rect class="parts__lost" x="{}" width="{}" height="6"/>',
            f"{x - lost / total * 100:.2f}",
            f"{lost / total * 100:.2f}",
        )
    said = ", ".join(f"{row['name']} {signed(row['value'])}" for row in named_parts(parts))
    return format_html(
        '<svg class="parts" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" '
        'aria-label="{}"><rect class="bar__back" width="100" height="6"/>{}</svg>',
        gettext("Parts of the score: %(parts)s") % {"parts": said or gettext("none")},
        blocks,
    )


def ordered_parts(parts: Mapping[str, float]) -> list[tuple[str, float]]:
    """The parts with names of ours first, in their fixed order, then any others."""
    names = [*(name for name in PARTS if name in parts), *(n for n in parts if n not in PARTS)]
    return [(name, float(parts[name])) for name in names]


@register.filter
def named_parts(parts: Mapping[str, float]) -> list[dict[str, Any]]:
    """Rows for the table of a score: name, CSS class and value, zero parts left out."""
    return [
        {"name": PARTS.get(name, name), "css": name if name in PARTS else "other", "value": value}
        for name, value in ordered_parts(parts)
        if abs(value) >= 0.005
    ]
