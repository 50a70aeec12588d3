"""Proofs, run one after another and kept."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ml.artifacts import write_atomically
from ml.recommend.card.files import RESULTS_NAME, gather
from ml.recommend.card.hetrec import PLAYS_NAME, TAGS_NAME, convert, published
from ml.recommend.card.proofs import Proof

Say = Callable[[str], None]
#: Of the research data: the folder of each set.
HETREC, SITUNES = Path("music/lastfm_hetrec"), Path("music/situnes")
LABELLED_SONGS = Path("music/data_moods/data_moods.csv")


def measure(proof: Proof, data: Path, home: Path, say: Say) -> None:
    """Run one proof and put it among the results in `home`; the others stay.

    Parameters
    ----------
    data : the folder of the research data; "simulated" does not look at it.

    Raises
    ------
    InteractionsError, SitunesError, SongsError
        When a file is missing or not as published.
    """
    started = time.monotonic()
    figures = RUNNERS[proof.name](data, say)
    entry = {
        "command": proof.command,
        "date": datetime.now(UTC).date().isoformat(),
        "seconds": round(time.monotonic() - started, 1),
        "figures": figures,
    }
    # Names stay in the proof's own order, which the tables follow.
    text = json.dumps(gather(home).results | {proof.name: entry}, indent=1) + "\n"
    write_atomically(home / RESULTS_NAME, lambda stream: stream.write(text.encode()))


def _plays(data: Path, say: Say) -> dict[str, Any]:
    from ml.recommend.proof.run import evaluate

    with tempfile.TemporaryDirectory() as folder:
        plays, tags = convert(data / HETREC, Path(folder))
        return evaluate(plays, "ratio", tags=tags, say=say)


def _curve(data: Path, say: Say) -> dict[str, Any]:
    from ml.recommend.proof.curve import learning_curve

    with tempfile.TemporaryDirectory() as folder:
        plays, _ = convert(data / HETREC, Path(folder))
        return learning_curve(plays, say=say)


def _mood_lists(data: Path, say: Say) -> dict[str, Any]:
    from ml.recommend.proof.mood_lists import mood_lists

    files = (published(data / HETREC, name) for name in (PLAYS_NAME, TAGS_NAME, "tags.dat"))
    return mood_lists(*files, say=say)


def _situnes(data: Path, say: Say) -> dict[str, Any]:
    from ml.recommend.proof.situnes_run import evaluate

    return evaluate(data / SITUNES, say=say)


def _labelled_songs(data: Path, say: Say) -> dict[str, Any]:
    from ml.mood.proof.run import evaluate

    return evaluate(data / LABELLED_SONGS, say=say)


def _simulated(data: Path, say: Say) -> dict[str, Any]:
    from ml.recommend.proof.simulated import simulate

    return simulate()


RUNNERS: dict[str, Callable[[Path, Say], dict[str, Any]]] = {
    "plays": _plays,
    "curve": _curve,
    "mood_lists": _mood_lists,
    "situnes": _situnes,
    "labelled_songs": _labelled_songs,
    "simulated": _simulated,
}
