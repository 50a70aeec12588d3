"""Training anew: when, alone, judged, kept, and followed by every process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from catalog.models import Song
from recommendations import store
from recommendations.community import listener_factors
from recommendations.history import history_of
from recommendations.lease import lease, lease_renew
from recommendations.models import Lease, ModelVersion, Rating, SongList, Taste
from recommendations.services import model_retrain, rating_set, taste_refold
from recommendations.services.retraining import JOB, KEPT, LASTS, retraining_run
from recommendations.store import STORE
from tests.recommendations.factories import RatingFactory, community_make

Make = Callable[..., SongList]


def new_events(songs: list[Song]) -> None:
    RatingFactory(song=songs[0], stars=4)


def test_too_few_events_are_told_and_are_no_error(owner: Any, songs: list[Song]) -> None:
    rating_set(user=owner, song=songs[0], stars=5)
    out = StringIO()

    call_command("retrain", stdout=out)

    assert out.getvalue() == (
        "Not enough events yet: 1 of 1 listeners on 1 songs; a model needs 30 of 3 on 10. "
        "Lists go on without one.\n"
    )
    assert not ModelVersion.objects.exists()


def test_the_first_training_makes_a_model_active_and_folds_everyone_in(
    community: list[Any],
) -> None:
    version = model_retrain()

    assert version is not None
    kept = ModelVersion.objects.get(active=True)
    assert (kept.number, kept.events, kept.users, kept.songs) == (1, 192, 24, 30)
    assert (settings.MODELS_DIR / kept.artifact / "factors.npy").stat().st_size > 1000
    assert kept.metrics["tested_listeners"] >= 10
    assert kept.metrics["ndcg@10"] > kept.metrics["popularity_ndcg@10"]
    assert set(Taste.objects.values_list("user", flat=True)) == {user.pk for user in community}
    taste = Taste.objects.get(user=community[0])
    assert (taste.model_id, taste.events, taste.version) == (kept.pk, 8, 1)
    assert len(taste.factors) == 4 * 3 * kept.metrics["parameters"]["factors"]


def test_the_kept_factors_are_those_of_a_refold(community: list[Any]) -> None:
    model_retrain()
    before = Taste.objects.get(user=community[0])

    taste_refold(user_id=community[0].pk)

    after = Taste.objects.get(user=community[0])
    assert np.frombuffer(after.factors, "<f4") == pytest.approx(
        np.frombuffer(before.factors, "<f4"), abs=1e-5
    )
    assert after.version == before.version + 1


def test_without_new_events_nothing_is_trained(community: list[Any], songs: list[Song]) -> None:
    model_retrain()

    assert model_retrain() is None
    assert ModelVersion.objects.count() == 1
    new_events(songs)
    assert model_retrain() is not None


def test_like_minded_listeners_find_each_other_s_songs(
    owner: Any, other: Any, community: list[Any], songs: list[Song], a_list: Make
) -> None:
    # Given two newcomers who have each loved seven songs of one of the two tastes
    model_retrain()
    for user, group in ((owner, 0), (other, 1)):
        for number in range(0, 14, 2):
            RatingFactory(user=user, song=songs[group + number])

    # When each asks for a list
    mine, theirs = a_list(owner), a_list(other)

    # Then each gets more songs of its own taste, by the community's part
    def of_group(song_list: SongList, group: int) -> float:
        own = {song.pk for song in songs[group:30:2]}
        return sum(
            item.parts["collaborative"] for item in song_list.items.all() if item.song_id in own
        )

    assert of_group(mine, 0) > of_group(mine, 1) + 0.5
    assert of_group(theirs, 1) > of_group(theirs, 0) + 0.5
    assert mine.model == ModelVersion.objects.get()
    assert mine.collaborative_weight == pytest.approx(0.6)
    reasons = set(mine.items.values_list("reason", flat=True))
    assert "Listeners with taste like yours rate it highly" in reasons


def test_a_rating_counts_before_any_worker_has_seen_it(
    owner: Any, community: list[Any], songs: list[Song], a_list: Make
) -> None:
    model_retrain()
    assert a_list(owner).collaborative_weight == pytest.approx(0.3)

    RatingFactory(user=owner, song=songs[0])

    assert not Taste.objects.filter(user=owner).exists()
    song_list = a_list(owner)
    assert song_list.collaborative_weight == pytest.approx(0.4)


def test_a_model_of_other_songs_changes_nothing(
    owner: Any, community: list[Any], songs: list[Song], a_list: Make
) -> None:
    model_retrain()
    Song.objects.filter(pk__in=[song.pk for song in songs[:30]]).update(hidden=True, revision=10**6)
    STORE.clear()

    song_list = a_list(owner)

    assert song_list.collaborative_weight == 0
    assert {item.parts["collaborative"] for item in song_list.items.all()} == {0}


def test_a_worse_model_is_kept_but_not_active(
    community: list[Any], songs: list[Song], monkeypatch: Any
) -> None:
    model_retrain()
    first = ModelVersion.objects.get()
    community_make(songs[:30], seed=1)
    from recommendations import trial

    good = trial.learn

    def spoilt(*args: Any, **options: Any) -> Any:
        model = good(*args, **options)
        model.factors[:] = np.random.default_rng(0).normal(size=model.factors.shape)
        return model

    monkeypatch.setattr(trial, "learn", spoilt)
    Rating.objects.filter(user__in=community).update(updated_at=first.through - timedelta(days=1))
    ModelVersion.objects.update(through=first.through - timedelta(hours=12))

    outcome = retraining_run()

    assert outcome.version is not None
    assert "kept but not active, model 1 is better" in outcome.line
    assert ModelVersion.objects.get(active=True) == first
    assert set(Taste.objects.values_list("model", flat=True)) == {first.pk}


def test_another_process_s_training_keeps_this_one_out(community: list[Any]) -> None:
    with lease(job=JOB, lasts=LASTS):
        outcome = retraining_run()

    assert outcome.version is None
    assert outcome.line.startswith("Another training is running")
    assert model_retrain() is not None


def test_a_killed_trainer_holds_the_lease_no_longer_than_it_lasts(community: list[Any]) -> None:
    Lease.objects.create(job=JOB, holder=uuid4(), until=timezone.now() + timedelta(minutes=1))
    assert model_retrain() is None

    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))

    assert model_retrain() is not None
    assert Lease.objects.get().until is None


def test_who_lost_the_lease_cannot_make_its_model_active(
    community: list[Any], monkeypatch: Any
) -> None:
    from recommendations.services import retraining

    def slow_save(path: Any, model: Any) -> str:
        Lease.objects.update(holder=uuid4())  # another has taken over meanwhile
        return save(path, model)

    save = retraining.save
    monkeypatch.setattr(retraining, "save", slow_save)

    assert model_retrain() is None
    assert not ModelVersion.objects.exists()
    assert not list(settings.MODELS_DIR.glob("recommend-*"))


def test_a_failure_frees_the_lease_and_leaves_the_active_model(
    community: list[Any], songs: list[Song], monkeypatch: Any
) -> None:
    model_retrain()
    new_events(songs)
    from recommendations.services import retraining

    def full(path: Any, model: Any) -> str:
        raise OSError("no space left")

    monkeypatch.setattr(retraining, "save", full)
    with pytest.raises(OSError, match="no space"):
        model_retrain()

    assert ModelVersion.objects.get(active=True).number == 1
    assert Lease.objects.get().until is None


def test_only_the_holder_renews(db: None) -> None:
    with lease(job="a", lasts=timedelta(minutes=1)) as holder:
        assert holder is not None
        assert lease_renew(job="a", holder=holder, lasts=timedelta(minutes=5))
        assert not lease_renew(job="a", holder=uuid4(), lasts=timedelta(minutes=5))
        with lease(job="b", lasts=timedelta(minutes=1)) as other:
            assert other is not None


def test_the_last_few_files_are_kept(
    community: list[Any], songs: list[Song], django_capture_on_commit_callbacks: Any
) -> None:
    for number in range(KEPT + 2):
        RatingFactory(song=songs[number], stars=4)
        with django_capture_on_commit_callbacks(execute=True):
            model_retrain()

    files = {path.name for path in settings.MODELS_DIR.glob("recommend-*")}
    latest = set(ModelVersion.objects.values_list("artifact", flat=True)[:KEPT])
    active = ModelVersion.objects.get(active=True).artifact
    assert files == latest | {active}
    assert ModelVersion.objects.count() == KEPT + 2


def test_processes_follow_the_active_row_without_a_restart(
    community: list[Any], songs: list[Song]
) -> None:
    assert STORE.model() is None
    first = model_retrain()
    assert first is not None
    loaded = STORE.model()
    assert loaded is not None
    assert loaded.version_id == first.pk
    assert STORE.model() is loaded

    new_events(songs)
    second = model_retrain()

    assert second is not None
    swapped = STORE.model()
    assert swapped is not None
    assert swapped.version_id == second.pk
    ModelVersion.objects.filter(active=True).update(active=False)
    assert STORE.model() is None


def test_a_damaged_model_file_does_not_stop_lists(
    owner: Any, community: list[Any], a_list: Make, caplog: Any
) -> None:
    version = model_retrain()
    assert version is not None
    path = settings.MODELS_DIR / version.artifact / "factors.npy"
    whole = path.read_bytes()
    path.write_bytes(b"x" + whole[1:])

    first, second = a_list(owner), a_list(owner)

    assert first.model is second.model is None
    assert [r.levelname for r in caplog.records if "without the collaborative" in r.message] == [
        "ERROR"
    ]
    path.write_bytes(whole)
    assert a_list(owner).model == version


def test_a_model_of_an_earlier_version_stops_no_list_and_is_replaced(
    owner: Any, community: list[Any], a_list: Make, caplog: Any
) -> None:
    # Given: the active model is a file as earlier versions wrote it, and nothing is new since
    version = model_retrain()
    assert version is not None
    np.savez(settings.MODELS_DIR / "recommend-old.npz", format=np.int64(1))
    ModelVersion.objects.update(artifact="recommend-old.npz")
    Taste.objects.update(factors=b"\0" * 16)

    # When: lists are asked for
    before = a_list(owner)

    # Then: they are made without it, by what others like, and the next training replaces it
    assert (before.model, before.collaborative_weight) == (None, pytest.approx(0.3))
    assert "Listeners with taste like yours rate it highly" not in {
        item.reason for item in before.items.all()
    }
    assert "a model of an earlier version's format" in caplog.text
    assert retraining_run().line.startswith("Model 2 is active")
    assert a_list(community[0]).model == ModelVersion.objects.get(number=2)


def test_a_damaged_model_is_read_again_only_when_it_has_changed(
    owner: Any, community: list[Any], a_list: Make, monkeypatch: Any
) -> None:
    version = model_retrain()
    assert version is not None
    path = settings.MODELS_DIR / version.artifact / "factors.npy"
    path.write_bytes(b"x" + path.read_bytes()[1:])
    read: list[Any] = []
    load = store.load
    monkeypatch.setattr(store, "load", lambda *a: read.append(a) or load(*a))

    assert [a_list(owner).model for _ in range(3)] == [None] * 3

    assert len(read) == 1


def test_a_training_that_does_not_converge_changes_nothing(
    community: list[Any], songs: list[Song], monkeypatch: Any
) -> None:
    model_retrain()
    new_events(songs)
    from ml.recommend import als

    def diverged(*_arguments: Any, **_options: Any) -> Any:
        raise ArithmeticError("the training did not converge to finite factors")

    monkeypatch.setattr(als, "train", diverged)

    outcome = retraining_run()

    assert outcome.line == ("Nothing is changed: the training did not converge to finite factors.")
    assert ModelVersion.objects.get().active
    assert Lease.objects.get().until is None


def test_an_empty_catalogue_is_no_error(db: None) -> None:
    assert retraining_run().line.startswith("Not enough events yet: 0 of 0 listeners on 0 songs")


def test_a_refold_of_somebody_gone_does_nothing(db: None) -> None:
    taste_refold(user_id=10**6)

    assert not Taste.objects.exists()


def test_a_refold_without_a_model_remembers_the_events(owner: Any, songs: list[Song]) -> None:
    rating_set(user=owner, song=songs[0], stars=5)

    taste_refold(user_id=owner.pk)

    taste = Taste.objects.get()
    assert (taste.events, bytes(taste.factors), taste.model) == (1, b"", None)


def test_songs_the_model_does_not_know_are_left_out_of_the_fold(
    owner: Any, community: list[Any], songs: list[Song]
) -> None:
    model_retrain()
    RatingFactory(user=owner, song=songs[100])
    model = STORE.model()
    assert model is not None

    assert not listener_factors(history=history_of(user_id=owner.pk), model=model).any()
    RatingFactory(user=owner, song=songs[0])
    assert listener_factors(history=history_of(user_id=owner.pk), model=model).any()


def test_a_task_by_name_refolds(owner: Any, songs: list[Song]) -> None:
    from recommendations.tasks import refold_taste, retrain

    rating_set(user=owner, song=songs[0], stars=5)
    refold_taste(owner.pk)
    retrain()

    assert Taste.objects.get().version == 1
    assert retrain.name == "recommendations.tasks.retrain"


def test_ranking_needs_no_heavy_library() -> None:
    code = (
        "import sys, ml.mood, ml.recommend, ml.recommend.taste, ml.recommend.als, "
        "ml.recommend.model_file, ml.recommend.holdout;"
        "sys.exit(any(n in sys.modules for n in ('implicit', 'scipy', 'sklearn', 'tensorflow')))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
