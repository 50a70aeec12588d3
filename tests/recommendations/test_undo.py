"""Whatever a listener says and takes back again leaves nothing behind, to the last bit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Song
from emotions.models import Reading
from ml.recommend.taste import taste
from recommendations.history import history_of
from recommendations.models import Nudge, Play, Rating, SongList, Taste, Verdict
from recommendations.selectors import candidates
from recommendations.services import (
    list_make,
    nudge_set,
    nudge_undo,
    private_end,
    private_start,
    rating_clear,
    rating_set,
    taste_refold,
    verdict_set,
    verdict_undo,
)
from recommendations.store import STORE
from tests.emotions.factories import ReadingFactory
from tests.recommendations.factories import (
    NamedReadingFactory,
    PlayFactory,
    RatingFactory,
    VerdictFactory,
    model_make,
)

#: Songs that feedback is given on; the base history is about others.
SAID_OF = range(20, 30)


@dataclass(frozen=True)
class Said:
    """One thing a listener says: `kind` "stars", a verdict's or a nudge's, in private or not."""

    song: int
    kind: str
    value: int
    in_mood: bool
    private: bool


SAID = st.builds(
    Said,
    song=st.sampled_from(SAID_OF),
    kind=st.sampled_from(["stars", *Verdict.Kind.values, *Nudge.Kind.values]),
    value=st.integers(1, 5),
    in_mood=st.booleans(),
    private=st.booleans(),
)


@pytest.fixture
def told(owner: Any, songs: list[Song]) -> SongList:
    """A listener with a past, under a model; their list for a face read as happy."""
    model_make(songs)
    for number, song in enumerate(songs[:12]):
        RatingFactory(
            user=owner, song=song, stars=1 + number % 5, emotion=["happy", "sad"][number % 2]
        )
    for number, song in enumerate(songs[8:16]):
        play = PlayFactory(user=owner, song=song, emotion="happy", outcome="completed")
        past = timezone.now() - timedelta(days=20 * number + 2)
        Play.objects.filter(pk=play.pk).update(updated_at=past)
    VerdictFactory(user=owner, song=songs[16], kind="never")
    song_list: SongList = list_make(user=owner, reading=ReadingFactory(user=owner), goal="match")
    return song_list


def state(user: Any, reading: Reading) -> dict[str, Any]:
    """All that comes of a listener's events: taste, factors, songs left out, and the next list."""
    songs, now = STORE.catalogue(), timezone.now()
    history = history_of(user_id=user.pk, now=now)
    found: dict[str, Any] = {"events": (history.events, history.latest)}
    for emotion in ("happy", "sad"):
        open_ = candidates(user=user, songs=songs, history=history, emotion=emotion, now=now)
        found[f"taste when {emotion}"] = taste(
            songs.vectors, songs.carried, songs.artists, open_.liking
        ).total.tobytes()
        found[f"excluded when {emotion}"] = history.excluded(emotion=emotion, now=now)
    taste_refold(user_id=user.pk)
    found["factors"] = bytes(Taste.objects.get(user=user).factors)
    song_list = list_make(user=user, reading=reading, goal="match")
    found["list"] = [
        (item.song_id, item.score, item.parts, item.reason) for item in song_list.items.all()
    ]
    song_list.delete()
    return found


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=st.lists(SAID, min_size=1, max_size=8), order=st.randoms(use_true_random=False))
def test_any_feedback_and_its_undos_leave_taste_and_list_bit_identical(
    owner: Any, songs: list[Song], told: SongList, said: list[Said], order: Any
) -> None:
    with transaction.atomic():
        _say_and_take_back(owner, songs, told, said, order)
        transaction.set_rollback(True)


def _say_and_take_back(
    owner: Any, songs: list[Song], told: SongList, said: list[Said], order: Any
) -> None:
    by_hand = NamedReadingFactory(user=owner)
    before, reading = state(owner, by_hand), Reading.objects.values().get(pk=told.reading_id)

    # When things are said, some in private, and all taken back in another order
    rated, verdicts, nudges = set(), set(), {}
    for one in said:
        if one.private:
            private_start(user=owner)
        song = songs[one.song]
        song_list = told if one.in_mood or one.kind in {"not_for_this_mood", "wrong_mood"} else None
        if one.kind == "stars":
            rating_set(user=owner, song=song, stars=one.value, song_list=song_list)
            rated.add(song)
        elif one.kind in Nudge.Kind.values:
            nudge = nudge_set(user=owner, song=song, kind=one.kind, song_list=song_list)
            nudges[nudge.pk] = nudge
        else:
            right = ""
            if one.kind == "wrong_mood":
                now_read = Reading.objects.get(pk=told.reading_id).emotion
                right = "angry" if now_read == "sad" else "sad"
            verdicts.add(
                verdict_set(
                    user=owner, song=song, kind=one.kind, song_list=song_list, right_emotion=right
                ).pk
            )
        private_end(user=owner)
    undos = [*sorted(rated, key=lambda song: song.pk), *sorted(verdicts), *nudges.values()]
    order.shuffle(undos)
    for undo in undos:
        if isinstance(undo, Song):
            rating_clear(user=owner, song=undo)
        elif isinstance(undo, Nudge):
            nudge_undo(nudge=undo)
        elif verdict := Verdict.objects.filter(pk=undo).first():
            verdict_undo(verdict=verdict)

    # Then nothing is left of them
    assert Rating.objects.filter(song__in=[songs[n] for n in SAID_OF]).count() == 0
    assert (Verdict.objects.count(), Nudge.objects.count()) == (1, 0)
    assert Reading.objects.values().get(pk=told.reading_id) == reading
    assert state(owner, by_hand) == before
