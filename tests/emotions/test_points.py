"""A mood pointed at on the plane: its probabilities, words, reading, list, pages and API."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from emotions import selectors, services
from emotions.models import Reading
from emotions.points import point_in_words, probabilities_at
from ml.emotion.labels import COORDINATES, EMOTIONS
from moodmusic.problems import DomainError
from recommendations.models import Goal, SongList
from recommendations.services import list_make
from tests.moodmusic.pages import text_of
from tests.things import things_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_an_emotions_own_point_is_most_likely_that_emotion(emotion: str) -> None:
    valence, arousal = COORDINATES[EMOTIONS.index(emotion)]

    said = probabilities_at(float(valence), float(arousal))

    assert tuple(said) == EMOTIONS
    assert max(said, key=lambda name: said[name]) == emotion
    assert sum(said.values()) == pytest.approx(1)


def test_the_nearest_emotion_is_the_likeliest_everywhere() -> None:
    for valence in range(-10, 11):
        for arousal in range(-10, 11):
            point = (valence / 10, arousal / 10)
            distances = ((COORDINATES - point) ** 2).sum(axis=1)
            said = probabilities_at(*point)
            likeliest = max(said, key=lambda name: said[name])
            assert distances[EMOTIONS.index(likeliest)] == pytest.approx(distances.min())
            assert 0 < said[likeliest] < 1


def test_a_point_between_two_emotions_is_shared_by_them() -> None:
    sad, neutral = COORDINATES[EMOTIONS.index("sad")], COORDINATES[EMOTIONS.index("neutral")]
    middle = (sad + neutral) / 2

    said = probabilities_at(*middle.tolist())

    assert said["sad"] == pytest.approx(said["neutral"])
    assert said["sad"] > 0.4


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ((0.7, -0.5), "pleasant and calm"),
        ((-0.7, 0.5), "unpleasant and lively"),
        ((0.7, 0), "pleasant"),
        ((0.1, -0.6), "calm"),
        ((0.1, -0.1), "in the middle"),
    ],
)
def test_a_point_in_words(point: tuple[float, float], words: str) -> None:
    assert point_in_words(*point) == words


def test_a_reading_keeps_the_point_and_is_labelled_by_the_nearest(owner: Any) -> None:
    reading = services.reading_at_point(user=owner, valence=0.5, arousal=-0.6)

    reading.refresh_from_db()
    assert (reading.valence, reading.arousal) == (0.5, -0.6)
    assert (reading.source, reading.label, reading.unsure) == ("manual", "neutral", False)
    assert reading.confidence == reading.probabilities["neutral"] < 1
    assert selectors.pointed_at(reading) == (0.5, -0.6)
    assert selectors.valence_arousal_in_force(reading) == (0.5, -0.6)

    # A word said after it counts instead
    services.reading_correct(reading=reading, emotion="sad")
    assert selectors.pointed_at(reading) is None
    assert selectors.valence_arousal_in_force(reading) == (-0.63, -0.27)


def test_a_word_is_no_point(owner: Any) -> None:
    assert selectors.pointed_at(services.reading_by_hand(user=owner, emotion="happy")) is None


@pytest.mark.parametrize(
    ("point", "field"),
    [((1.1, 0), "valence"), ((0, -1.01), "arousal"), ((float("nan"), 0), "valence")],
)
def test_a_point_outside_the_plane_is_refused(
    owner: Any, point: tuple[float, float], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        services.reading_at_point(user=owner, valence=point[0], arousal=point[1])

    assert (refused.value.code, refused.value.status) == ("invalid", 400)
    assert set(refused.value.extra["errors"]) == {field}
    assert not Reading.objects.exists()


def test_songs_that_match_aim_at_the_point_and_other_goals_at_the_policy(owner: Any) -> None:
    things_of(owner)
    reading = services.reading_at_point(user=owner, valence=0.5, arousal=-0.6)
    word = services.reading_by_hand(user=owner, emotion="neutral")

    match = list_make(user=owner, reading=reading, goal=Goal.MATCH)
    lift = list_make(user=owner, reading=reading, goal=Goal.LIFT)
    by_word = list_make(user=owner, reading=word, goal=Goal.MATCH)

    assert (match.valence, match.arousal) == pytest.approx((0.5, -0.6))
    assert lift.arousal > 0
    assert (by_word.valence, by_word.arousal) == pytest.approx((0.2, -0.1))


def test_the_page_takes_a_point_and_says_what_it_is_near(client_of: Any, owner: Any) -> None:
    client = client_of(owner)

    made = client.post(reverse("reading_create"), {"valence": "0.6", "arousal": "-0.4"})
    words = text_of(client.get(made["Location"]))

    assert made.status_code == 303
    assert "Near neutral. You pointed at pleasant and calm. Nothing was measured." in words
    assert Reading.objects.get().valence == 0.6


@pytest.mark.parametrize("form", [{"valence": "far", "arousal": "0"}, {"valence": "0.5"}])
def test_the_page_refuses_what_is_no_point(
    client_of: Any, owner: Any, form: dict[str, str]
) -> None:
    answer = client_of(owner).post(reverse("reading_create"), form)

    assert answer.status_code == 400
    assert "from -1 to 1" in text_of(answer)
    assert not Reading.objects.exists()


def test_the_api_takes_a_point(owner: Any, other: Any, api_of: Any) -> None:
    made = api_of(owner).post("/api/v1/readings", {"valence": 0.8, "arousal": 0.5}, format="json")

    assert made.status_code == 201
    body = made.json()
    assert (body["label"], body["source"], body["valence"]) == ("happy", "manual", 0.8)
    assert api_of(owner).get(made["Location"]).json() == body
    assert api_of(other).get(made["Location"]).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"valence": 0.5},
        {"emotion": "happy", "valence": 0.5, "arousal": 0.5},
        {"valence": 2, "arousal": 0},
        {"valence": "x", "arousal": 0},
        {"emotion": "hangry"},
    ],
)
def test_the_api_refuses_neither_and_both(owner: Any, api_of: Any, body: dict[str, Any]) -> None:
    answer = api_of(owner).post("/api/v1/readings", body, format="json")

    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert not Reading.objects.exists()
    assert not SongList.objects.exists()
