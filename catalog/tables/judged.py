"""Moods and judgements as they stand in rows."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from catalog.tables.moods import WORDS, mood_of, word_of
from catalog.tables.rows import Judgement, Placed, Row, Trouble

SOURCES = ("model", "generator", "table", "folder", "listener", "curator")
TABLE = "table"
#: Judgements of one song in one row.
MAX_JUDGEMENTS = 1000
_APART = re.compile(r"[,;|\t]")


def moods_read(row: Row, given: Any, known: frozenset[str], detail: str) -> None:
    """Moods named in a cell, or a list of them, as this table's judgements.

    Words that name none of our moods are told, except tags: most of those are about other things.
    """
    if not given:
        return
    tagged = isinstance(given, str) and "---" in given
    words = given if isinstance(given, list) else _APART.split(str(given))
    found: dict[str, None] = {}
    for word in words[:MAX_JUDGEMENTS]:
        mood = mood_of(str(word), known)
        if mood is not None:
            found[mood] = None
        elif (
            not tagged and word_of(str(word)) not in ("", "na") and word_of(str(word)) not in WORDS
        ):
            row.troubles.append(_unknown(str(word)))
    row.judgements += [Judgement(mood, TABLE, detail=detail[:80]) for mood in found]


def judgements_read(row: Row, given: list[Any], known: frozenset[str]) -> None:
    """Judgements of our own tables, in place of those that the moods alone would give.

    A mood that stands in the row but that none of its judgements gives, because somebody added it
    in the table, stays this table's own judgement.
    """
    restored: list[Judgement] = []
    for one in given[:MAX_JUDGEMENTS]:
        judgement = _judgement(one) if isinstance(one, dict) else None
        if judgement is None:
            row.troubles.append(Trouble("bad_judgement", _("A judgement in it cannot be read.")))
        elif judgement.mood not in known:
            row.troubles.append(_unknown(judgement.mood))
        else:
            restored.append(judgement)
    given_moods = {one.mood for one in restored if one.present}
    row.judgements = [one for one in row.judgements if one.mood not in given_moods]
    row.judgements = [*restored, *row.judgements]


def placements_read(row: Row, given: list[Any]) -> None:
    """Points of our own tables."""
    for one in given[:MAX_JUDGEMENTS]:
        placed = _placed(one) if isinstance(one, dict) else None
        if placed is None:
            row.troubles.append(Trouble("bad_judgement", _("A point in it cannot be read.")))
        else:
            row.placements.append(placed)


def _unknown(word: str) -> Trouble:
    words = _("%(value)s is none of our moods; it is left out.") % {"value": repr(word[:40])}
    return Trouble("unknown_mood", words)


def _judgement(one: dict[str, Any]) -> Judgement | None:
    mood, source, confidence = one.get("mood"), one.get("source"), one.get("confidence")
    detail, present = one.get("detail", ""), one.get("present", True)
    if not isinstance(mood, str) or source not in SOURCES or not isinstance(detail, str):
        return None
    if not isinstance(present, bool) or not (confidence is None or _within(confidence, 0, 1)):
        return None
    return Judgement(mood, str(source), present, confidence, detail[:80])


def _placed(one: dict[str, Any]) -> Placed | None:
    point = (one.get("valence"), one.get("arousal"))
    detail, ambiguous = one.get("detail", ""), one.get("ambiguous", False)
    if one.get("source") not in SOURCES or not isinstance(detail, str):
        return None
    if point != (None, None) and not all(_within(value, -1, 1) for value in point):
        return None
    if not isinstance(ambiguous, bool):
        return None
    return Placed(str(one["source"]), *point, ambiguous, detail[:80])


def _within(value: Any, least: float, most: float) -> bool:
    return type(value) in (int, float) and least <= value <= most
