"""Focus and its wishes, and journeys to a goal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from statistics import mean
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from catalog.models import Song
from moodmusic.problems import DomainError
from recommendations.models import ListItem, Policy, SongList, wishes_validate
from recommendations.services import list_make, rating_set, verdict_set
from recommendations.snapshot import load
from recommendations.targets import aim_of
from tests.factories import UserFactory
from tests.moodmusic.pages import text_of
from tests.recommendations.factories import NamedReadingFactory

Make = Callable[..., SongList]


def held(song_list: SongList) -> list[ListItem]:
    return list(song_list.items.select_related("song__artist"))


def travel(user: Any, emotion: str, goal: str, size: int = 20) -> SongList:
    reading = NamedReadingFactory(user=user, label=emotion)
    return list_make(user=user, reading=reading, goal=goal, size=size, journey=True)


# --- Focus ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("emotion", ["angry", "disgust", "fear", "happy", "sad", "surprise"])
def test_focus_is_mild_and_rather_quiet_whatever_the_mood(
    owner: Any, songs: list[Song], a_list: Make, emotion: str
) -> None:
    focus = a_list(owner, emotion, "focus")
    items = held(focus)

    assert (focus.valence, focus.arousal) == pytest.approx((0.3, -0.25))
    assert mean(item.song.valence for item in items) > 0.2
    assert -0.8 < mean(item.song.arousal for item in items) < -0.1
    assert {item.reason for item in items} == {"Close to the focus you asked for"}


def wish_all(**wishes: float) -> None:
    Policy.objects.filter(goal="focus").update(wishes=wishes)


def test_a_wish_of_the_policy_moves_the_next_list(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    def warmth(user: Any) -> float:
        return mean(item.song.features["warmth"] for item in held(a_list(user, "sad", "focus", 10)))

    before = warmth(owner)
    wish_all(warmth=1)
    warm = warmth(other)
    wish_all(warmth=-1)
    cold = warmth(UserFactory())

    assert warm > before + 0.5
    assert cold < before - 0.5


def test_wishes_for_sounds_that_no_song_has_are_passed_over(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    # The first policy wishes for instrumental songs, which this catalogue does not measure.
    assert Policy.objects.filter(goal="focus")[0].wishes["instrumentalness"] == 1
    with_wishes = [item.song_id for item in held(a_list(owner, "sad", "focus"))]
    wish_all()

    assert [item.song_id for item in held(a_list(other, "sad", "focus"))] == with_wishes


def test_a_focus_policy_that_is_gone_is_told(owner: Any, songs: list[Song], a_list: Make) -> None:
    Policy.objects.filter(goal="focus", emotion="sad").delete()

    for travelling in (False, True):
        with pytest.raises(DomainError) as refused:
            list_make(
                user=owner,
                reading=NamedReadingFactory(user=owner),
                goal="focus",
                journey=travelling,
            )
        assert (refused.value.code, refused.value.status) == ("no_policy", 409)
        assert "sad" in refused.value.detail


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ([1], "Give an object"),
        ({" ": 1}, "A feature has no name"),
        ({"energy": "low"}, "energy: give a number, in standard deviations"),
        ({"energy": True}, "energy: give a number, in standard deviations"),
        ({"energy": 0}, "energy: give a number from -3 to 3, and not 0"),
        ({"energy": float("nan")}, "energy: give a number from -3 to 3"),
        ({"mode": 1, "energy": -3.5}, "energy: give a number from -3 to 3"),
    ],
)
def test_wishes_that_mean_nothing_are_refused_by_name(wishes: Any, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        wishes_validate(wishes)

    assert words in refused.value.message


def test_an_administrator_edits_wishes(client_of: Callable[[Any], Client], db: None) -> None:
    root = UserFactory(email="root@example.org", is_staff=True, is_superuser=True)
    policy = Policy.objects.get(emotion="sad", goal="focus")
    client = client_of(root)
    url = f"/admin/recommendations/policy/{policy.pk}/change/"

    def post(wishes: str) -> Any:
        return client.post(url, {"valence": 0.3, "arousal": -0.25, "wishes": wishes})

    assert "energy: give a number from -3 to 3" in text_of(post('{"energy": 9}'))
    assert "Enter a valid JSON" in text_of(post("{energy}"))
    policy.refresh_from_db()
    assert policy.wishes["dynamic_range_db"] == -1
    assert post('{"energy": -1.5}').status_code == 302
    policy.refresh_from_db()
    assert policy.wishes == {"energy": -1.5}
    assert post("").status_code == 302
    policy.refresh_from_db()
    assert policy.wishes == {}


# --- Journeys -------------------------------------------------------------------------------------


@pytest.fixture
def wide(songs: list[Song]) -> list[Song]:
    """The catalogue with its songs all over the plane instead of at seven points."""
    chance = np.random.default_rng(7)
    for song in songs:
        song.valence, song.arousal = (float(side) for side in chance.uniform(-1, 1, 2))
    Song.objects.bulk_update(songs, ["valence", "arousal"])
    return songs


@pytest.mark.parametrize(
    ("emotion", "goal"),
    [("sad", "lift"), ("angry", "calm"), ("fear", "focus"), ("disgust", "lift"), ("happy", "calm")],
)
def test_the_songs_of_a_journey_follow_its_way(
    owner: Any, wide: list[Song], emotion: str, goal: str
) -> None:
    song_list = travel(owner, emotion, goal)

    # Given the way that the list was made for
    reading = song_list.reading
    start = np.array([reading.valence, reading.arousal])
    end = np.array([song_list.valence, song_list.arousal])
    way = start + np.linspace(0, 1, 20)[:, None] * (end - start)
    walked = np.array([(item.song.valence, item.song.arousal) for item in held(song_list)])

    # Then each song lies near its stop, and valence and arousal run as the way does
    assert song_list.journey
    assert np.linalg.norm(walked - way, axis=1).mean() < 0.2
    for axis in (0, 1):
        if abs(end - start)[axis] > 0.3:
            assert np.corrcoef(way[:, axis], walked[:, axis])[0, 1] > 0.8


def test_among_songs_of_seven_moods_a_journey_begins_near_one_and_ends_near_the_other(
    owner: Any, songs: list[Song]
) -> None:
    items = held(travel(owner, "angry", "calm"))

    assert {item.song.title.split()[0] for item in items[:4]} == {"angry"}
    assert all(item.song.valence > 0 > item.song.arousal for item in items[-4:])


def test_the_parts_are_those_of_the_song_s_own_stop(owner: Any, songs: list[Song]) -> None:
    song_list = travel(owner, "sad", "lift")
    snapshot = load()
    aim = aim_of(
        reading=song_list.reading,
        goal=song_list.goal,
        travelling=True,
        songs=snapshot,  # type: ignore[arg-type]
    )

    moods = aim.mood(snapshot, 20)

    for stop, item in enumerate(held(song_list)):
        (place,) = snapshot.index_of([item.song_id])
        assert item.parts["mood"] == pytest.approx(float(moods[stop, place]), abs=1e-5)
        assert sum(item.parts.values()) == pytest.approx(item.score, abs=1e-9)
        assert item.reason == "A step on the way you asked for"


def test_a_journey_keeps_the_rules_of_every_list(owner: Any, songs: list[Song]) -> None:
    first = travel(owner, "sad", "lift")
    turned_down, loved = held(first)[3].song, held(first)[8].song
    verdict_set(user=owner, song=turned_down, kind="never")
    rating_set(user=owner, song=loved, stars=5, song_list=first)

    second = held(travel(owner, "sad", "lift"))

    artists = [item.song.artist_id for item in second]
    assert len({item.song_id for item in second}) == 20
    assert max(Counter(artists).values()) <= 2
    assert all(one != two for one, two in pairwise(artists))
    found = [item.song_id for item in second]
    assert turned_down.pk not in found
    assert loved.pk in found
    assert len(set(found) & {item.song_id for item in held(first)}) < 15


@pytest.mark.parametrize("size", [1, 2, 50])
def test_a_journey_has_the_size_asked_for(owner: Any, songs: list[Song], size: int) -> None:
    assert len(held(travel(owner, "sad", "lift", size))) == size


def test_a_journey_through_few_songs_still_arrives(owner: Any, db: None) -> None:
    from tests.recommendations.factories import catalogue_make

    catalogue_make(per_mood=1)

    items = held(travel(owner, "sad", "lift"))

    assert len(items) == 7
    assert items[0].song.title.startswith("sad")
    assert items[-1].song.valence > 0


def test_a_journey_through_nothing_is_told(owner: Any, songs: list[Song]) -> None:
    Song.objects.update(hidden=True)

    with pytest.raises(DomainError) as refused:
        travel(owner, "sad", "lift")

    assert (refused.value.code, refused.value.status) == ("no_songs", 409)


def test_songs_without_a_mood_are_no_obstacle(owner: Any, songs: list[Song]) -> None:
    unknown = [song for song in songs if song.title.startswith("dark")]
    for song in unknown:
        song.moods.clear()
    Song.objects.filter(pk__in=[song.pk for song in unknown]).update(placed=False)

    items = held(travel(owner, "sad", "lift"))

    assert len(items) == 20
    assert not {song.pk for song in unknown} & {item.song_id for item in items[:3]}
    assert all(np.isfinite(item.score) for item in items)


def test_a_journey_over_the_api_and_back(
    owner: Any, songs: list[Song], api_of: Callable[[Any], APIClient]
) -> None:
    api, reading = api_of(owner), NamedReadingFactory(user=owner, label="sad")
    asked = {"reading": str(reading.pk), "goal": "focus"}

    plain = api.post("/api/v1/lists", asked, format="json")
    way = api.post("/api/v1/lists", {**asked, "journey": True}, format="json")
    wrong = api.post("/api/v1/lists", {**asked, "journey": "somewhere"}, format="json")

    assert (plain.status_code, plain.json()["journey"]) == (201, False)
    assert (way.status_code, way.json()["journey"]) == (201, True)
    assert api.get(f"/api/v1/lists/{way.json()['id']}").json() == way.json()
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["journey"])


def test_a_journey_on_the_pages(
    owner: Any, songs: list[Song], client_of: Callable[[Any], Client]
) -> None:
    client, reading = client_of(owner), NamedReadingFactory(user=owner, label="sad")
    words = text_of(client.get(reverse("reading_detail", args=[reading.pk])))
    for goal in ("Match it", "Lift me", "Calm me", "Help me focus", "Step by step"):
        assert goal in words

    form = {"goal": "focus", "journey": "1"}
    made = client.post(reverse("list_create", args=[reading.pk]), form, follow=True)

    song_list = SongList.objects.get()
    assert (song_list.goal, song_list.journey) == ("focus", True)
    assert "From sad to focus" in text_of(made)
    # And the next list is a journey as well
    assert '<input type="hidden" name="journey" value="1">' in made.content.decode()


def test_the_page_says_where_focus_leads_and_what_it_wishes(client: Client, db: None) -> None:
    words = text_of(client.get(reverse("about_recommender")))

    for heading in ("Match", "Lift", "Calm", "Focus"):
        assert heading in words
    assert "+0.30 / \N{MINUS SIGN}0.25" in words
    assert "instrumentalness +1.00" in words
