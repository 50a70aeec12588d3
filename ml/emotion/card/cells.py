"""Numbers and tables of the Markdown card."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def share(value: float) -> str:
    """.652; 1.000 where it is that."""
    text = f"{value:.3f}"
    return text[1:] if text.startswith("0") else text


def minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f}" if seconds < 600 else f"{seconds / 60:.0f}"


def table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> list[str]:
    names = list(head)
    return [
        "| " + " | ".join(names) + " |",
        "|" + "---|" * len(names),
        *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows),
    ]
