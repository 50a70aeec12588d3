"""Making a version the active one, with every listener's factors under it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.utils import timezone

from accounts.models import User
from ml.recommend.item_model import ItemModel
from recommendations.models import ModelVersion, Taste
from recommendations.snapshot import as_ids, places
from recommendations.training_data import Events, Known


@dataclass(frozen=True, slots=True)
class Folded:
    """One listener's factors, little-endian float32, and the events that they know."""

    user_id: int
    factors: bytes
    known: Known


def everyone_folded(events: Events, model: ItemModel) -> list[Folded]:
    """All listeners under a model. Takes milliseconds for each, so outside a transaction."""
    ids = np.ascontiguousarray(model.ids).view("S16").ravel()
    order = np.argsort(ids, kind="stable")
    place = places(ids[order], as_ids(events.songs))
    row_of = np.where(place >= 0, order[place], -1)
    folded = []
    for row, user in enumerate(events.users):
        said = slice(events.matrix.indptr[row], events.matrix.indptr[row + 1])
        rows, values = row_of[events.matrix.indices[said]], events.matrix.data[said]
        factors = model.fold(model.factors[rows[rows >= 0]], values[rows >= 0])
        folded.append(Folded(user, factors.astype("<f4").tobytes(), events.known[row]))
    return folded


def activate(version: ModelVersion, folded: list[Folded]) -> None:
    """Make a version the only active one and keep everyone's factors; inside a transaction."""
    # Two statements, because PostgreSQL checks "one active" row by row within one.
    ModelVersion.objects.filter(active=True).update(active=False)
    version.active, version.activated_at = True, timezone.now()
    version.save(update_fields=["active", "activated_at"])
    versions = dict(Taste.objects.values_list("user", "version"))
    here = set(User.objects.values_list("pk", flat=True))
    Taste.objects.bulk_create(
        [
            Taste(
                user_id=one.user_id,
                model=version,
                factors=one.factors,
                events=one.known.events,
                through=one.known.latest,
                version=versions.get(one.user_id, 0) + 1,
            )
            for one in folded
            if one.user_id in here
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["model", "factors", "events", "through", "version", "updated_at"],
    )
