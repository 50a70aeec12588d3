"""Going back to an earlier model in one command."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib import import_module
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command

from catalog.models import Song
from moodmusic.problems import DomainError
from recommendations.models import ModelVersion, SongList, Taste
from recommendations.services import model_retrain, model_rollback
from recommendations.services.retraining import retraining_run
from recommendations.store import STORE
from tests.recommendations.factories import RatingFactory, community_make

Make = Callable[..., SongList]


@pytest.fixture
def three(songs: list[Song]) -> list[ModelVersion]:
    """Three versions, each active in its turn; the third is."""
    community_make(songs[:30])
    versions = []
    for number in range(3):
        RatingFactory(song=songs[number], stars=4)
        version = model_retrain()
        assert version is not None
        assert version.active
        versions.append(version)
    return versions


def active_number() -> int:
    return ModelVersion.objects.get(active=True).number


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("rollback_model", *arguments, stdout=out)
    return out.getvalue()


def damage(version: ModelVersion) -> None:
    path = settings.MODELS_DIR / version.artifact / "factors.npy"
    path.write_bytes(b"x" + path.read_bytes()[1:])


def test_one_command_goes_back_and_lists_follow_at_once(
    owner: Any, songs: list[Song], three: list[ModelVersion], a_list: Make, api_of: Any
) -> None:
    assert a_list(owner).model == three[2]

    words = told()

    assert words.startswith("Model 2 is active: 194 events of 26 listeners on 30 songs, trained ")
    song_list = a_list(owner)
    assert song_list.model == three[1]
    assert api_of(owner).get(f"/api/v1/lists/{song_list.pk}").json()["model"] == 2
    assert told().startswith("Model 1 is active")
    assert a_list(owner).model == three[0]
    assert told("3").startswith("Model 3 is active")
    assert a_list(owner).model == three[2]


def test_everyone_is_folded_under_the_model_gone_back_to(three: list[ModelVersion]) -> None:
    version = model_rollback()

    tastes = Taste.objects.order_by("user")
    assert {taste.model_id for taste in tastes} == {version.pk}
    # Listeners who came after that model was trained are folded in as well
    assert len(tastes) == 27
    assert (tastes[0].events, tastes[0].version) == (8, 4)
    width = STORE.model().items.factors.shape[1]  # type: ignore[union-attr]
    assert {len(taste.factors) for taste in tastes} == {4 * width}
    assert np.isfinite(np.frombuffer(tastes[0].factors, "<f4")).all()


def test_what_was_left_does_not_come_back_by_itself(
    songs: list[Song], three: list[ModelVersion]
) -> None:
    model_rollback()

    outcome = retraining_run()

    assert outcome.line == "Nothing new since model 3: nothing to do."
    assert active_number() == 2
    # With new events there is a new version, which is judged against the one gone back to
    RatingFactory(song=songs[5], stars=4)
    outcome = retraining_run()
    assert outcome.version is not None
    assert outcome.version.number == 4


def test_the_hyper_parameters_of_what_was_left_are_not_carried_on(
    songs: list[Song], three: list[ModelVersion]
) -> None:
    from recommendations.services.retraining import _search_kept
    from recommendations.training_data import events_read

    plan = {"share": 0.1, "beta": 0.3, "walk_weight": 0.2, "alpha": 4.0}
    for version in three:
        version.metrics["search"] = {"events": 190 + version.number, "plan": plan}
        version.save(update_fields=["metrics"])
    assert _search_kept(events_read()) == {"events": 193, "plan": plan}

    model_rollback(number=1)
    assert _search_kept(events_read()) == {"events": 192, "plan": plan}

    model_rollback(number=3)
    assert _search_kept(events_read()) == {"events": 193, "plan": plan}


def test_damaged_and_missing_models_are_passed_over(three: list[ModelVersion]) -> None:
    damage(three[1])

    assert told().startswith("Model 1 is active")

    model_rollback(number=3)
    shutil.rmtree(settings.MODELS_DIR / three[0].artifact)
    with pytest.raises(CommandError) as error:
        told()
    words = str(error.value)
    assert words.startswith("There is no earlier model to go back to. Model 2 cannot be used: ")
    assert "factors.npy is damaged" in words
    assert "Model 1 cannot be used: " in words
    assert "manifest.json is missing" in words
    assert active_number() == 3


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (1, "unsound_model", "Model 1 cannot be used: .* is missing"),
        (2, "unsound_model", "Model 2 cannot be used: .* is damaged"),
        (3, "already_active", "Model 3 is active already."),
        (7, "not_found", "There is no model 7; there is 1, 2, 3."),
    ],
)
def test_a_named_model_that_cannot_serve_is_refused(
    three: list[ModelVersion], number: int, code: str, words: str
) -> None:
    shutil.rmtree(settings.MODELS_DIR / three[0].artifact)
    damage(three[1])

    with pytest.raises(DomainError, match=words) as error:
        model_rollback(number=number)

    assert error.value.code == code
    assert active_number() == 3
    assert set(Taste.objects.values_list("model", flat=True)) == {three[2].pk}


def test_without_a_model_there_is_nothing_to_go_back_to(db: None) -> None:
    with pytest.raises(CommandError, match="No model has ever been active"):
        told()
    with pytest.raises(CommandError, match="There is no model 1; there is none yet"):
        told("1")


def test_the_first_model_has_none_before_it(songs: list[Song]) -> None:
    community_make(songs[:30])
    model_retrain()

    with pytest.raises(CommandError, match="There is no earlier model to go back to"):
        told()


def test_a_model_that_a_trial_found_worse_is_activated_by_name_alone(
    three: list[ModelVersion],
) -> None:
    ModelVersion.objects.filter(number=2).update(activated_at=None)

    assert model_rollback().number == 1
    assert model_rollback(number=2).number == 2


def test_a_rollback_during_a_training_has_the_last_word(
    songs: list[Song], three: list[ModelVersion], monkeypatch: Any
) -> None:
    # Given: a training that began under model 3, and a rollback before it ends
    from recommendations.services import retraining

    save = retraining.save

    def slow_save(path: Any, model: Any) -> str:
        model_rollback()
        return save(path, model)

    monkeypatch.setattr(retraining, "save", slow_save)
    RatingFactory(song=songs[5], stars=4)

    outcome = retraining_run()

    assert "Model 4 is kept but not active, model 2 was made active meanwhile" in outcome.line
    assert active_number() == 2
    assert set(Taste.objects.values_list("model", flat=True)) == {three[1].pk}


def test_an_installation_s_active_model_counts_as_activated_after_the_upgrade(
    three: list[ModelVersion],
) -> None:
    ModelVersion.objects.update(activated_at=None)

    name = "recommendations.migrations.0004_activation_and_waiting_events"
    import_module(name).active_one_was_activated(apps, None)

    dates = dict(ModelVersion.objects.values_list("number", "activated_at"))
    assert dates == {1: None, 2: None, 3: three[2].created_at}
