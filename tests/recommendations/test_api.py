"""Lists and feedback over the API: shapes, codes, and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from catalog.models import Song
from recommendations.models import Play, Rating, SongList, Verdict
from tests.recommendations.factories import NamedReadingFactory, PlayFactory, VerdictFactory

Api = Callable[[Any], APIClient]
Make = Callable[..., SongList]


def test_a_list_is_made_and_read_back(owner: Any, songs: list[Song], api_of: Api) -> None:
    reading = NamedReadingFactory(user=owner, label="sad")
    api = api_of(owner)

    made = api.post("/api/v1/lists", {"reading": str(reading.pk), "goal": "lift"}, format="json")

    assert made.status_code == 201
    body = made.json()
    assert (body["emotion"], body["goal"], body["reading"]) == ("sad", "lift", str(reading.pk))
    assert (body["model"], body["collaborative_weight"]) == (None, 0)
    assert len(body["items"]) == 20
    first = body["items"][0]
    assert set(first) == {
        "position", "song", "score", "parts", "reason", "propensity", "tried", "new",
        "my_stars", "my_verdicts", "my_nudges",
    }  # fmt: skip
    assert {
        "id",
        "title",
        "artist",
        "genre",
        "duration_s",
        "moods",
        "licence",
        "credit",
        "audio",
    } <= set(first["song"])
    assert first["reason"] == "Close to the lift you asked for"
    assert sum(first["parts"].values()) == pytest.approx(first["score"])
    assert (first["my_stars"], first["my_verdicts"]) == (None, [])
    assert api.get(f"/api/v1/lists/{body['id']}").json() == body
    summary = api.get("/api/v1/lists").json()["results"]
    assert [row["id"] for row in summary] == [body["id"]]
    assert "items" not in summary[0]


def test_feedback_shows_in_the_list_it_was_given_in(
    owner: Any, songs: list[Song], api_of: Api, a_list: Make
) -> None:
    api, song_list = api_of(owner), a_list(owner)
    one, two = (item.song_id for item in song_list.items.all()[:2])
    named = {"list": str(song_list.pk)}

    rated = api.put(f"/api/v1/songs/{one}/rating", {"stars": 4, **named}, format="json")
    turned = api.post(
        f"/api/v1/songs/{two}/verdicts", {"kind": "not_for_this_mood", **named}, format="json"
    )

    assert rated.status_code == 200
    assert {key: rated.json()[key] for key in ("song", "stars", "emotion", "list")} == {
        "song": str(one), "stars": 4, "emotion": "happy", "list": str(song_list.pk),
    }  # fmt: skip
    assert turned.status_code == 201
    first, second = api.get(f"/api/v1/lists/{song_list.pk}").json()["items"][:2]
    assert first["my_stars"] == 4
    assert [v["kind"] for v in second["my_verdicts"]] == ["not_for_this_mood"]

    assert api.delete(f"/api/v1/verdicts/{turned.json()['id']}").status_code == 204
    assert api.delete(f"/api/v1/verdicts/{turned.json()['id']}").status_code == 404
    for _twice in range(2):
        assert api.delete(f"/api/v1/songs/{one}/rating").status_code == 204
    first, second = api.get(f"/api/v1/lists/{song_list.pk}").json()["items"][:2]
    assert (first["my_stars"], second["my_verdicts"]) == (None, [])


def test_a_rating_without_a_list_names_no_mood(owner: Any, songs: list[Song], api_of: Api) -> None:
    api_of(owner).put(f"/api/v1/songs/{songs[0].pk}/rating", {"stars": 5}, format="json")

    assert Rating.objects.get().emotion == ""


def test_a_play_over_the_api(owner: Any, songs: list[Song], api_of: Api, a_list: Make) -> None:
    api, song_list = api_of(owner), a_list(owner)
    song = str(song_list.items.all()[0].song_id)

    started = api.post("/api/v1/plays", {"song": song, "list": str(song_list.pk)}, format="json")
    assert started.status_code == 201
    url = f"/api/v1/plays/{started.json()['id']}"
    api.patch(url, {"position_s": 10}, format="json")
    ended = api.patch(url, {"position_s": 11.5, "outcome": "skipped"}, format="json")

    assert ended.status_code == 200
    assert (ended.json()["outcome"], ended.json()["position_s"]) == ("skipped", 11.5)
    assert Play.objects.get().emotion == "happy"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("post", "lists", {}, 400, "invalid"),
        ("post", "lists", {"reading": "x", "goal": "match"}, 400, "invalid"),
        ("post", "lists", {"reading": "{reading}", "goal": "rage"}, 400, "invalid"),
        ("post", "lists", {"reading": "{reading}", "goal": "match", "size": 51}, 400, "invalid"),
        ("post", "lists", {"reading": "{unknown}", "goal": "match"}, 404, "not_found"),
        ("get", "lists/{unknown}", None, 404, "not_found"),
        ("put", "songs/{song}/rating", {"stars": 6}, 400, "invalid"),
        ("put", "songs/{song}/rating", {"stars": "many"}, 400, "invalid"),
        ("put", "songs/{song}/rating", {}, 400, "invalid"),
        ("put", "songs/{unknown}/rating", {"stars": 5}, 404, "not_found"),
        ("put", "songs/{song}/rating", {"stars": 5, "list": "{unknown}"}, 404, "not_found"),
        ("post", "songs/{song}/verdicts", {"kind": "meh"}, 400, "invalid"),
        ("post", "songs/{song}/verdicts", {"kind": "wrong_mood"}, 400, "list_needed"),
        ("post", "plays", {"song": "{unknown}"}, 404, "not_found"),
        ("patch", "plays/{unknown}", {"position_s": 3}, 404, "not_found"),
        ("patch", "plays/{play}", {"position_s": -3}, 400, "invalid"),
        ("patch", "plays/{play}", {"position_s": "NaN"}, 400, "invalid"),
        ("patch", "plays/{play}", {"position_s": 3, "outcome": "loved"}, 400, "invalid"),
        ("patch", "plays/{play}", {}, 400, "invalid"),
    ],
)
def test_refusals_have_a_status_and_a_stable_code(
    owner: Any,
    songs: list[Song],
    api_of: Api,
    method: str,
    path: str,
    body: dict[str, Any] | None,
    status: int,
    code: str,
) -> None:
    known = {
        "{reading}": str(NamedReadingFactory(user=owner).pk),
        "{song}": str(songs[0].pk),
        "{play}": str(PlayFactory(user=owner, song=songs[0]).pk),
        "{unknown}": str(uuid4()),
    }
    for name, value in known.items():
        path = path.replace(name, value)
    sent = body and {k: known.get(v, v) if isinstance(v, str) else v for k, v in body.items()}

    answer = getattr(api_of(owner), method)(f"/api/v1/{path}", sent, format="json")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_hidden_songs_are_not_found(owner: Any, songs: list[Song], api_of: Api) -> None:
    Song.objects.filter(pk=songs[0].pk).update(hidden=True)
    api = api_of(owner)

    answers = [
        api.put(f"/api/v1/songs/{songs[0].pk}/rating", {"stars": 5}, format="json"),
        api.post("/api/v1/plays", {"song": str(songs[0].pk)}, format="json"),
        api.post(f"/api/v1/songs/{songs[0].pk}/verdicts", {"kind": "never"}, format="json"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3


def test_the_owner_sees_their_things_and_the_other_finds_nothing(
    owner: Any, other: Any, curator: Any, songs: list[Song], api_of: Api, a_list: Make
) -> None:
    song_list = a_list(owner)
    reading = song_list.reading_id
    play = PlayFactory(user=owner, song=songs[0])
    verdict = VerdictFactory(user=owner, song=songs[0])

    def attempts(api: APIClient) -> list[int]:
        named = {"list": str(song_list.pk)}
        return [
            answer.status_code
            for answer in (
                api.get(f"/api/v1/lists/{song_list.pk}"),
                api.post(
                    "/api/v1/lists", {"reading": str(reading), "goal": "match"}, format="json"
                ),
                api.put(
                    f"/api/v1/songs/{songs[1].pk}/rating", {"stars": 5, **named}, format="json"
                ),
                api.post("/api/v1/plays", {"song": str(songs[1].pk), **named}, format="json"),
                api.post(
                    f"/api/v1/songs/{songs[1].pk}/verdicts",
                    {"kind": "not_now", **named},
                    format="json",
                ),
                api.patch(f"/api/v1/plays/{play.pk}", {"position_s": 3}, format="json"),
                api.delete(f"/api/v1/verdicts/{verdict.pk}"),
            )
        ]

    for stranger in (other, curator):
        assert attempts(api_of(stranger)) == [404] * 7
        assert api_of(stranger).get("/api/v1/lists").json()["results"] == []
    assert Verdict.objects.filter(pk=verdict.pk).exists()
    assert attempts(api_of(owner)) == [200, 201, 200, 201, 201, 200, 204]
    assert len(api_of(owner).get("/api/v1/lists").json()["results"]) == 2


def test_the_anonymous_are_sent_away(
    anonymous: Any, owner: Any, songs: list[Song], api_of: Api, a_list: Make
) -> None:
    song_list, api = a_list(owner), api_of(anonymous)

    answers = [
        api.get("/api/v1/lists"),
        api.post("/api/v1/lists", {}, format="json"),
        api.get(f"/api/v1/lists/{song_list.pk}"),
        api.put(f"/api/v1/songs/{songs[0].pk}/rating", {"stars": 5}, format="json"),
        api.post("/api/v1/plays", {}, format="json"),
        api.patch(f"/api/v1/plays/{uuid4()}", {}, format="json"),
        api.post(f"/api/v1/songs/{songs[0].pk}/verdicts", {}, format="json"),
        api.delete(f"/api/v1/verdicts/{uuid4()}"),
    ]

    assert {answer.status_code for answer in answers} == {401}


def test_reading_a_list_takes_as_many_queries_at_any_size(
    owner: Any, songs: list[Song], api_of: Api, a_list: Make
) -> None:
    api, counts = api_of(owner), []
    for size in (3, 50):
        song_list = a_list(owner, size=size)
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"/api/v1/lists/{song_list.pk}").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 7


def test_lists_are_throttled(owner: Any, songs: list[Song], api_of: Api, monkeypatch: Any) -> None:
    from recommendations.api import ListThrottle

    monkeypatch.setattr(ListThrottle, "rate", "2/min", raising=False)
    reading = NamedReadingFactory(user=owner)
    body = {"reading": str(reading.pk), "goal": "match", "size": 1}
    api = api_of(owner)

    codes = [api.post("/api/v1/lists", body, format="json").status_code for _ in range(3)]

    assert codes == [201, 201, 429]
    assert api.get("/api/v1/lists").status_code == 200
