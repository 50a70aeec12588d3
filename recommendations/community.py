"""What the community's model says of songs for one listener."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.recommend.fold import fold_in
from ml.recommend.rank import collaborative_weight
from recommendations.history import History
from recommendations.models import Taste
from recommendations.snapshot import Snapshot, as_ids, places
from recommendations.store import STORE, ActiveModel


@dataclass(frozen=True, slots=True)
class Community:
    """Collaborative scores of all songs, (n,) with NaN for songs the model does not know.

    `personal` is False when they are the songs' popularity, for a listener without events.
    `popularity` (n,) 0..1 is what personal scores are corrected for.
    """

    scores: np.ndarray | None
    weight: float
    personal: bool
    version_id: int | None
    popularity: np.ndarray | None = None


def listener_factors(*, history: History, model: ActiveModel) -> np.ndarray:
    """(f,) float32 factors of a listener under a model; zeros without a positive event."""
    confidences = history.confidences()
    place = places(model.ids, as_ids(list(confidences)))
    known = place >= 0
    values = np.fromiter(confidences.values(), dtype=np.float64)[known]
    items = model.items
    return fold_in(
        values, items.factors[model.row_of[place[known]]], items.gram, items.regularisation
    )


def _factors_now(*, user_id: int, history: History, model: ActiveModel) -> np.ndarray:
    """The kept factors when they know every event, else folded in here and now.

    So a rating counts in the very next list, however far behind the workers are.
    """
    kept = Taste.objects.filter(user=user_id, model=model.version_id).first()
    if kept and (kept.events, kept.through) == (history.events, history.latest):
        return np.frombuffer(bytes(kept.factors), dtype="<f4")
    return listener_factors(history=history, model=model)


def community_of(*, user_id: int, history: History, songs: Snapshot) -> Community:
    """Score all songs under the active model; at most two queries."""
    model = STORE.model()
    if model is None:
        return Community(None, 0.0, False, None)
    where = STORE.alignment(songs, model)
    factors = _factors_now(user_id=user_id, history=history, model=model)
    personal = bool(factors.any())
    per_row = model.items.factors @ factors if personal else model.items.popularity
    scores = np.full(len(songs), np.nan, dtype=np.float32)
    scores[where.places] = per_row[where.rows]
    known = len(history.confidences()) if personal else 0
    weight = collaborative_weight(known, len(where.places), len(songs))
    popularity = None
    if personal:
        popularity = np.zeros(len(songs), dtype=np.float32)
        most = max(float(model.items.popularity.max(initial=0)), 1e-6)
        popularity[where.places] = model.items.popularity[where.rows] / most
    return Community(scores, weight, personal, model.version_id, popularity)
