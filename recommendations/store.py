"""What every list needs, kept in the memory of the process: the catalogue and the active model.

Rows say what is current: the catalogue's revision and the active model version are read for each
list, one cheap query each, so that every process follows a change without being told.

The catalogue is held once for all listeners. Of those who have songs of their own, these few are
held beside it, and put after it for the time that a list of theirs takes.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings

from ml.artifacts import ArtifactError
from ml.recommend.item_model import ItemModel
from ml.recommend.model_file import load
from recommendations import snapshot
from recommendations.models import ModelVersion
from recommendations.snapshot import Snapshot

logger = logging.getLogger(__name__)

#: Listeners whose own songs are held, those of the latest lists.
OWNERS_HELD = 32


@dataclass(frozen=True, slots=True)
class ActiveModel:
    """The active model, as mapped: the row's key, what it knows of songs, and their sorted ids.

    `row_of` says which row of the factors belongs to each of `ids`.
    """

    version_id: int
    sha256: str
    items: ItemModel
    ids: np.ndarray
    row_of: np.ndarray


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where the songs of a snapshot are in a model: `places` in one, `rows` in the other, (k,)."""

    places: np.ndarray
    rows: np.ndarray


class Store:
    """Thread-safe: snapshots and models are immutable, and replaced whole under a lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._model: ActiveModel | None = None
        self._broken: tuple[object, ...] | None = None
        self._alignment: tuple[Snapshot, ActiveModel, Alignment] | None = None
        self._own: OrderedDict[int, tuple[Snapshot, Snapshot]] = OrderedDict()
        self._without: tuple[Snapshot | None, set[int]] = (None, set())

    def catalogue(self) -> Snapshot:
        """The songs as of now."""
        with self._lock:
            held = self._snapshot
            self._snapshot = snapshot.load() if held is None else snapshot.refreshed(held)
            return self._snapshot

    def catalogue_of(self, user_id: int) -> Snapshot:
        """The songs as of now and behind them the listener's own, which nobody else's view has.

        One small query more for each listener after each change of the catalogue.
        """
        shared = self.catalogue()
        with self._lock:
            held = self._own.pop(user_id, None)
            if self._without[0] is not shared:
                self._without = (shared, set())
            if user_id in self._without[1]:
                return shared
        if held is None or held[0] is not shared:
            held = (shared, snapshot.own_songs(user_id=user_id, shared=shared))
        with self._lock:
            if not len(held[1]):
                if self._without[0] is shared:
                    self._without[1].add(user_id)
                return shared
            self._own[user_id] = held
            while len(self._own) > OWNERS_HELD:
                self._own.popitem(last=False)
        return snapshot.view(shared, held[1])

    def reload(self) -> Snapshot:
        """The songs read anew, after a row turned out to be gone without a new revision."""
        with self._lock:
            self._forget_own()
            self._snapshot = snapshot.load()
            return self._snapshot

    def model(self) -> ActiveModel | None:
        """The active model, or None without one. Damaged files are logged once, and tried again
        when they have changed, so that restored ones work without a restart."""
        row = (
            ModelVersion.objects.filter(active=True).values_list("pk", "artifact", "sha256").first()
        )
        with self._lock:
            if row is None:
                self._model = None
                return None
            key, artifact, sha256 = row
            if self._model and (self._model.version_id, self._model.sha256) == (key, sha256):
                return self._model
            folder = settings.MODELS_DIR / artifact
            state = (sha256, *_state(folder))
            if self._broken == state:
                return None  # reading all of it again for each list would be slow
            try:
                items = load(folder, sha256)
            except ArtifactError as error:
                logger.error("lists are made without the collaborative model: %s", error)
                self._broken, self._model = state, None
                return None
            self._broken = None
            ids = np.ascontiguousarray(items.ids).view("S16").ravel()
            order = np.argsort(ids, kind="stable")
            self._model = ActiveModel(key, sha256, items, ids[order], order)
            return self._model

    def alignment(self, songs: Snapshot, model: ActiveModel) -> Alignment:
        """Where the model's songs are in the snapshot; kept until either changes."""
        with self._lock:
            kept = self._alignment
            if kept is None or kept[0] is not songs or kept[1] is not model:
                found = snapshot.places(songs.ids, model.ids)
                known = found >= 0
                kept = (songs, model, Alignment(found[known], model.row_of[known]))
                self._alignment = kept
            return kept[2]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._snapshot = self._model = self._broken = self._alignment = None
            self._forget_own()

    def _forget_own(self) -> None:
        self._own.clear()
        self._without = (None, set())


def _state(folder: Path) -> list[tuple[str, int, int]]:
    """Names, sizes and times of the files in a folder; of none where they cannot be told."""
    try:
        found = [(file.name, file.stat()) for file in sorted(folder.iterdir())]
    except OSError:
        return []
    return [(name, stat.st_size, stat.st_mtime_ns) for name, stat in found]


STORE = Store()


def warm_up() -> None:
    """Read catalogue and model, which takes seconds for 100,000 songs, before anyone waits."""
    STORE.catalogue()
    STORE.model()
