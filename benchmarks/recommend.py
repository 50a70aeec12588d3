"""How long the recommender's learning takes: a refold, a training beside bare `implicit`, and how
much memory millions of events need.

Run as `python -m benchmarks.recommend refold|training|large`, each in a process of its own: it
prints one JSON line. `refold` fills the database of an environment, see `benchmarks.lists`.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import uuid
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.alone import measured_alone
from benchmarks.numbers import summary

#: What the refolded listener knows, and of how many songs.
KNOWN, SONGS = 200, 10_000
REFOLDS = 200
#: Factors of each of three starts: the usual choice of a search, and the most it may choose.
WIDTHS = (64, 128)
#: Listeners, songs and events of the training that is compared, and of the large one.
COMPARED = (20_000, 10_000, 1_000_000)
LARGE = (359_000, 160_000, 16_500_000)
#: Every training is timed so often, in turns; the least counts, as other programs only delay.
TURNS = 3


def measure(what: str) -> dict[str, Any]:
    """Run one of the parts in a process and a temporary database of its own."""
    # As `manage.py serve` starts the worker.
    return measured_alone("benchmarks.recommend", what, OPENBLAS_NUM_THREADS="1")


def generated(users: int, songs: int, events: int) -> Any:
    """(users, songs) csr float32 of play counts with a long tail on both sides, seed 0."""
    from scipy.sparse import csr_matrix

    random = np.random.default_rng(0)
    activity = random.lognormal(0, 1, users)
    popularity = np.cumsum(1 / np.arange(5, songs + 5) ** 0.8)
    pairs = np.empty(0, dtype=np.int64)
    while len(pairs) < events:
        # Pairs drawn twice are one: draw more until there are enough.
        missing = int(1.2 * (events - len(pairs))) + 1000
        counts = np.minimum(random.poisson(activity / activity.sum() * missing), songs)
        rows = np.repeat(np.arange(users), counts)
        columns = np.searchsorted(popularity, random.random(len(rows)) * popularity[-1])
        pairs = np.unique(np.concatenate([pairs, rows * songs + columns]))
    pairs = np.sort(random.permutation(pairs)[:events])
    values = random.geometric(0.3, events).astype(np.float32)
    return csr_matrix((values, (pairs // songs, pairs % songs)), shape=(users, songs))


def refold() -> dict[str, Any]:
    """The factors of one listener of 200 rated songs: alone, and with reading and storing."""
    from catalog.models import Song
    from ml.recommend.model_file import id_bytes, save
    from recommendations.services import taste_refold

    ids = list(Song.objects.order_by("pk").values_list("pk", flat=True))
    user = _rater(ids[:KNOWN])
    rows, values = np.arange(KNOWN), np.resize([4.0, 2.0, -4.0], KNOWN)
    results = {}
    for width in WIDTHS:
        model = _model_of(id_bytes(ids), width)
        _activate(width, save(_models() / f"recommend-{width}", model))
        results[str(width)] = {
            "fold": _times(lambda m=model: m.fold(m.factors[rows], values)),
            "refold": _times(lambda: taste_refold(user_id=user)),
        }
    return {"known": KNOWN, "songs": len(ids), "factors": results}


def _times(call: Any) -> dict[str, Any]:
    """By the clock, and of the processor alone, which other programs do not delay."""
    call()
    times, worked = [], []
    for _ in range(REFOLDS):
        started, began = time.perf_counter(), time.thread_time()
        call()
        worked.append(time.thread_time() - began)
        times.append(time.perf_counter() - started)
    return {**summary(times), "processor": summary(worked)}


def _models() -> Path:
    from django.conf import settings

    return Path(settings.MODELS_DIR)


def _model_of(ids: np.ndarray, width: int) -> Any:
    """A model as three starts of `width` factors make one; the numbers themselves are chance."""
    from ml.recommend.factors import Setting
    from ml.recommend.hybrid import STARTS, Choice
    from ml.recommend.item_model import ItemModel, Walk

    factors = np.random.default_rng(1).normal(0, 0.1, (len(ids), STARTS * width))
    parts = np.split(factors, STARTS, axis=1)
    return ItemModel(
        ids=ids,
        factors=factors.astype(np.float32),
        grams=np.stack([part.T @ part for part in parts]),
        popularity=np.ones(len(ids), dtype=np.float32),
        walk=Walk.empty(len(ids)),
        choice=Choice(Setting(factors=width), beta=0.3, walk_weight=0.0),
    )


def _activate(number: int, sha256: str) -> None:
    from django.utils import timezone

    from recommendations.models import ModelVersion

    ModelVersion.objects.update(active=False)
    ModelVersion.objects.create(
        number=number,
        active=True,
        artifact=f"recommend-{number}",
        sha256=sha256,
        users=1,
        songs=SONGS,
        events=KNOWN,
        through=timezone.now(),
    )


def _rater(songs: list[uuid.UUID]) -> int:
    from accounts.models import User
    from recommendations.models import Rating

    user = User.objects.create_user(f"{uuid.uuid4().hex}@example.org", uuid.uuid4().hex)
    Rating.objects.bulk_create(
        Rating(user=user, song_id=song, emotion="happy", stars=1 + place % 5)
        for place, song in enumerate(songs)
    )
    return int(user.pk)


def training() -> dict[str, Any]:
    """Our ALS beside `implicit` by itself on the same matrix, and the whole of what is served."""
    from implicit.cpu.als import AlternatingLeastSquares

    from ml.recommend import als
    from ml.recommend.learn import learn

    choice = _choice()
    matrix = choice.setting.confidences(generated(*COMPARED))
    recipe = als.Recipe(choice.setting.factors, choice.setting.regularisation)
    threads = os.cpu_count() or 1

    def bare() -> None:
        AlternatingLeastSquares(
            factors=recipe.factors,
            regularization=recipe.regularisation,
            alpha=1.0,
            iterations=recipe.iterations,
            num_threads=threads,
            random_state=0,
        ).fit(matrix, show_progress=False)

    def ours() -> None:
        als.train(matrix, recipe, threads=threads)

    taken = [(_seconds(bare), _seconds(ours)) for _ in range(TURNS)]
    (bare_s, bare_worked), (ours_s, ours_worked) = (
        (min(clock for clock, _ in turns), min(worked for _, worked in turns))
        for turns in zip(*taken, strict=True)
    )
    ids = np.zeros((matrix.shape[1], 16), dtype=np.uint8)
    whole, _worked = _seconds(lambda: learn(ids, generated(*COMPARED), choice, threads=threads))
    return {
        "listeners": COMPARED[0],
        "songs": COMPARED[1],
        "events": matrix.nnz,
        "factors": recipe.factors,
        "iterations": recipe.iterations,
        "threads": threads,
        "bare_s": round(bare_s, 2),
        "ours_s": round(ours_s, 2),
        "ratio": round(ours_s / bare_s, 3),
        "processor_ratio": round(ours_worked / bare_worked, 3),
        "three_starts_and_walk_s": round(whole, 2),
    }


def large() -> dict[str, Any]:
    """Peak memory of learning all that is served from 16.5 million events."""
    from ml.recommend.learn import learn

    matrix = generated(*LARGE)
    before = _peak_gb()
    ids = np.zeros((matrix.shape[1], 16), dtype=np.uint8)
    times = [time.perf_counter()]
    learn(
        ids,
        matrix,
        _choice(),
        threads=os.cpu_count() or 1,
        say=lambda _line: times.append(time.perf_counter()),
    )
    return {
        "listeners": LARGE[0],
        "songs": LARGE[1],
        "events": matrix.nnz,
        "factors": _choice().setting.factors,
        "start_s": [round(end - begin) for begin, end in pairwise(times)],
        "all_s": round(time.perf_counter() - times[0]),
        "generating_peak_gb": before,
        "peak_gb": _peak_gb(),
    }


def _choice() -> Any:
    from ml.recommend.factors import Setting
    from ml.recommend.hybrid import Choice

    return Choice(Setting(factors=64, regularisation=20.0), beta=0.3, walk_weight=0.3)


def _seconds(call: Any) -> tuple[float, float]:
    """By the clock, and of the processor, of all threads together."""
    started, began = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - started, time.process_time() - began


def _peak_gb() -> float:
    """Most memory this process has held, in GB (Linux counts in KiB)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9, 2)


def main(what: str) -> None:
    if what == "refold":
        import django

        django.setup()
        from django.core.management import call_command

        from benchmarks.lists import fill_catalogue

        call_command("migrate", verbosity=0, skip_checks=True)
        call_command("load_demo", verbosity=0, skip_checks=True)
        fill_catalogue(SONGS)
    print(json.dumps({"refold": refold, "training": training, "large": large}[what]()))


if __name__ == "__main__":
    main(sys.argv[1])
