"""What a device did while it was offline: told once or often, early or late, it counts once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.selectors import account_key
from catalog.models import Song
from recommendations.models import Play, PrivateStretch, Rating
from recommendations.services.context import KEPT_AT_MOST

pytestmark = pytest.mark.django_db

Api = Callable[[Any], Any]


def ago(**span: float) -> str:
    return (timezone.now() - timedelta(**span)).isoformat()


def rate(api: Any, song: Song, stars: int, **body: Any) -> Any:
    answer = api.put(f"/api/v1/songs/{song.pk}/rating", {"stars": stars, **body}, format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_play_told_twice_with_its_id_is_one_play(
    owner: Any, songs: list[Song], api_of: Api
) -> None:
    api, name = api_of(owner), str(uuid.uuid4())
    body = {"id": name, "song": str(songs[0].pk), "at": ago(hours=2)}

    first = api.post("/api/v1/plays", body, format="json")
    api.patch(f"/api/v1/plays/{name}", {"position_s": 12, "outcome": "skipped"}, format="json")
    second = api.post("/api/v1/plays", body, format="json")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"] == name
    play = Play.objects.get()
    assert (play.position_s, play.outcome) == (12, "skipped")
    assert timedelta(hours=1, minutes=59) < timezone.now() - play.started_at < timedelta(hours=2.1)


def test_plays_without_an_id_are_plays_of_their_own(
    owner: Any, songs: list[Song], api_of: Api
) -> None:
    api = api_of(owner)

    for _ in range(2):
        api.post("/api/v1/plays", {"song": str(songs[0].pk)}, format="json")

    assert Play.objects.filter(user=owner).count() == 2


def test_the_id_of_anothers_play_or_of_another_song_is_refused(
    owner: Any, other: Any, songs: list[Song], api_of: Api
) -> None:
    name = str(uuid.uuid4())
    body = {"id": name, "song": str(songs[0].pk)}
    api_of(owner).post("/api/v1/plays", body, format="json")

    foreign = api_of(other).post("/api/v1/plays", body, format="json")
    wrong = api_of(owner).post("/api/v1/plays", {**body, "song": str(songs[1].pk)}, format="json")

    assert (foreign.status_code, foreign.json()["code"]) == (409, "id_taken")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "id_taken")
    assert list(Play.objects.values_list("user", "song")) == [(owner.pk, songs[0].pk)]


def test_of_two_ratings_the_one_given_last_stands_whichever_arrives_first(
    owner: Any, songs: list[Song], api_of: Api
) -> None:
    api = api_of(owner)

    rate(api, songs[0], 5, at=ago(minutes=55))
    answer = rate(api, songs[0], 1, at=ago(minutes=60))  # given earlier, arrives later
    assert answer["stars"] == 5
    rate(api, songs[0], 3, at=ago(minutes=50))

    assert Rating.objects.get().stars == 3


def test_a_rating_kept_offline_does_not_overwrite_one_made_online_meanwhile(
    owner: Any, songs: list[Song], api_of: Api
) -> None:
    api = api_of(owner)
    rate(api, songs[0], 4)

    rate(api, songs[0], 1, at=ago(minutes=5))

    assert Rating.objects.get().stars == 4


def test_a_rating_told_again_changes_nothing(owner: Any, songs: list[Song], api_of: Api) -> None:
    api, at = api_of(owner), ago(minutes=5)

    first = rate(api, songs[0], 4, at=at)
    again = rate(api, songs[0], 4, at=at)

    assert first == again
    assert Rating.objects.count() == 1


def test_times_in_the_future_and_too_old_are_bounded(
    owner: Any, songs: list[Song], api_of: Api
) -> None:
    api, now = api_of(owner), timezone.now()

    rate(api, songs[0], 4, at=(now + timedelta(days=3)).isoformat())
    rate(api, songs[1], 4, at=(now - timedelta(days=900)).isoformat())

    future, old = (Rating.objects.get(song=song).rated_at for song in songs[:2])
    assert now <= future <= timezone.now()
    assert timedelta() <= (old + KEPT_AT_MOST) - now < timedelta(minutes=1)
    # And so a clock that runs ahead does not make its rating stand for ever.
    rate(api, songs[0], 2)
    assert Rating.objects.get(song=songs[0]).stars == 2


def test_what_is_no_time_is_a_field_error(owner: Any, songs: list[Song], api_of: Api) -> None:
    answer = api_of(owner).put(
        f"/api/v1/songs/{songs[0].pk}/rating", {"stars": 4, "at": "yesterday"}, format="json"
    )

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["at"]


def test_taking_back_offline_leaves_ratings_given_since(
    owner: Any, songs: list[Song], api_of: Api
) -> None:
    api = api_of(owner)
    rate(api, songs[0], 4)
    rate(api, songs[1], 4, at=ago(hours=1))

    for song in songs[:2]:
        moment = (timezone.now() - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert api.delete(f"/api/v1/songs/{song.pk}/rating?at={moment}").status_code == 204

    assert [rating.song_id for rating in Rating.objects.all()] == [songs[0].pk]


def test_what_was_done_in_a_private_stretch_stays_private_when_it_arrives_after_it(
    owner: Any, songs: list[Song], api_of: Api
) -> None:
    api = api_of(owner)
    PrivateStretch.objects.create(user=owner, until=timezone.now() - timedelta(minutes=10))

    rate(api, songs[0], 4, at=ago(minutes=20))
    rate(api, songs[1], 4, at=ago(minutes=5))
    api.post("/api/v1/plays", {"song": str(songs[0].pk), "at": ago(minutes=20)}, format="json")

    assert Rating.objects.get(song=songs[0]).private
    assert not Rating.objects.get(song=songs[1]).private
    assert Play.objects.get().private


@pytest.mark.parametrize("what", ["play", "position", "rating", "clearing"])
def test_what_one_account_kept_is_not_taken_from_another(
    what: str, owner: Any, other: Any, songs: list[Song], api_of: Api
) -> None:
    # given: the owner's device kept something, and the other one is signed in on it by now
    song = songs[0]
    play = Play.objects.create(user=other, song=song)
    Rating.objects.create(user=other, song=song, stars=2)
    api = api_of(other)
    asked = {
        "play": lambda: api.post("/api/v1/plays", {"song": str(song.pk)}, **meant),
        "position": lambda: api.patch(f"/api/v1/plays/{play.pk}", {"position_s": 9}, **meant),
        "rating": lambda: api.put(f"/api/v1/songs/{song.pk}/rating", {"stars": 5}, **meant),
        "clearing": lambda: api.delete(f"/api/v1/songs/{song.pk}/rating", **meant),
    }[what]

    # when
    meant: dict[str, Any] = {"format": "json", "headers": {"X-Account": account_key(user=owner)}}
    answer = asked()

    # then
    assert (answer.status_code, answer.json()["code"]) == (409, "another_account")
    assert Play.objects.get().position_s == 0
    assert Rating.objects.get().stars == 2
    meant["headers"] = {"X-Account": account_key(user=other)}
    assert asked().status_code in {200, 201, 204}


def test_a_device_learns_the_name_of_its_account(owner: Any, other: Any, api_of: Api) -> None:
    names = {api_of(user).get("/api/v1/me").json()["account"] for user in (owner, other)}

    assert names == {account_key(user=owner), account_key(user=other)}
    assert len(names) == 2
