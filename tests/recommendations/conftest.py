"""A catalogue in the database, and a process that remembers nothing of the test before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from catalog.models import Song
from recommendations.models import SongList
from recommendations.services import list_make
from recommendations.store import STORE
from tests.recommendations.factories import NamedReadingFactory, catalogue_make, community_make


@pytest.fixture(autouse=True)
def _empty_store() -> Iterator[None]:
    STORE.clear()
    yield
    STORE.clear()


@pytest.fixture(autouse=True)
def _models_here(settings: Any, tmp_path: Any) -> None:
    settings.MODELS_DIR = tmp_path / "models"


@pytest.fixture
def songs(db: None) -> list[Song]:
    """210 songs, 30 of each mood, three of each artist."""
    return catalogue_make()


@pytest.fixture
def community(songs: list[Song]) -> list[Any]:
    """Two tastes among the happy songs, and 192 ratings."""
    return community_make(songs[:30])


@pytest.fixture
def a_list() -> Callable[..., SongList]:
    """Makes a list for a user who names an emotion."""

    def make(user: Any, emotion: str = "happy", goal: str = "match", size: int = 20) -> SongList:
        return list_make(
            user=user, reading=NamedReadingFactory(user=user, label=emotion), goal=goal, size=size
        )

    return make
