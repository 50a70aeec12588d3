"""Training the community's model anew: alone, judged on events it has not seen, kept as a file."""

from __future__ import annotations

import os
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from ml.artifacts import ArtifactError
from ml.recommend import holdout
from ml.recommend.als import Factors, train
from ml.recommend.fold import fold_in
from ml.recommend.model_file import ItemModel, id_bytes, load, save
from recommendations.lease import lease, lease_renew, lease_until
from recommendations.models import ModelVersion, Taste
from recommendations.training_data import Events, events_read, split

JOB = "retrain"
#: Longer than any stage of a training; a killed trainer keeps others out no longer than this.
LASTS = timedelta(minutes=30)
#: With less, "listeners with taste like yours" would be an invention.
LEAST_EVENTS, LEAST_LISTENERS, LEAST_SONGS = 30, 3, 10
#: With fewer listeners in the test, its result is chance.
LEAST_TESTED = 10
#: Model files that are kept, besides the active one.
KEPT = 5
FILE_PREFIX = "recommend-"


@dataclass(frozen=True, slots=True)
class Retraining:
    """What came of it: one clear line, and the new version if there is one."""

    line: str
    version: ModelVersion | None = None


def model_retrain() -> ModelVersion | None:
    """Train a new version when there is something to learn; None when there is not.

    See `retraining_run`.
    """
    return retraining_run().version


def retraining_run() -> Retraining:
    """Train, judge, keep, and make active if no worse.

    One at a time between all processes. A crash at any point leaves the active model as it was and
    at most a stray file, which the next training removes.

    Raises
    ------
    OSError
        When the model file cannot be written.
    """
    with lease(job=JOB, lasts=LASTS) as holder:
        if holder is None:
            until = lease_until(job=JOB)
            return Retraining(
                f"Another training is running (its lease ends {until:%H:%M} UTC at the latest)."
                if until
                else "Another training has just ended; try again."
            )
        events = events_read()
        if waiting := _not_enough(events):
            return Retraining(waiting)
        newest = ModelVersion.objects.first()
        if newest and (newest.events, newest.through) == (events.count, events.latest):
            return Retraining(f"Nothing new since model {newest.number}: nothing to do.", None)
        return _train_and_keep(events, holder)


def _not_enough(events: Events) -> str:
    songs, listeners = len(events.songs), events.positive_listeners
    if events.count >= LEAST_EVENTS and listeners >= LEAST_LISTENERS and songs >= LEAST_SONGS:
        return ""
    return (
        f"Not enough events yet: {events.count} of {listeners} listeners on {songs} songs; a model "
        f"needs {LEAST_EVENTS} of {LEAST_LISTENERS} on {LEAST_SONGS}. Lists go on without one."
    )


def _train_and_keep(events: Events, holder: uuid.UUID) -> Retraining:
    started = time.monotonic()
    active = ModelVersion.objects.filter(active=True).first()
    promoted, metrics = _judge(events, active)
    lease_renew(job=JOB, holder=holder, lasts=LASTS)
    factors = train(events.matrix, threads=_threads())
    wanted = np.asarray((events.matrix > 0).sum(axis=0), dtype=np.float32).ravel()
    model = ItemModel(
        id_bytes(events.songs), factors.item, np.log1p(wanted), factors.recipe.regularisation
    )
    metrics |= {
        "factors": factors.recipe.factors,
        "regularisation": round(factors.recipe.regularisation, 4),
        "seconds": round(time.monotonic() - started, 2),
    }
    name = f"{FILE_PREFIX}{uuid.uuid4().hex[:12]}.npz"
    sha256 = save(settings.MODELS_DIR / name, model)
    with transaction.atomic():
        if not lease_renew(job=JOB, holder=holder, lasts=LASTS):
            (settings.MODELS_DIR / name).unlink(missing_ok=True)
            return Retraining(
                "The training took too long and lost its lease: its model is dropped."
            )
        number = ModelVersion.objects.aggregate(last=Max("number"))["last"] or 0
        version = ModelVersion.objects.create(
            number=number + 1,
            artifact=name,
            sha256=sha256,
            users=len(events.users),
            songs=len(events.songs),
            events=events.count,
            through=events.latest or timezone.now(),
            metrics=metrics,
        )
        if promoted:
            # Two statements, because PostgreSQL checks "one active" row by row within one.
            ModelVersion.objects.filter(active=True).update(active=False)
            ModelVersion.objects.filter(pk=version.pk).update(active=True)
            version.active = True
            _refold_all(events, model, version)
        transaction.on_commit(_remove_old_files)
    return Retraining(_line(version, active, metrics), version)


