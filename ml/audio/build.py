"""Measuring the demo catalogue: every piece rendered and analysed."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from ml.audio.analyse import SAMPLE_RATE, analyse_file, analyse_signal
from ml.audio.catalogue import pieces
from ml.audio.encode import render_mp3
from ml.audio.features_file import header, parse_rows


def measured(slug: str) -> tuple[str, tuple[float, ...]]:
    """Render one piece to the file a listener gets, and measure that file."""
    with TemporaryDirectory() as folder:
        return slug, analyse_file(render_mp3(slug, Path(folder) / "piece.mp3")).values


def _row(slug: str, values: tuple[float, ...]) -> str:
    return ",".join([slug, *(f"{value:.5g}" for value in values)])


def _finished(path: Path) -> dict[str, tuple[float, ...]]:
    """Return the rows of an interrupted build of this same version, else nothing."""
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        same = bool(lines) and json.loads(lines[0]) == header()
    except ValueError:
        same = False
    return parse_rows(lines[1:]) if same else {}


def build_features(path: Path, workers: int = 1) -> Iterator[int]:
    """Write the features file, yielding how many pieces are done after each one.

    Rows are appended to ``<path>.part`` as they come, so an interrupted build goes on where it
    stopped; at the end the rows are put in catalogue order and the file renamed.

    Parameters
    ----------
    path : the features file
    workers : processes that render and measure; 1 does it in this process
    """
    partial = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    done = _finished(partial)
    slugs = [spec.slug for spec in pieces()]
    left = [slug for slug in slugs if slug not in done]
    first = json.dumps(header()) + "\n"
    partial.write_text(
        first + "".join(_row(slug, values) + "\n" for slug, values in done.items()),
        encoding="utf-8",
    )
    yield len(done)
    with partial.open("a", encoding="utf-8") as file, ExitStack() as stack:
        results: Iterator[tuple[str, tuple[float, ...]]] = map(measured, left)
        if workers > 1 and left:
            # Numba compiles into a cache that several processes must not fill at the same time.
            noise = np.random.default_rng(0).standard_normal(4 * SAMPLE_RATE)
            analyse_signal(noise.astype(np.float32), SAMPLE_RATE)
            pool = stack.enter_context(multiprocessing.get_context("spawn").Pool(workers))
            results = pool.imap_unordered(measured, left)
        for slug, values in results:
            done[slug] = values
            file.write(_row(slug, values) + "\n")
            file.flush()
            yield len(done)
    rows = "".join(_row(slug, done[slug]) + "\n" for slug in slugs)
    partial.write_text(first + rows, encoding="utf-8")
    partial.replace(path)
