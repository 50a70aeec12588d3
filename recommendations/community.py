"""What the community's model says of songs for one listener."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ml.recommend.feedback import signed_value
from ml.recommend.rank import collaborative_weight
from recommendations.history import History, month_of
from recommendations.models import Taste
from recommendations.popularity import liked_by_others, popular_in
from recommendations.snapshot import Snapshot, as_ids, places
from recommendations.store import STORE, ActiveModel, Alignment


@dataclass(frozen=True, slots=True)
class Community:
    """Collaborative scores of all songs, (n,) with NaN for songs the model does not know, and for
    those that one listener alone hears.

    `personal` is False when they are the songs' popularity: for a listener without events, and for
    everyone while there is no model. `popularity` (n,) 0..1 is what personal scores are corrected
    for. `liked_here` (n,) booleans, without a model: whether others like a song in this mood.
    """

    scores: np.ndarray | None
    weight: float
    personal: bool
    version_id: int | None
    popularity: np.ndarray | None = None
    liked_here: np.ndarray | None = None

    def over(self, songs: Snapshot) -> Community:
        """The same, over a listener's own songs too, of which no community can say anything."""
        more = len(songs.own)
        if not more:
            return self

        def longer(values: np.ndarray | None, filling: float | bool) -> np.ndarray | None:
            return (
                None if values is None else np.append(values, np.full(more, filling, values.dtype))
            )

        return replace(
            self,
            scores=longer(self.scores, np.nan),
            popularity=longer(self.popularity, 0.0),
            liked_here=longer(self.liked_here, False),
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """What a listener has said, as a model hears it.

    `rows` (k,) of the songs that the model knows and the signed `values` (k,); `songs` counts all
    songs with feedback, known to the model or not.
    """

    rows: np.ndarray
    values: np.ndarray
    songs: int


def listener_factors(*, history: History, model: ActiveModel) -> np.ndarray:
    """Factors of a listener under a model, see `ItemModel.fold`."""
    return _folded(_told(history, model), model)


def _told(history: History, model: ActiveModel) -> _Told:
    confidences = history.confidences()
    place = places(model.ids, as_ids(list(confidences)))
    known = place >= 0
    values = np.fromiter(confidences.values(), dtype=np.float64, count=len(confidences))
    return _Told(model.row_of[place[known]], values[known], len(confidences))


def _folded(told: _Told, model: ActiveModel, named: np.ndarray | None = None) -> np.ndarray:
    """`named` (k, s f) are factors of favourites; each counts as a song of five stars."""
    factors, values = model.items.factors[told.rows], told.values
    if named is not None and len(named):
        values = np.append(values, np.full(len(named), signed_value(stars=5)))
        factors = np.concatenate([factors, named])
    return model.items.fold(factors, values)


def _factors_now(
    *, user_id: int, history: History, told: _Told, model: ActiveModel, named: np.ndarray
) -> np.ndarray:
    """The kept factors when they know all there is and are of this month, else folded in now.

    So a rating counts in the very next list, however far behind the workers are. Kept factors know
    of events alone: they train with everyone's, and favourites are no events.
    """
    kept = Taste.objects.filter(user=user_id, model=model.version_id).first()
    events = (history.events, history.latest, history.month)
    fits = kept and (kept.events, kept.through, month_of(kept.updated_at)) == events
    if kept and fits and not len(named):
        return np.frombuffer(bytes(kept.factors), dtype="<f4")
    return _folded(told, model, named)


def _named_factors(
    favourites: tuple[np.ndarray, ...], where: Alignment, model: ActiveModel
) -> np.ndarray:
    """(k, s f) the mean factors of the songs of each favourite that the model knows."""
    means = [
        model.items.factors[where.rows[known]].mean(axis=0)
        for places_of in favourites
        if (known := np.isin(where.places, places_of)).any()
    ]
    return np.array(means, dtype=np.float32).reshape(len(means), model.items.factors.shape[1])


def community_of(
    *,
    user_id: int,
    history: History,
    songs: Snapshot,
    favourites: tuple[np.ndarray, ...],
    emotion: str,
) -> Community:
    """Score all songs under the active model, or by what others like; at most three queries.

    Parameters
    ----------
    favourites : for each favourite the places of its songs
    emotion : the mood whose popular songs come first where nothing personal is known
    """
    shared, model = songs.shared, STORE.model()
    if model is None:
        return _without_model(user_id, emotion, shared).over(songs)
    found = _with_model(user_id, history, shared, favourites, emotion, model)
    return found.over(songs)


def _with_model(
    user_id: int,
    history: History,
    songs: Snapshot,
    favourites: tuple[np.ndarray, ...],
    emotion: str,
    model: ActiveModel,
) -> Community:
    where = STORE.alignment(songs, model)
    named = _named_factors(favourites, where, model)
    # Once for factors, walk and weight: a long history takes a while to add up.
    told = _told(history, model)
    factors = _factors_now(user_id=user_id, history=history, told=told, model=model, named=named)
    personal = bool(factors.any())
    per_row = model.items.scores(factors, told.rows[told.values > 0])
    scores = np.full(len(songs), np.nan, dtype=np.float32)
    scores[where.places] = per_row[where.rows]
    if not personal:
        scores += popular_in(emotion=emotion, songs=songs)
    known = told.songs + len(named) if personal else 0
    weight = collaborative_weight(known, len(where.places), len(songs))
    popularity = None
    if personal:
        popularity = np.zeros(len(songs), dtype=np.float32)
        most = max(float(model.items.popularity.max(initial=0)), 1e-6)
        popularity[where.places] = model.items.popularity[where.rows] / most
    return Community(scores, weight, personal, model.version_id, popularity)


def _without_model(user_id: int, emotion: str, songs: Snapshot) -> Community:
    """What others like, at the weight of a model that knows as many songs as they like."""
    liked = liked_by_others(user_id=user_id, emotion=emotion, songs=songs)
    if liked is None:
        return Community(None, 0.0, False, None)
    weight = collaborative_weight(0, int((liked.scores > 0).sum()), len(songs))
    return Community(liked.scores, weight, False, None, liked_here=liked.here)
