"""Cover art: one small abstract picture per song, drawn from its id and moods, always the same.

Colours are SVG presentation attributes, so the strict content security policy needs no exception.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

#: Sky, ground and light, three sets for each song mood.
PALETTES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "happy": (
        ("#ffd56b", "#f7885f", "#fff3c9"),
        ("#ffe38a", "#4fb3a5", "#fff8dc"),
        ("#ffb86b", "#e4577a", "#ffe9a8"),
    ),
    "energetic": (
        ("#ff7a5c", "#d9337a", "#ffd94f"),
        ("#ffcf3f", "#e8452c", "#fff2b8"),
        ("#7a5cff", "#f0418a", "#5fe0e6"),
    ),
    "calm": (
        ("#bfe3dc", "#4f9fa5", "#f6fbee"),
        ("#d5e3f3", "#7c93c4", "#fbf7ee"),
        ("#dfe6c8", "#7f9f73", "#fbf4df"),
    ),
    "romantic": (
        ("#ffc4cf", "#c0487f", "#ffe9df"),
        ("#f6d3e8", "#8d5aa8", "#fff0e0"),
        ("#ffcdb2", "#b5546a", "#fff1e2"),
    ),
    "sad": (
        ("#a9c0e2", "#46618f", "#e3ebf7"),
        ("#b9c4cf", "#5b6b85", "#eef1f2"),
        ("#9fb7c9", "#3f5a73", "#e6dfe8"),
    ),
    "dark": (
        ("#564a7d", "#221b3a", "#b79ddf"),
        ("#3d4f63", "#141d2b", "#8fb3c9"),
        ("#5d3a55", "#25121f", "#d79bb0"),
    ),
    "angry": (
        ("#e2512f", "#5a0f1e", "#ffb27a"),
        ("#b3203a", "#2c0a1a", "#ff8f6b"),
        ("#f0842c", "#6e1414", "#ffd37a"),
    ),
}
PLAIN = (("#d9c6b3", "#8a6f78", "#fbf0e4"),)
SIZE = 80


def _sun_over_hills(dice: bytes, ground: str, light: str) -> str:
    x, y, r = 20 + dice[0] % 40, 18 + dice[1] % 20, 9 + dice[2] % 9
    near, far = 52 + dice[3] % 12, 44 + dice[4] % 10
    bend = 8 + dice[5] % 14
    return (
        f'<circle cx="{x}" cy="{y}" r="{r}" fill="{light}"/>'
        f'<path d="M0 {far}Q20 {far - bend} 44 {far}T80 {far - 4}V80H0Z" fill="{ground}"'
        f' opacity=".55"/>'
        f'<path d="M0 {near + 6}Q26 {near + bend - 4} 48 {near}T80 {near + 5}V80H0Z"'
        f' fill="{ground}"/>'
    )


def _rings(dice: bytes, ground: str, light: str) -> str:
    x, y = 18 + dice[0] % 44, 18 + dice[1] % 44
    return "".join(
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{ground if index % 2 else light}"'
        f' opacity="{0.28 + 0.1 * index:.2f}"/>'
        for index, radius in enumerate((58, 45, 33, 22, 11))
    )


def _leaves(dice: bytes, ground: str, light: str) -> str:
    turn, count = dice[0] % 90, 5 + dice[1] % 3
    length, width = 25 + dice[2] % 8, 8 + dice[3] % 5
    return "".join(
        f'<ellipse cx="40" cy="{40 - length * 0.62:.1f}" rx="{width}" ry="{length * 0.66:.1f}"'
        f' fill="{light if index % 2 else ground}" opacity=".62"'
        f' transform="rotate({turn + index * 360 / count:.1f} 40 40)"/>'
        for index in range(count)
    )


def _bars(dice: bytes, ground: str, light: str) -> str:
    columns = []
    for index in range(7):
        height = 14 + dice[index] % 46
        fill = light if dice[index + 7] % 3 == 0 else ground
        columns.append(
            f'<rect x="{9 + index * 9.3:.1f}" y="{40 - height / 2:.1f}" width="5.6"'
            f' height="{height}" rx="2.8" fill="{fill}" opacity=".85"/>'
        )
    return "".join(columns)


def _waves(dice: bytes, ground: str, light: str) -> str:
    lines = []
    for index in range(4):
        y, swing = 24 + index * 14 + dice[index] % 6, 6 + dice[index + 4] % 10
        fill = light if index == dice[9] % 4 else ground
        lines.append(
            f'<path d="M0 {y}C20 {y - swing} 28 {y + swing} 42 {y}S66 {y - swing} 80 {y}V80H0Z"'
            f' fill="{fill}" opacity=".42"/>'
        )
    return "".join(lines)


def _moons(dice: bytes, ground: str, light: str) -> str:
    x, y, r = 28 + dice[0] % 24, 28 + dice[1] % 24, 17 + dice[2] % 8
    shift = 6 + dice[3] % 8
    stars = "".join(
        f'<circle cx="{6 + dice[4 + i] % 68}" cy="{6 + dice[9 + i] % 68}"'
        f' r="{1 + dice[14 + i] % 2}" fill="{light}" opacity=".8"/>'
        for i in range(5)
    )
    return (
        f'{stars}<circle cx="{x}" cy="{y}" r="{r}" fill="{light}"/>'
        f'<circle cx="{x + shift}" cy="{y - shift // 2}" r="{r - 1}" fill="{ground}" opacity=".8"/>'
    )


COMPOSITIONS: tuple[Callable[[bytes, str, str], str], ...] = (
    _sun_over_hills,
    _rings,
    _leaves,
    _bars,
    _waves,
    _moons,
)


def cover_svg(song_id: UUID, moods: Iterable[str]) -> str:
    """The cover as SVG text; `moods` are slugs, of which the first known two give the colours."""
    dice = hashlib.sha256(song_id.bytes).digest()
    known = [PALETTES[slug] for slug in moods if slug in PALETTES] or [PLAIN]
    sky, ground, light = known[0][dice[29] % len(known[0])]
    low = known[1][0][0] if len(known) > 1 else light
    compose = COMPOSITIONS[dice[31] % len(COMPOSITIONS)]
    name = f"cover-{song_id.hex[:12]}"
    lean = dice[30] % 2
    return (
        f'<svg class="cover" viewBox="0 0 {SIZE} {SIZE}" xmlns="http://www.w3.org/2000/svg"'
        f' aria-hidden="true" focusable="false"><defs>'
        f'<linearGradient id="{name}" x1="{lean}" y1="0" x2="{1 - lean}" y2="1">'
        f'<stop stop-color="{sky}"/><stop offset="1" stop-color="{low}"/>'
        f'</linearGradient></defs><rect width="{SIZE}" height="{SIZE}" fill="url(#{name})"/>'
        f"{compose(dice, ground, light)}</svg>"
    )


@register.simple_tag
def cover(song: Any) -> SafeString:
    """`{% cover song %}`: only numbers and our own colours reach the markup."""
    moods = [mood.slug for mood in song.moods.all()]
    return mark_safe(cover_svg(song.pk, moods))  # noqa: S308
