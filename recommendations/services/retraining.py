"""Training the community's model anew: alone, judged on events it has not seen, kept as files."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ml.recommend import learn
from ml.recommend.hybrid import Choice, Say
from ml.recommend.item_model import ItemModel
from ml.recommend.model_file import PART, id_bytes, save
from recommendations.activation import activate, everyone_folded
from recommendations.lease import lease, lease_renew, lease_until
from recommendations.models import Lease, ModelVersion
from recommendations.training_data import Events, events_read, split
from recommendations.trial import Present, judge, present

JOB = "retrain"
#: Longer than any stage of a training, of millions of events on busy cores too; a killed trainer
#: keeps others out no longer than this.
LASTS = timedelta(hours=2)
#: With less, "listeners with taste like yours" would be an invention.
LEAST_EVENTS, LEAST_LISTENERS, LEAST_SONGS = 30, 3, 10
#: Growth of the events from which hyper-parameters are searched anew.
OUTGROWN = 1.5
#: Models whose files are kept: so many of the latest, and of the latest that were ever active.
KEPT = 5
PREFIX = "recommend-"


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
    at most stray files, which the next training removes.

    Raises
    ------
    OSError
        When the model's files cannot be written.
    """
    with lease(job=JOB, lasts=LASTS) as holder:
        if holder is None:
            until = lease_until(job=JOB)
            return Retraining(
                f"Another training is running (its lease ends {until:%H:%M} UTC at the latest)."
                if until
                else "Another training has just ended; try again."
            )
        Lease.objects.filter(job=JOB).update(waiting=0)
        events = events_read()
        if waiting := _not_enough(events):
            return Retraining(waiting)
        newest, now = ModelVersion.objects.first(), present()
        served = now.version is None or now.model is not None
        if newest and served and (newest.events, newest.through) == (events.count, events.latest):
            return Retraining(f"Nothing new since model {newest.number}: nothing to do.")
        try:
            return _train_and_keep(events, now, holder)
        except ArithmeticError as error:
            return Retraining(f"Nothing is changed: {error}.")


def _not_enough(events: Events) -> str:
    songs, listeners = len(events.songs), events.positive_listeners
    if events.count >= LEAST_EVENTS and listeners >= LEAST_LISTENERS and songs >= LEAST_SONGS:
        return ""
    return (
        f"Not enough events yet: {events.count} of {listeners} listeners on {songs} songs; a model "
        f"needs {LEAST_EVENTS} of {LEAST_LISTENERS} on {LEAST_SONGS}. Lists go on without one."
    )


def _train_and_keep(events: Events, now: Present, holder: uuid.UUID) -> Retraining:
    def renew(_line: str = "") -> bool:
        return lease_renew(job=JOB, holder=holder, lasts=LASTS)

    started = time.monotonic()
    parts = split(events, seen=now.version.through if now.version else None)
    # Hyper-parameters must not have seen what the trial hides.
    known = parts[0] if parts else events.matrix
    search = _search_kept(events) or _search_anew(events, known, renew)
    choice = _suited(search, known)
    judged = judge(events, parts, now, choice, threads=_threads(), say=renew)
    ids, choice = id_bytes(events.songs), _suited(search, events.matrix)
    model = learn.learn(ids, events.matrix, choice, threads=_threads(), say=renew)
    metrics = judged.metrics | {
        **({"search": search} if search else {}),
        "parameters": choice.to_json(),
        "seconds": round(time.monotonic() - started, 2),
    }
    name = f"{PREFIX}{uuid.uuid4().hex[:12]}"
    sha256 = save(settings.MODELS_DIR / name, model)
    version = ModelVersion(
        artifact=name,
        sha256=sha256,
        users=len(events.users),
        songs=len(events.songs),
        events=events.count,
        through=events.latest or timezone.now(),
        metrics=metrics,
    )
    return _keep(version, model, events, now, promoted=judged.promoted, holder=holder)


def _search_kept(events: Events) -> dict[str, Any] | None:
    """The search of the latest version that nobody has rolled back, unless outgrown."""
    for metrics in ModelVersion.objects.values_list("metrics", flat=True):
        if "search" in metrics and not metrics.get("withdrawn"):
            found: dict[str, Any] = metrics["search"]
            return found if events.count < OUTGROWN * found["events"] and _plan(found) else None
    return None


def _search_anew(events: Events, known: Any, renew: Say) -> dict[str, Any] | None:
    """Searched hyper-parameters; None where the data are too few."""
    seconds = settings.RETRAIN_SEARCH_SECONDS
    if seconds == 0 or not learn.searchable(known):
        return None
    plan = learn.search(known, seconds=seconds, threads=_threads(), say=renew)
    return {"events": events.count, "plan": plan.to_json()}


def _plan(search: dict[str, Any]) -> learn.Plan | None:
    try:
        return learn.Plan.from_json(search["plan"])
    except (KeyError, TypeError):
        return None  # of a version of the product that had other hyper-parameters


def _suited(search: dict[str, Any] | None, matrix: Any) -> Choice:
    plan = _plan(search) if search else None
    return plan.suited(matrix) if plan else learn.careful(matrix)


def _keep(
    version: ModelVersion,
    model: ItemModel,
    events: Events,
    now: Present,
    *,
    promoted: bool,
    holder: uuid.UUID,
) -> Retraining:
    folded = everyone_folded(events, model) if promoted else []
    with transaction.atomic():
        if not lease_renew(job=JOB, holder=holder, lasts=LASTS):
            shutil.rmtree(settings.MODELS_DIR / version.artifact, ignore_errors=True)
            return Retraining(
                "The training took too long and lost its lease: its model is dropped."
            )
        number = ModelVersion.objects.aggregate(last=Max("number"))["last"] or 0
        version.number = number + 1
        version.save()
        active = ModelVersion.objects.select_for_update().filter(active=True).first()
        # Whoever rolled back meanwhile has the last word: the trial was against another model.
        changed = active != now.version
        if promoted and not changed:
            activate(version, folded)
        transaction.on_commit(_remove_old_files)
    return Retraining(_line(version, active, changed=changed), version)


def _remove_old_files() -> None:
    """Delete files that no row needs, and what a killed writer left."""
    names = ModelVersion.objects.values_list("artifact", flat=True)
    ever_active = names.exclude(activated_at=None).order_by("-activated_at")
    needed = {*names[:KEPT], *ever_active[:KEPT], *names.filter(active=True)}
    folder: Path = settings.MODELS_DIR
    for path in [*folder.glob(f"{PREFIX}*"), *folder.glob(f".{PREFIX}*{PART}")]:
        if path.name in needed:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _threads() -> int:
    """Half of the cores: listeners are being served meanwhile."""
    return max(1, (os.cpu_count() or 2) // 2)


def _line(version: ModelVersion, active: ModelVersion | None, *, changed: bool) -> str:
    metrics = version.metrics
    size = f"{version.events} events of {version.users} listeners on {version.songs} songs"
    measured = "too few new events to measure it"
    if metrics["tested_listeners"]:
        rival = "active_ndcg@10" if "active_ndcg@10" in metrics else "popularity_ndcg@10"
        against = f"{rival.split('_')[0]} {metrics[rival]:.3f}"
        measured = f"NDCG@10 {metrics['ndcg@10']:.3f}, {against}"
    if version.active:
        return f"Model {version.number} is active: {size}; {measured}."
    rest = f"model {active.number}" if active else "popularity"
    why = f"{rest} was made active meanwhile" if changed else f"{rest} is better"
    return f"Model {version.number} is kept but not active, {why}: {size}; {measured}."
