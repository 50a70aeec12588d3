"""The book as sections, and these as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ml.emotion.card.cells import table
from ml.recommend.card import lists, moods
from ml.recommend.card.files import Book
from ml.recommend.card.proofs import PROOFS, Proof
from ml.recommend.card.told import Told, figure

TELLERS: dict[str, Callable[[lists.Figures, lists.Rivals], Told]] = {
    "plays": lists.plays,
    "curve": lists.curve,
    "mood_lists": lists.mood_lists,
    "situnes": moods.situnes,
    "labelled_songs": moods.labelled_songs,
    "simulated": moods.simulated,
}


@dataclass(frozen=True)
class Section:
    """One proof: `told` is None, and `date` and `seconds` are empty, until it was measured."""

    proof: Proof
    command: str
    told: Told | None = None
    date: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Rival:
    """A system with figures to beat, for the table of sources."""

    heading: str
    name: str
    figures: str
    source: str
    protocol: str


def sections(book: Book) -> list[Section]:
    """One of each proof, in the book's order."""
    return [_section(book, proof) for proof in PROOFS]


def _section(book: Book, proof: Proof) -> Section:
    entry = book.results.get(proof.name)
    if entry is None:
        return Section(proof, proof.command)
    told = TELLERS[proof.name](entry["figures"], book.rivals_of(proof.name))
    return Section(proof, entry["command"], told, entry["date"], entry["seconds"])


def rivals(book: Book) -> list[Rival]:
    """Every system with figures to beat, with its source and protocol."""
    headings = {proof.name: proof.heading for proof in PROOFS}
    return [
        Rival(
            headings[one["proof"]],
            one["name"],
            "; ".join(_said(one["figures"], lists.DIGITS if one["proof"] == "plays" else 3)),
            one["source"],
            one["protocol"],
        )
        for one in book.rivals
    ]


def _said(figures: dict[str, Any], digits: int, under: str = "") -> list[str]:
    """ "recall@10: .1761", "liked, + situation, 2: .819": nested names and their numbers."""
    lines = []
    for name, value in figures.items():
        whole = f"{under}, {name}" if under else name
        if isinstance(value, dict):
            lines += _said(value, digits, whole)
        else:
            lines.append(f"{whole}: {figure(value, digits)}")
    return lines


def markdown(book: Book) -> str:
    """The whole book; the same files give the same bytes."""
    blocks = [
        "# The recommender, measured",
        "Written by `make evaluate` from `ml/recommend/card/results.json`; do not edit. "
        "`$MOODMUSIC_DATA` is the folder of the data sets, which are not part of this repository.",
    ]
    for section in sections(book):
        blocks += [f"## {section.proof.heading}", section.proof.words, *_measured(section)]
    heads = ("proof", "system", "figures", "source", "protocol")
    rows = [(one.heading, one.name, one.figures, one.source, one.protocol) for one in rivals(book)]
    blocks += ["## Figures to beat", "\n".join(table(heads, rows))]
    return "\n\n".join(blocks) + "\n"


def _measured(section: Section) -> list[str]:
    if section.told is None:
        return [f"not measured yet: `{section.command}`"]
    told = section.told
    blocks = [
        f"`{section.command}`, {section.date}, {section.seconds:,.0f} seconds.",
        told.facts,
    ]
    for one in told.tables:
        blocks += [f"**{one.caption}**", "\n".join(table(one.head, one.rows))]
    return [*blocks, told.verdict]
