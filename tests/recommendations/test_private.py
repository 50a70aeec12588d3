""" "Don't learn from this": what is said in a private stretch teaches nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from catalog.models import Song
from moodmusic.problems import DomainError
from recommendations.history import history_of
from recommendations.models import Play, PrivateStretch, Rating, SongList, Verdict
from recommendations.selectors import private_until
from recommendations.services import (
    play_start,
    play_update,
    private_end,
    private_start,
    rating_clear,
    rating_set,
    verdict_set,
    verdict_undo,
)
from recommendations.training_data import events_read

Api = Callable[[Any], APIClient]
Make = Callable[..., SongList]


def ids(song_list: SongList) -> list[Any]:
    return [item.song_id for item in song_list.items.all()]


def parts(song_list: SongList) -> list[Any]:
    return [(item.song_id, item.parts, item.reason) for item in song_list.items.all()]


def hear(user: Any, song: Song, song_list: SongList | None = None) -> Play:
    return play_update(play=play_start(user=user, song=song, song_list=song_list), position_s=40)


def test_a_stretch_has_an_end_and_can_be_ended_at_once(owner: Any, other: Any) -> None:
    start = timezone.now()

    private_start(user=owner, now=start)

    assert private_until(user=owner, now=start) == start + timedelta(hours=1)
    assert private_until(user=owner, now=start + timedelta(minutes=61)) is None
    assert private_until(user=other, now=start) is None
    private_start(user=owner, minutes=10, now=start)
    assert private_until(user=owner, now=start) == start + timedelta(minutes=10)
    private_end(user=owner)
    private_end(user=owner)
    assert private_until(user=owner, now=start) is None


@pytest.mark.parametrize("minutes", [0, -5, 12 * 60 + 1])
def test_a_stretch_is_bounded(owner: Any, minutes: int) -> None:
    with pytest.raises(DomainError) as refused:
        private_start(user=owner, minutes=minutes)

    assert (refused.value.code, refused.value.status) == ("invalid", 400)
    assert not PrivateStretch.objects.exists()


def test_nothing_said_in_it_teaches(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    # Given two listeners with the same list, one of them in private
    mine, theirs = a_list(owner), a_list(other)
    assert parts(mine) == parts(theirs)
    private_start(user=owner)
    first, second, third = (item.song for item in mine.items.select_related("song")[:3])

    # When that one plays, rates and turns down
    hear(owner, first, mine)
    rating_set(user=owner, song=first, stars=5, song_list=mine)
    rating_set(user=owner, song=second, stars=1, song_list=mine)
    verdict_set(user=owner, song=third, kind="never")
    verdict_set(user=other, song=third, kind="not_now")

    # Then the next lists differ in no part: "never" hides as "not now" does, and no more
    for _until_after in range(2):
        assert parts(a_list(owner)) == parts(a_list(other))
        private_end(user=owner)
    history = history_of(user_id=owner.pk)
    assert (history.said, history.heard, history.events) == ({}, {}, 0)
    assert (history.confidences(), history.likings(emotion="happy")) == ({}, {})
    assert events_read().count == 0
    assert third.pk in history.excluded(emotion="sad", now=timezone.now() + timedelta(days=999))


def test_a_play_belongs_to_the_stretch_it_started_in(owner: Any, songs: list[Song]) -> None:
    before = play_start(user=owner, song=songs[0])
    private_start(user=owner)
    within = play_start(user=owner, song=songs[1])
    play_update(play=before, position_s=40)
    private_end(user=owner)
    play_update(play=within, position_s=40)

    history = history_of(user_id=owner.pk)

    assert set(history.said) == set(history.heard) == {songs[0].pk}
    assert [play.private for play in Play.objects.order_by("started_at")] == [False, True]


def test_a_private_rating_stands_beside_the_one_that_counts(
    owner: Any, songs: list[Song], a_list: Make, api_of: Api
) -> None:
    song_list = a_list(owner)
    song = song_list.items.select_related("song").get(position=1).song
    rating_set(user=owner, song=song, stars=5, song_list=song_list)
    counted = history_of(user_id=owner.pk)
    private_start(user=owner)

    rating_set(user=owner, song=song, stars=1, song_list=song_list)

    def shown() -> Any:
        return api_of(owner).get(f"/api/v1/lists/{song_list.pk}").json()["items"][0]["my_stars"]

    assert shown() == 1
    assert history_of(user_id=owner.pk) == counted
    rating_clear(user=owner, song=song)
    assert shown() == 5
    assert history_of(user_id=owner.pk) == counted

    rating_set(user=owner, song=song, stars=2, song_list=song_list)
    private_end(user=owner)
    rating_set(user=owner, song=song, stars=4, song_list=song_list)
    assert list(Rating.objects.values_list("stars", "private")) == [(4, False)]
    rating_clear(user=owner, song=song)
    assert not Rating.objects.exists()


def test_never_said_again_in_private_goes_on_teaching(owner: Any, songs: list[Song]) -> None:
    verdict_set(user=owner, song=songs[0], kind="never")
    private_start(user=owner)
    again = verdict_set(user=owner, song=songs[0], kind="never")
    assert not again.private

    private_only = verdict_set(user=owner, song=songs[1], kind="never")
    assert set(history_of(user_id=owner.pk).confidences()) == {songs[0].pk}
    private_end(user=owner)
    verdict_set(user=owner, song=songs[1], kind="never")

    assert set(history_of(user_id=owner.pk).confidences()) == {songs[0].pk, songs[1].pk}
    verdict_undo(verdict=private_only)
    assert list(Verdict.objects.all()) == [again]


def test_over_the_api(owner: Any, songs: list[Song], api_of: Api) -> None:
    api, url = api_of(owner), "/api/v1/me/private"
    assert api.get(url).json() == {"until": None}

    started = api.put(url, {"minutes": 30}, format="json")

    until = datetime.fromisoformat(started.json()["until"])
    assert timedelta(minutes=29) < until - timezone.now() <= timedelta(minutes=30)
    assert api.get(url).json() == started.json()
    song = str(songs[0].pk)
    answers = [
        api.put(f"/api/v1/songs/{song}/rating", {"stars": 4}, format="json"),
        api.post("/api/v1/plays", {"song": song}, format="json"),
        api.post(f"/api/v1/songs/{song}/verdicts", {"kind": "never"}, format="json"),
    ]
    assert [answer.json()["private"] for answer in answers] == [True, True, True]
    for minutes in (0, 721, "long"):
        refused = api.put(url, {"minutes": minutes}, format="json")
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    for _twice in range(2):
        assert api.delete(url).status_code == 204
    assert api.get(url).json() == {"until": None}
    default = api.put(url, {}, format="json").json()["until"]
    assert datetime.fromisoformat(default) - timezone.now() > timedelta(minutes=59)


def test_on_the_pages_of_lists(owner: Any, songs: list[Song], a_list: Make, client_of: Any) -> None:
    client, song_list = client_of(owner), a_list(owner)
    page = reverse("list_detail", args=[song_list.pk])
    assert "Listen privately" in client.get(page).content.decode()

    answer = client.post(reverse("private_set"), {"minutes": "180", "next": page})

    assert (answer.status_code, answer["Location"]) == (303, page)
    for address in (page, reverse("list_index")):
        html = client.get(address).content.decode()
        assert "Private for another" in html
        assert "End it now" in html
    client.post(reverse("private_set"), {"minutes": "0"})
    assert "Listen privately" in client.get(reverse("list_index")).content.decode()
    for wrong in ("", "-1", "99999", "٣"):
        assert client.post(reverse("private_set"), {"minutes": wrong}).status_code == 400
    elsewhere = client.post(
        reverse("private_set"), {"minutes": "30", "next": "https://example.org/"}
    )
    assert elsewhere["Location"] == reverse("list_index")
