"""The published files of HetRec 2011 Last.fm, written as the CSVs that `evaluate` takes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from ml.artifacts import write_atomically
from ml.recommend.proof.mood_tags import PLAYS, TAGS, count_of, rows_of
from ml.recommend.proof.tables import InteractionsError

PLAYS_NAME, TAGS_NAME = "user_artists.dat", "user_taggedartists.dat"


def convert(folder: Path, out: Path) -> tuple[Path, Path]:
    """Write `plays.csv` (user,item,value: play counts) and `tags.csv` (item,tag,user) into `out`.

    Numbers stay what they are in the set; rows keep their order. The days of the tags are left
    out, as nothing reads them.

    Parameters
    ----------
    folder : with `user_artists.dat` and `user_taggedartists.dat`, tab-separated with a header,
        each plain or with `.gz`

    Raises
    ------
    InteractionsError
        When a file is missing or not as published; the message names file and line. Nothing is
        written then.
    """
    plays, tags = published(folder, PLAYS_NAME), published(folder, TAGS_NAME)
    played = []
    for where, (user, artist, weight) in rows_of(plays, PLAYS):
        count_of(weight, where)
        played.append((user, artist, weight))
    named = [(artist, tag, user) for _, (user, artist, tag) in rows_of(tags, TAGS)]
    return (
        _written(out / "plays.csv", ("user", "item", "value"), played),
        _written(out / "tags.csv", ("item", "tag", "user"), named),
    )


def published(folder: Path, name: str) -> Path:
    """The file of that name in the set's folder, plain or compressed.

    Raises
    ------
    InteractionsError
        When there is neither.
    """
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise InteractionsError(f"{folder} has neither {name} nor {name}.gz")


def _written(path: Path, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Path:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(head)
    table.writerows(rows)
    write_atomically(path, lambda stream: stream.write(text.getvalue().encode()))
    return path
