"""Tables of the proof: text with a header, read row by row, faults told with their place."""

from __future__ import annotations

import bz2
import csv
import gzip
import lzma
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any


class InteractionsError(ValueError):
    """A file of the proof is not what its format promises; the message names file and line."""


@dataclass(frozen=True)
class Form:
    """How a table is written; `reader` are options of `csv.reader`."""

    encoding: str
    reader: dict[str, Any]


COMMAS = Form("utf-8-sig", {})
TABS = Form("latin-1", {"delimiter": "\t", "quoting": csv.QUOTE_NONE})

_OPENERS: dict[str, Callable[..., IO[Any]]] = {
    ".bz2": bz2.open,
    ".gz": gzip.open,
    ".xz": lzma.open,
}


def numbered_rows(
    path: Path, needed: tuple[str, ...], optional: tuple[str, ...] = (), form: Form = COMMAS
) -> Iterator[tuple[str, dict[str, str]]]:
    """Where each row is, and its cells without the spaces around them; empty lines are passed over.

    Parameters
    ----------
    path : plain or `.gz`, `.bz2`, `.xz`
    needed, optional : columns, in any case and order; those that the header lacks of the optional
        ones are absent from every row

    Raises
    ------
    InteractionsError
        When the file cannot be read, a needed column is missing, a row is too long or too short,
        or a cell of these columns is empty.
    """
    opened = _OPENERS.get(path.suffix, open)
    try:
        with opened(path, "rt", encoding=form.encoding, newline="") as handle:
            rows = csv.reader(handle, **form.reader)
            header = [name.strip().lower() for name in next(rows, [])]
            places = {
                name: header.index(name.lower())
                for name in (*needed, *optional)
                if name.lower() in header
            }
            if not places.keys() >= set(needed):
                raise InteractionsError(
                    f"{path}, line 1: the header must name {_listed(needed)}, found {header}"
                )
            for number, row in enumerate(rows, start=2):
                if not row:
                    continue
                where = f"{path}, line {number}"
                if len(row) != len(header):
                    raise InteractionsError(
                        f"{where}: expected {len(header)} columns, found {len(row)}"
                    )
                cells = {name: row[place].strip() for name, place in places.items()}
                if not all(cells.values()):
                    raise InteractionsError(f"{where}: {_listed((*places,))} must not be empty")
                yield where, cells
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError, csv.Error) as error:
        raise InteractionsError(f"{path} cannot be read: {error}") from error


def number_of(text: str, what: str, *, positive: bool = False) -> float:
    """The finite number that a cell holds.

    Raises
    ------
    InteractionsError
        When it is none, or not above 0 where it must be; `what` names place and column.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or (positive and number <= 0):
        kind = "positive" if positive else "finite"
        raise InteractionsError(f"{what} must be a {kind} number, found {text!r}")
    return number


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(names) if len(names) == 2 else ", ".join(names)
