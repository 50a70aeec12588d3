"""A training after so many new events: counted as they come in, rung for once."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Song
from recommendations.models import Lease, Rating
from recommendations.services import model_retrain, rating_set, taste_refold
from tests.recommendations.factories import RatingFactory


@pytest.fixture
def rung(monkeypatch: Any) -> list[str]:
    """Names of the tasks that were rung; none of them runs."""
    from recommendations.services import learning

    names: list[str] = []
    monkeypatch.setattr(learning, "ring", lambda task, *_arguments: names.append(task.name))
    return names


def test_every_so_many_new_events_ring_for_a_training(
    owner: Any, other: Any, songs: list[Song], rung: list[str], settings: Any
) -> None:
    settings.RETRAIN_EVENTS = 3

    def rate(user: Any, song: Song) -> int:
        RatingFactory(user=user, song=song)
        taste_refold(user_id=user.pk)
        taste_refold(user_id=user.pk)  # a message delivered twice counts nothing twice
        return len(rung)

    assert [rate(owner, songs[0]), rate(other, songs[0])] == [0, 0]
    assert rate(owner, songs[1]) == 1
    assert rung == ["recommendations.tasks.retrain"]
    assert [rate(owner, song) for song in songs[2:6]] == [1, 1, 2, 2]


def test_many_events_at_once_ring_once(
    owner: Any, songs: list[Song], rung: list[str], settings: Any
) -> None:
    settings.RETRAIN_EVENTS = 3
    for song in songs[:8]:
        RatingFactory(user=owner, song=song)

    taste_refold(user_id=owner.pk)

    assert len(rung) == 1


def test_taking_a_rating_back_is_no_new_event(
    owner: Any, songs: list[Song], rung: list[str], settings: Any
) -> None:
    settings.RETRAIN_EVENTS = 1
    RatingFactory(user=owner, song=songs[0])
    taste_refold(user_id=owner.pk)
    Rating.objects.all().delete()

    taste_refold(user_id=owner.pk)

    assert len(rung) == 1
    assert Lease.objects.get().waiting == 1


def test_a_training_counts_from_nothing_again(community: list[Any], songs: list[Song]) -> None:
    rating_set(user=community[0], song=songs[29], stars=5)
    taste_refold(user_id=community[0].pk)
    assert Lease.objects.get().waiting > 0

    model_retrain()

    assert Lease.objects.get().waiting == 0
