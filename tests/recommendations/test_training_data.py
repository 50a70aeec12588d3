"""Events as matrices: everyone's, in blocks, and split by time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from catalog.models import Song
from recommendations import training_data
from recommendations.history import histories
from recommendations.models import Rating, Verdict
from recommendations.training_data import events_read, split
from tests.factories import UserFactory
from tests.recommendations.factories import RatingFactory, VerdictFactory, community_make


def as_told(matrix: Any, events: Any) -> dict[tuple[int, Any], float]:
    """{(user id, song id): value} of a matrix."""
    found = matrix.tocoo()
    return {
        (events.users[row], events.songs[column]): float(value)
        for row, column, value in zip(found.row, found.col, found.data, strict=True)
    }


@pytest.mark.parametrize("block", [1, 5, 1000])
def test_everyone_s_confidences_are_in_the_matrix_whatever_the_block(
    songs: list[Song], monkeypatch: Any, block: int
) -> None:
    # Given: a community, someone without events, and someone who never wants a song
    users = community_make(songs[:30], listeners=6)
    UserFactory()
    VerdictFactory(user=(last := UserFactory()), song=songs[40])
    monkeypatch.setattr(training_data, "BLOCK", block)

    events = events_read()

    assert events.users == [*(user.pk for user in users), last.pk]
    assert events.songs == sorted(events.songs)
    assert (events.count, events.known[0].events, events.known[-1].events) == (49, 8, 1)
    assert events.latest == Verdict.objects.get().created_at
    assert events.positive_listeners == 6
    expected = {
        (user, song): pytest.approx(value)
        for user, history in histories().items()
        for song, value in history.confidences().items()
    }
    assert as_told(events.matrix, events) == expected
    assert as_told(events.matrix, events)[last.pk, songs[40].pk] == -6


@pytest.mark.parametrize("block", [2, 1000])
def test_the_latest_fifth_is_hidden(songs: list[Song], monkeypatch: Any, block: int) -> None:
    community_make(songs[:30], listeners=10)
    events = events_read()
    monkeypatch.setattr(training_data, "BLOCK", block)

    parts = split(events, seen=None)

    assert parts is not None
    known, hidden = parts
    times = dict(Rating.objects.values_list("updated_at", "pk"))
    cut = sorted(times)[64]
    before = Rating.objects.filter(updated_at__lt=cut).values_list("user", "song")
    after = Rating.objects.filter(updated_at__gte=cut).values_list("user", "song")
    assert (len(before), len(after)) == (64, 16)
    assert set(as_told(known, events)) == set(before)
    assert set(as_told(hidden, events)) == set(after)


def test_what_the_present_model_has_seen_is_not_hidden(songs: list[Song]) -> None:
    # Given: a model that has seen all but the last four of eighty events
    community_make(songs[:30], listeners=10)
    events = events_read()
    times = sorted(Rating.objects.values_list("updated_at", flat=True))

    parts = split(events, seen=times[75])

    assert parts is not None
    assert (parts[0].nnz, parts[1].nnz) == (78, 2)
    assert split(events, seen=times[-1]) is None


def test_a_want_known_before_is_no_discovery(songs: list[Song], owner: Any) -> None:
    # Given: a song rated long ago in one mood and just now in another
    community_make(songs[:30], listeners=4)
    old = RatingFactory(user=owner, song=songs[0])
    Rating.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=9))
    RatingFactory(user=owner, song=songs[0], emotion="sad")
    events = events_read()

    parts = split(events, seen=None)

    assert parts is not None
    assert (owner.pk, songs[0].pk) in as_told(parts[0], events)
    assert (owner.pk, songs[0].pk) not in as_told(parts[1], events)


def test_nothing_and_one_event_have_no_split(songs: list[Song], owner: Any) -> None:
    empty = events_read()
    assert (empty.users, empty.songs, empty.count, empty.latest) == ([], [], 0, None)
    assert empty.matrix.shape == (0, 0)
    assert empty.positive_listeners == 0
    assert split(empty, seen=None) is None

    RatingFactory(user=owner, song=songs[0])

    one = events_read()
    assert (one.matrix.shape, one.count, one.positive_listeners) == ((1, 1), 1, 1)
    assert np.all(one.matrix.toarray() > 0)
    assert split(one, seen=None) is None
