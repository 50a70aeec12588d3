"""Plays fade, words do not; and a long history is still three queries."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Song
from recommendations.community import community_of
from recommendations.history import histories, history_of
from recommendations.models import Play, Rating, Taste, Verdict
from recommendations.services import taste_refold
from recommendations.store import STORE
from tests.recommendations.factories import (
    PlayFactory,
    RatingFactory,
    VerdictFactory,
    model_make,
)

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
HALF_A_YEAR_AGO = datetime(2026, 1, 2, tzinfo=UTC)
A_YEAR_AGO = datetime(2025, 7, 30, 23, 59, 59, 999999, tzinfo=UTC)


@pytest.fixture
def played(owner: Any, songs: list[Song]) -> Callable[..., None]:
    def make(song: Song, *, at: datetime, times: int = 1, outcome: str = "completed") -> None:
        for _ in range(times):
            play = PlayFactory(user=owner, song=song, emotion="happy", outcome=outcome)
            Play.objects.filter(pk=play.pk).update(updated_at=at)

    return make


def test_a_play_loses_half_of_what_it_says_in_six_months(
    owner: Any, songs: list[Song], played: Callable[..., None]
) -> None:
    played(songs[0], at=NOW)
    played(songs[1], at=HALF_A_YEAR_AGO)
    played(songs[2], at=A_YEAR_AGO)
    played(songs[3], at=A_YEAR_AGO, times=3)
    played(songs[3], at=NOW, times=1)
    played(songs[4], at=HALF_A_YEAR_AGO, outcome="skipped")

    history = history_of(user_id=owner.pk, now=NOW)

    completed = [history.said[song.pk]["happy"].completed for song in songs[:5]]
    assert completed == pytest.approx([1, 0.5, 0.25, 1 + 3 / 4, 0])
    assert history.said[songs[4].pk]["happy"].skipped == pytest.approx(0.5)
    confidences = history.confidences()
    assert confidences[songs[1].pk] == pytest.approx(2 * math.log1p(0.5))
    assert confidences[songs[4].pk] == pytest.approx(-math.log2(1.5))
    likings = history.likings(emotion="happy")
    assert likings[songs[0].pk][0] > likings[songs[1].pk][0] > likings[songs[2].pk][0] > 0
    assert history.events == 8


def test_stars_and_verdicts_stay_what_they_are(owner: Any, songs: list[Song]) -> None:
    RatingFactory(user=owner, song=songs[0], stars=5)
    RatingFactory(user=owner, song=songs[1], stars=1)
    VerdictFactory(user=owner, song=songs[2], kind="never")
    Rating.objects.update(updated_at=A_YEAR_AGO)
    Verdict.objects.update(created_at=A_YEAR_AGO)

    history = history_of(user_id=owner.pk, now=NOW)

    assert history.confidences() == {songs[0].pk: 4, songs[1].pk: -4, songs[2].pk: -6}
    assert history.excluded(emotion="happy", now=NOW) == {songs[1].pk, songs[2].pk}


def test_what_was_known_at_a_time_is_as_old_as_it_was_then(
    owner: Any, songs: list[Song], played: Callable[..., None]
) -> None:
    played(songs[0], at=HALF_A_YEAR_AGO)

    then = histories(before=HALF_A_YEAR_AGO + timedelta(seconds=1))[owner.pk]

    assert then.said[songs[0].pk]["happy"].completed == 1


def test_a_time_that_is_not_over_yet_counts_once(
    owner: Any, songs: list[Song], played: Callable[..., None]
) -> None:
    # A clock set back, or a server of another zone, must not make plays grow.
    played(songs[0], at=NOW + timedelta(days=400))

    assert history_of(user_id=owner.pk, now=NOW).said[songs[0].pk]["happy"].completed == 1


def test_kept_factors_are_used_within_their_month_and_folded_anew_after_it(
    owner: Any, songs: list[Song], played: Callable[..., None]
) -> None:
    model_make(songs)
    played(songs[0], at=timezone.now())
    taste_refold(user_id=owner.pk)
    kept = np.full(16, 0.5, dtype="<f4")
    Taste.objects.update(factors=kept.tobytes())
    catalogue, model = STORE.catalogue(), STORE.model()
    assert model is not None

    def scores() -> Any:
        history = history_of(user_id=owner.pk)
        return community_of(
            user_id=owner.pk, history=history, songs=catalogue, favourites=(), emotion="happy"
        ).scores

    of_kept = model.items.factors @ kept
    assert np.allclose(np.sort(scores()), np.sort(of_kept))
    Taste.objects.update(updated_at=timezone.now() - timedelta(days=32))
    assert not np.allclose(np.sort(scores()), np.sort(of_kept))


def test_all_histories_take_three_queries_and_a_row_for_each_song_and_month(
    owner: Any, other: Any, songs: list[Song], played: Callable[..., None]
) -> None:
    for times in (1, 50):
        played(songs[0], at=NOW, times=times)
        played(songs[0], at=A_YEAR_AGO, times=times)
        RatingFactory(user=other, song=songs[times])
        VerdictFactory(user=other, song=songs[times])
        with CaptureQueriesContext(connection) as queries:
            found = histories(now=NOW)
        assert len(queries) == 3
    with connection.cursor() as cursor:
        cursor.execute(next(q["sql"] for q in queries if "play" in q["sql"]))
        assert len(cursor.fetchall()) == 2

    assert found[owner.pk].events == 102
    assert found[owner.pk].said[songs[0].pk]["happy"].completed == pytest.approx(51 * 1.25)


def test_a_listener_without_events_has_an_empty_history(owner: Any) -> None:
    history = history_of(user_id=owner.pk, now=NOW)

    assert (history.events, history.latest, history.confidences()) == (0, None, {})
    assert history.excluded(emotion="happy", now=NOW) == set[UUID]()