def _judge(events: Events, active: ModelVersion | None) -> tuple[bool, dict[str, Any]]:
    """Whether a model trained by this recipe may replace what is there, with the measure.

    The candidate of the test is trained on what was known at the cut; the active model, or
    popularity before the first, is measured on the same listeners with the same knowledge.
    """
    parts = split(events, seen=active.through if active else None)
    if parts is None or len(np.unique(parts[1].nonzero()[0])) < LEAST_TESTED:
        return True, {"tested_listeners": 0}
    known, hidden = parts
    try:
        candidate: Factors = train(known, threads=_threads())
    except ValueError:
        return True, {"tested_listeners": 0}
    ours = holdout.ndcg_of_listeners(known, hidden, candidate.item, candidate.recipe.regularisation)
    popularity = holdout.ndcg_of_popularity(known, hidden)
    metrics: dict[str, Any] = {
        "tested_listeners": len(ours),
        "ndcg@10": round(float(ours.mean()), 4),
        "popularity_ndcg@10": round(float(popularity.mean()), 4),
    }
    present = popularity
    if active:
        try:
            kept = load(settings.MODELS_DIR / active.artifact, active.sha256)
        except ArtifactError:
            # The active file is gone or damaged: anything sound is better.
            return True, metrics
        aligned = _aligned(kept, events)
        present = holdout.ndcg_of_listeners(known, hidden, aligned, kept.regularisation)
        metrics["active_ndcg@10"] = round(float(present.mean()), 4)
    return holdout.no_worse(ours, present), metrics


def _aligned(model: ItemModel, events: Events) -> np.ndarray:
    """(songs, f) a kept model's factors in the order of the events' songs, zeros where unknown."""
    row = {bytes(one): index for index, one in enumerate(model.ids)}
    aligned = np.zeros((len(events.songs), model.factors.shape[1]), dtype=np.float32)
    for index, song in enumerate(events.songs):
        if (known := row.get(song.bytes)) is not None:
            aligned[index] = model.factors[known]
    return aligned


def _refold_all(events: Events, model: ItemModel, version: ModelVersion) -> None:
    """Every listener's factors under the new model, in the transaction that makes it active."""
    versions = dict(Taste.objects.values_list("user", "version"))
    present = set(User.objects.values_list("pk", flat=True))
    now = timezone.now()
    tastes = []
    for row, user in enumerate(events.users):
        if user not in present:
            continue
        said = events.matrix[row]
        factors = fold_in(said.data, model.factors[said.indices], model.gram, model.regularisation)
        history = events.histories[user]
        tastes.append(
            Taste(
                user_id=user,
                model=version,
                factors=factors.astype("<f4").tobytes(),
                events=history.events,
                through=history.latest,
                version=versions.get(user, 0) + 1,
                updated_at=now,
            )
        )
    Taste.objects.bulk_create(
        tastes,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["model", "factors", "events", "through", "version", "updated_at"],
    )


def _remove_old_files() -> None:
    """Delete model files that no row needs: all but the latest few and the active one."""
    latest = ModelVersion.objects.values_list("artifact", flat=True)[:KEPT]
    active = ModelVersion.objects.filter(active=True).values_list("artifact", flat=True)
    needed = {*latest, *active}
    folder: Path = settings.MODELS_DIR
    for path in folder.glob(f"{FILE_PREFIX}*.npz"):
        if path.name not in needed:
            path.unlink(missing_ok=True)


def _threads() -> int:
    """Half of the cores: listeners are being served meanwhile."""
    return max(1, (os.cpu_count() or 2) // 2)


def _line(version: ModelVersion, active: ModelVersion | None, metrics: dict[str, Any]) -> str:
    size = f"{version.events} events of {version.users} listeners on {version.songs} songs"
    measured = "too few new events to measure it"
    if metrics["tested_listeners"]:
        rival = "active_ndcg@10" if "active_ndcg@10" in metrics else "popularity_ndcg@10"
        against = f"{rival.split('_')[0]} {metrics[rival]:.3f}"
        measured = f"NDCG@10 {metrics['ndcg@10']:.3f}, {against}"
    if version.active:
        return f"Model {version.number} is active: {size}; {measured}."
    stays = f"model {active.number}" if active else "popularity"
    return f"Model {version.number} is kept but not active, {stays} is better: {size}; {measured}."
