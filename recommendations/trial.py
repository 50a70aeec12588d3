"""Whether a newly trained model may replace the active one, on events that neither has seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.conf import settings

from ml.artifacts import ArtifactError
from ml.recommend import holdout
from ml.recommend.hybrid import Choice, Say, judges_of
from ml.recommend.item_model import ItemModel
from ml.recommend.learn import learn
from ml.recommend.measures import Scorer, measure
from ml.recommend.model_file import id_bytes, load
from recommendations.models import ModelVersion
from recommendations.training_data import Events

#: With fewer listeners in the test, its result is chance.
LEAST_TESTED = 10


@dataclass(frozen=True, slots=True)
class Present:
    """The active version, and its model where the files are sound."""

    version: ModelVersion | None
    model: ItemModel | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a trial found: whether the recipe may be promoted, and the figures."""

    promoted: bool
    metrics: dict[str, Any] = field(default_factory=lambda: {"tested_listeners": 0})


def present() -> Present:
    """What lists are made with now."""
    version = ModelVersion.objects.filter(active=True).first()
    if version is None:
        return Present(None, None)
    try:
        return Present(version, load(settings.MODELS_DIR / version.artifact, version.sha256))
    except ArtifactError:
        return Present(version, None)


def judge(
    events: Events,
    parts: tuple[Any, Any] | None,
    now: Present,
    choice: Choice,
    *,
    threads: int,
    say: Say,
) -> Judgement:
    """Train by `choice` on what was known at the cut, and compare on what came after.

    The active model, or popularity before the first, is measured on the same listeners (at most
    2,000) with the same knowledge. Too few of them, or an active model whose files are gone or
    damaged, cannot stand in the way.

    Parameters
    ----------
    parts : (known, hidden) by `training_data.split`
    """
    if parts is None:
        return Judgement(True)
    known, hidden = parts
    tested = int((np.diff(hidden.indptr) > 0).sum())
    if tested < LEAST_TESTED or not (known > 0).nnz:
        return Judgement(True)
    wanted = judges_of(hidden)

    def ndcg(scorer: Scorer) -> np.ndarray:
        return measure(scorer, known, wanted).ndcg

    candidate = learn(id_bytes(events.songs), known, choice, threads=threads, say=say)
    ours = ndcg(holdout.scorer(candidate, known, np.arange(len(events.songs))))
    rival = popular = ndcg(holdout.popularity(known))
    metrics: dict[str, Any] = {
        "tested_listeners": len(ours),
        "ndcg@10": round(float(ours.mean()), 4),
        "popularity_ndcg@10": round(float(popular.mean()), 4),
    }
    if now.version and now.model is None:
        return Judgement(True, metrics)
    if now.model:
        rival = ndcg(holdout.scorer(now.model, known, _rows(now.model, events)))
        metrics["active_ndcg@10"] = round(float(rival.mean()), 4)
    return Judgement(holdout.no_worse(ours, rival), metrics)


def _rows(model: ItemModel, events: Events) -> np.ndarray:
    """(songs,) the model's row of each of the events' songs, -1 where unknown."""
    row = {bytes(one): index for index, one in enumerate(model.ids)}
    return np.array([row.get(song.bytes, -1) for song in events.songs], dtype=np.int64)
