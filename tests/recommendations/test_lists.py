"""What is in a list, why, and in what order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from statistics import mean
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Annotation, Song
from catalog.services import song_hide, song_moods_set
from ml.recommend.rank import PARTS
from moodmusic.problems import DomainError
from recommendations.models import ListItem, Policy, SongList
from recommendations.services import list_make, rating_set, verdict_set
from tests.catalog.factories import mood_named
from tests.emotions.factories import ReadingFactory
from tests.recommendations.factories import NamedReadingFactory

Make = Callable[..., SongList]


def held(song_list: SongList) -> list[ListItem]:
    return list(song_list.items.select_related("song__artist"))


def ids(song_list: SongList) -> list[Any]:
    return [item.song_id for item in held(song_list)]


def mean_of(song_list: SongList, name: str) -> float:
    return mean(getattr(item.song, name) for item in held(song_list))


def test_a_first_list_holds_the_songs_of_the_mood(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    for emotion, mood in (("happy", "happy"), ("sad", "sad"), ("angry", "angry")):
        items = held(a_list(owner, emotion))

        assert len(items) == 20
        assert [item.position for item in items] == list(range(1, 21))
        assert sum(item.song.title.startswith(mood) for item in items) >= 14


def test_parts_sum_to_the_score(owner: Any, songs: list[Song], a_list: Make) -> None:
    first = a_list(owner)
    rating_set(user=owner, song=held(first)[0].song, stars=5, song_list=first)

    for item in held(a_list(owner)):
        assert set(item.parts) == set(PARTS)
        assert sum(item.parts.values()) == pytest.approx(item.score, abs=1e-9)
        assert item.parts["fresh"] <= 0


@pytest.mark.parametrize("emotion", ["angry", "disgust", "fear", "sad", "surprise", "neutral"])
def test_goals_move_the_list_where_they_say(
    owner: Any, songs: list[Song], a_list: Make, emotion: str
) -> None:
    happy = a_list(owner, "happy", "match")
    match, lift, calm = (a_list(owner, emotion, goal) for goal in ("match", "lift", "calm"))

    assert mean_of(calm, "arousal") < mean_of(happy, "arousal")
    assert mean_of(calm, "arousal") < mean_of(lift, "arousal")
    assert mean_of(calm, "valence") > 0
    assert mean_of(lift, "valence") > 0
    if emotion in ("angry", "fear", "disgust", "sad"):
        assert mean_of(match, "valence") < 0 < mean_of(lift, "valence")


def test_no_artist_more_than_twice_or_in_a_row(owner: Any, songs: list[Song], a_list: Make) -> None:
    artists = [item.song.artist_id for item in held(a_list(owner))]

    assert max(Counter(artists).values()) == 2
    assert all(one != two for one, two in pairwise(artists))


@pytest.mark.parametrize("size", [1, 7, 50])
def test_a_list_has_the_size_asked_for(
    owner: Any, songs: list[Song], a_list: Make, size: int
) -> None:
    assert len(held(a_list(owner, size=size))) == size


@pytest.mark.parametrize(("goal", "size"), [("match", 0), ("match", 51), ("focused", 20), ("", 20)])
def test_goals_and_sizes_out_of_bounds_are_refused(
    owner: Any, songs: list[Song], a_list: Make, goal: str, size: int
) -> None:
    with pytest.raises(DomainError) as refused:
        a_list(owner, goal=goal, size=size)

    assert (refused.value.code, refused.value.status) == ("invalid", 400)
    assert not SongList.objects.exists()


def test_another_listener_s_reading_is_not_found(owner: Any, other: Any, songs: list[Song]) -> None:
    reading = ReadingFactory(user=other)

    with pytest.raises(DomainError) as refused:
        list_make(user=owner, reading=reading, goal="match")

    assert refused.value.status == 404


def test_an_empty_catalogue_is_told(owner: Any, a_list: Make) -> None:
    with pytest.raises(DomainError) as refused:
        a_list(owner)

    assert (refused.value.code, refused.value.status) == ("no_songs", 409)


def test_songs_added_to_an_empty_catalogue_are_found(owner: Any, a_list: Make) -> None:
    with pytest.raises(DomainError):
        a_list(owner)
    from tests.recommendations.factories import catalogue_make

    catalogue_make(per_mood=3)

    assert len(ids(a_list(owner))) == 20


def test_a_correction_is_what_counts(owner: Any, songs: list[Song]) -> None:
    reading = ReadingFactory(user=owner, corrected_to="sad")

    song_list = list_make(user=owner, reading=reading, goal="match")

    assert song_list.emotion == "sad"
    assert (song_list.valence, song_list.arousal) == pytest.approx((-0.63, -0.27))
    assert mean_of(song_list, "valence") < -0.4


def test_a_curator_s_change_of_moods_moves_the_song_at_once_and_back(
    owner: Any, curator: Any, songs: list[Song], a_list: Make
) -> None:
    song = Song.objects.get(pk=a_list(owner, "happy", size=1).items.get().song_id)
    elsewhere = ids(a_list(owner, "sad"))
    assert song.pk not in elsewhere

    song_moods_set(
        songs=[song], moods=[mood_named("sad")], by=curator, source=Annotation.Source.CURATOR
    )
    assert song.pk not in ids(a_list(owner, "happy"))
    assert song.pk in ids(a_list(owner, "sad"))

    song_moods_set(
        songs=[song], moods=[mood_named("happy")], by=curator, source=Annotation.Source.CURATOR
    )
    assert song.pk in ids(a_list(owner, "happy"))
    assert song.pk not in ids(a_list(owner, "sad"))


def test_hidden_and_deleted_songs_leave_the_lists(
    owner: Any, curator: Any, songs: list[Song], a_list: Make
) -> None:
    first, second = ids(a_list(owner))[:2]
    song_hide(songs=[Song.objects.get(pk=first)], by=curator)
    ListItem.objects.all().delete()
    Song.objects.filter(pk=second).delete()

    after = ids(a_list(owner))

    assert len(after) == 20
    assert not {first, second} & set(after)


def test_an_edited_policy_moves_the_next_list(owner: Any, songs: list[Song], a_list: Make) -> None:
    Policy.objects.filter(emotion="happy", goal="match").update(valence=-0.6, arousal=-0.4)

    assert mean_of(a_list(owner, "happy"), "valence") < -0.4


def test_a_policy_row_that_is_gone_is_told(owner: Any, songs: list[Song], a_list: Make) -> None:
    Policy.objects.filter(emotion="fear", goal="lift").delete()

    with pytest.raises(DomainError) as refused:
        a_list(owner, "happy", "lift")

    assert (refused.value.code, refused.value.status) == ("no_policy", 409)


def test_lists_rotate_but_do_not_lose_the_mood(owner: Any, songs: list[Song], a_list: Make) -> None:
    first, second = a_list(owner), a_list(owner)

    assert len(set(ids(first)) & set(ids(second))) < 15
    assert mean_of(second, "valence") > 0.4


def test_a_mixed_reading_gives_the_weighted_point(owner: Any, songs: list[Song]) -> None:
    reading = ReadingFactory(user=owner)  # a smile: 0.8 happy, 0.1 neutral, the rest thin

    song_list = list_make(user=owner, reading=reading, goal="match")

    assert song_list.valence == pytest.approx(0.6281, abs=0.001)
    assert song_list.arousal == pytest.approx(0.4306, abs=0.001)


def test_the_reason_names_the_largest_part(owner: Any, songs: list[Song], a_list: Make) -> None:
    happy = a_list(owner)
    for item in held(happy)[:4]:
        rating_set(user=owner, song=item.song, stars=5, song_list=happy)
    verdict_set(user=owner, song=held(happy)[5].song, kind="not_now")
    known = {
        "mood": "Fits a happy mood",
        "collaborative": "Many listeners",
        "taste": ("You gave it 5 stars", "Like ", "By "),
        "": "The next best",
    }

    seen = set()
    for song_list in (a_list(owner, size=50), a_list(owner, "neutral", size=50)):
        for item in held(song_list):
            largest = max(item.parts, key=lambda name: item.parts[name])
            if item.parts[largest] <= 0:
                largest = ""
            seen.add(largest)
            if song_list.emotion == "happy" or largest != "mood":
                assert item.reason.startswith(known[largest]), (item.parts, item.reason)
    assert "mood" in seen


def test_reasons_of_goals_and_of_likeness(owner: Any, songs: list[Song], a_list: Make) -> None:
    calm = a_list(owner, "angry", "calm")
    assert {item.reason for item in held(calm)} == {"Close to the calm you asked for"}

    neutral = a_list(owner, "neutral")
    warmest = sorted(held(neutral), key=lambda item: item.song.features["warmth"])[-8:]
    loved = [item.song for item in warmest]
    for song in loved:
        rating_set(user=owner, song=song, stars=5, song_list=neutral)
    after = {item.song_id: item.reason for item in held(a_list(owner, "neutral", size=50))}

    own = {after.pop(song.pk) for song in loved}
    assert "You gave it 5 stars" in own <= {"You gave it 5 stars", "Fits a neutral mood"}
    likes = {f"Like {s.title} by {s.artist.name}, which you gave 5 stars" for s in loved}
    assert likes & set(after.values())


def test_the_number_of_queries_is_constant(
    owner: Any, songs: list[Song], a_list: Make, django_assert_max_num_queries: Any
) -> None:
    reading = NamedReadingFactory(user=owner)
    list_make(user=owner, reading=reading, goal="match")

    counts = []
    for size in (5, 50):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            list_make(user=owner, reading=reading, goal="match", size=size)
        counts.append(len(queries))
        for item in SongList.objects.latest("created_at").items.all()[:20]:
            rating_set(user=owner, song=item.song, stars=4)

    assert counts[0] == counts[1] <= 16


def test_audio_of_the_first_songs_is_rung_after_commit(
    owner: Any,
    songs: list[Song],
    a_list: Make,
    monkeypatch: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    from catalog.tasks import prepare_audio

    rung: list[str] = []
    monkeypatch.setattr(prepare_audio, "apply_async", lambda args, **_: rung.extend(args))

    with django_capture_on_commit_callbacks(execute=True):
        song_list = a_list(owner)
        assert rung == []

    assert rung == [str(pk) for pk in ids(song_list)[:3]]
