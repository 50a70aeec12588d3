"""Hyper-parameters of an installation: searched where there is enough, kept, and outgrown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalog.models import Song
from ml.recommend import learn
from ml.recommend.als import recipe_for
from recommendations.models import ModelVersion, SongList
from recommendations.services import model_retrain
from recommendations.store import STORE
from recommendations.training_data import events_read, split
from tests.recommendations.factories import RatingFactory, community_make

Make = Callable[..., SongList]


@pytest.fixture
def searching(monkeypatch: Any, settings: Any) -> None:
    """Fewer listeners than in the product are enough, and the time is for a few settings."""
    monkeypatch.setattr(learn, "SEARCH_LISTENERS", 20)
    settings.RETRAIN_SEARCH_SECONDS = 1


@pytest.mark.usefixtures("searching")
def test_hyper_parameters_are_searched_kept_and_outgrown(
    owner: Any, community: list[Any], songs: list[Song], a_list: Make, monkeypatch: Any
) -> None:
    searched: list[Any] = []
    search = learn.search
    monkeypatch.setattr(learn, "search", lambda *a, **o: searched.append(a) or search(*a, **o))

    # When: there is enough, a training searches, and lists are made by what it found
    first = model_retrain()
    assert first is not None
    found = first.metrics["search"]
    assert found["events"] == 192
    assert found["plan"]["reading"] in ("log", "one")
    model = STORE.model()
    assert model is not None
    assert model.items.choice.to_json() == first.metrics["parameters"]
    assert a_list(community[0]).model == first

    # Then: later trainings carry it on, until the events are half as many again
    RatingFactory(song=songs[0], stars=4)
    second = model_retrain()
    assert second is not None
    assert second.metrics["search"] == found
    assert len(searched) == 1
    community_make(songs[:30], listeners=12, seed=5)
    third = model_retrain()
    assert third is not None
    assert third.metrics["search"]["events"] == 289
    assert len(searched) == 2


@pytest.mark.usefixtures("searching")
def test_the_search_sees_nothing_of_what_the_trial_hides(
    community: list[Any], monkeypatch: Any
) -> None:
    seen: list[Any] = []
    search = learn.search
    monkeypatch.setattr(learn, "search", lambda m, **o: seen.append(m) or search(m, **o))
    events = events_read()
    parts = split(events, seen=None)
    assert parts is not None

    model_retrain()

    assert (seen[0] != parts[0]).nnz == 0
    assert seen[0].nnz < events.matrix.nnz


@pytest.mark.usefixtures("searching")
def test_a_search_of_another_version_of_the_product_is_done_anew(
    community: list[Any], songs: list[Song]
) -> None:
    first = model_retrain()
    assert first is not None
    ModelVersion.objects.update(
        metrics={**first.metrics, "search": {"events": 192, "plan": {"depth": 3}}}
    )
    RatingFactory(song=songs[0], stars=4)

    second = model_retrain()

    assert second is not None
    assert second.metrics["search"]["events"] == 193


def test_few_listeners_get_the_careful_recipe(community: list[Any]) -> None:
    version = model_retrain()

    assert version is not None
    assert "search" not in version.metrics
    parameters = version.metrics["parameters"]
    assert (parameters["reading"], parameters["walk_weight"]) == ("given", 0)
    recipe = recipe_for(events_read().matrix)
    assert parameters["factors"] == recipe.factors
    assert parameters["regularisation"] == pytest.approx(recipe.regularisation)


@pytest.mark.usefixtures("searching")
def test_no_time_for_a_search_means_the_careful_recipe(community: list[Any], settings: Any) -> None:
    settings.RETRAIN_SEARCH_SECONDS = 0

    version = model_retrain()

    assert version is not None
    assert "search" not in version.metrics
