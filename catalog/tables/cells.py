"""Single cells: texts cleaned, numbers and keys read."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from django.utils.translation import gettext as _

from catalog.tables.rows import Row, Trouble

#: What is longer is cut, and told: {name: characters}.
CUT = {"album": 200, "genre": 60, "credit": 200, "licence": 60}
KEYS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
#: Controls, halves of characters, and marks that turn the direction of what follows.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def text_of(row: Row, given: Any, name: str) -> str:
    """A text without controls and doubled blanks, composed (NFC)."""
    if given is None or given == "":
        return ""
    text = given if isinstance(given, str) else str(given)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if _CONTROL.search(text):
        text = _CONTROL.sub(" ", text)
        row.troubles.append(
            Trouble(
                "control_characters",
                _("Control characters are left out of %(column)s.") % {"column": name},
            )
        )
    return " ".join(text.split())


def cut_to(row: Row, name: str, text: str) -> str:
    """The text, cut and told where it is longer than `CUT` has it."""
    if len(text) > CUT[name]:
        row.troubles.append(
            Trouble(
                f"{name}_cut",
                _("%(number)s characters, cut to %(most)s.")
                % {"number": f"{len(text):,}", "most": CUT[name]},
            )
        )
        return text[: CUT[name]].rstrip()
    return text


def told(row: Row, code: str, words: str) -> None:
    """Note that a value is left out; `words` say so."""
    row.troubles.append(Trouble(code, words))


def plain_of(given: Any) -> str:
    """A cell as a word to compare."""
    return "" if given is None else str(given).strip().casefold()


def number_of(given: Any) -> float | None:
    """A finite number; None for anything else, booleans included."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    try:
        value = float(given)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def clock_of(text: str) -> float | None:
    """Seconds of h:mm:ss or m:ss."""
    parts = [number_of(part) for part in text.split(":")]
    if len(parts) > 3 or None in parts:
        return None
    return sum((part or 0) * 60**power for power, part in enumerate(reversed(parts)))


def spoken_of(name: str, word: str) -> float | None:
    """A key or a mode in words: C#, Bb, major."""
    if name == "mode":
        return {"major": 1.0, "minor": 0.0}.get(word)
    if name != "key" or word[:1] not in KEYS:
        return None
    turn = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}.get(word[1:])
    return None if turn is None else float((KEYS[word[0]] + turn) % 12)
