"""What a listener is doing: kept with what they say, and learnt from as an offset."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from catalog.models import Song
from ml.emotion.labels import EMOTIONS
from ml.recommend.taste import Taste, taste
from moodmusic.problems import DomainError
from recommendations.history import history_of
from recommendations.models import Play, Rating, SongList
from recommendations.reasons import DOING
from recommendations.selectors import candidates
from recommendations.services import (
    list_make,
    play_start,
    play_update,
    private_end,
    private_start,
    rating_clear,
    rating_set,
)
from recommendations.situation import Situation, daypart_of
from recommendations.store import STORE
from tests.accounts.all_of import sign_in
from tests.recommendations.factories import (
    NamedReadingFactory,
    PlayFactory,
    RatingFactory,
    catalogue_make,
)

Api = Callable[[Any], APIClient]
NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)


def list_for(user: Any, activity: str = "", *, size: int = 20, emotion: str = "happy") -> SongList:
    reading = NamedReadingFactory(user=user, label=emotion)
    return list_make(user=user, reading=reading, goal="match", size=size, activity=activity)


def rows(song_list: SongList) -> list[Any]:
    return [(item.song_id, item.score, item.parts, item.reason) for item in song_list.items.all()]


def tasted(user: Any, situation: Situation) -> Taste:
    songs = STORE.catalogue()
    history = history_of(user_id=user.pk, now=NOW, situation=situation.known)
    found = candidates(user=user, songs=songs, history=history, emotion="happy", now=NOW)
    return taste(songs.vectors, songs.carried, songs.artists, found.liking)


def test_what_is_said_of_a_list_is_of_its_situation(owner: Any, songs: list[Song]) -> None:
    song_list, plain = list_for(owner, "exercising"), list_for(owner)
    assert (song_list.activity, plain.activity) == ("exercising", "")
    assert song_list.daypart == daypart_of(song_list.created_at)

    rating = rating_set(user=owner, song=songs[0], stars=2, song_list=song_list)
    play = play_start(user=owner, song=songs[1], song_list=song_list)
    neither = rating_set(user=owner, song=songs[2], stars=2)

    assert (rating.activity, rating.daypart) == ("exercising", song_list.daypart)
    assert (play.activity, play.daypart) == ("exercising", song_list.daypart)
    assert (neither.activity, neither.daypart) == ("", "")
    again = rating_set(user=owner, song=songs[0], stars=4, song_list=plain)
    assert (again.pk, again.activity) == (rating.pk, "")


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "night"), (5, "night"), (6, "morning"), (12, "afternoon"), (18, "evening")],
)
def test_a_day_has_four_parts_in_the_listener_s_time_zone(hour: int, part: str) -> None:
    assert daypart_of(datetime(2026, 7, 15, hour, 59, tzinfo=UTC)) == part

    tokyo = datetime(2026, 7, 15, hour, 59, tzinfo=UTC) - timedelta(hours=9)
    with timezone.override("Asia/Tokyo"):
        assert daypart_of(tokyo) == part


def test_a_list_is_for_the_hour_on_the_listener_s_clock(owner: Any, songs: list[Song]) -> None:
    # Given a listener whose clock is 12 or 13 hours ahead of the server's, in another quarter
    owner.time_zone = "Pacific/Auckland"
    owner.save()
    reading = NamedReadingFactory(user=owner)

    answer = Client().post(
        "/api/v1/lists",
        {"reading": str(reading.pk), "goal": "match"},
        "application/json",
        headers=sign_in(owner.email),
    )

    assert answer.status_code == 201, answer.content
    made = SongList.objects.get()
    with timezone.override("Pacific/Auckland"):
        assert made.daypart == daypart_of(made.created_at)
    with timezone.override("UTC"):
        assert made.daypart != daypart_of(made.created_at)


def test_three_disliked_songs_while_exercising_move_the_artist_down_there_most(
    owner: Any,
) -> None:
    # Given an artist of six happy songs, three of them disliked while exercising
    songs = catalogue_make(per_mood=60)
    artist = songs[0].artist
    for song in songs[0:30:10]:
        assert song.artist == artist
        RatingFactory(user=owner, song=song, stars=1, activity="exercising")

    # When the artist's other songs are scored
    catalogue = STORE.catalogue()
    theirs = catalogue.index_of(song.pk for song in songs[30:60:10])

    def worth(activity: str) -> float:
        return float(tasted(owner, Situation(activity)).total[theirs].mean())

    # Then they lose everywhere, and most while exercising; other activities are as none
    assert worth("exercising") < worth("") - 0.05
    assert worth("") < -0.3
    assert worth("relaxing") == worth("")


def test_opposite_tastes_by_activity_are_both_served(owner: Any, songs: list[Song]) -> None:
    # Given warm happy songs loved while exercising and disliked while relaxing
    warm = sorted(songs[:30], key=lambda song: -song.features["warmth"])
    for number, song in enumerate(warm[:12]):
        loved = number % 2 == 0
        RatingFactory(
            user=owner,
            song=song,
            stars=5 if loved else 1,
            activity="exercising" if loved else "relaxing",
        )
    catalogue = STORE.catalogue()
    energetic = sorted(songs[30:60], key=lambda song: -song.features["warmth"])
    alike = catalogue.index_of(song.pk for song in energetic[:5])
    cold = catalogue.index_of(song.pk for song in energetic[-5:])

    def leaning(activity: str) -> float:
        total = tasted(owner, Situation(activity)).total
        return float(total[alike].mean() - total[cold].mean())

    assert leaning("exercising") > 0.1
    assert leaning("relaxing") < -0.1
    assert leaning("relaxing") < leaning("") < leaning("exercising")


def test_without_a_situation_lists_are_what_they_were_to_the_last_bit(
    owner: Any, other: Any, songs: list[Song], settings: Any
) -> None:
    # Given two listeners with the same words and plays, one of whom said what they were doing
    for user, activities in ((owner, ("exercising", "relaxing")), (other, ("", ""))):
        for number, song in enumerate(songs[:12]):
            RatingFactory(
                user=user, song=song, stars=1 + number % 5, activity=activities[number % 2]
            )
        for number in range(21):
            play = PlayFactory(
                user=user,
                song=songs[12 + number % 4],
                emotion="happy",
                outcome=("completed", "skipped")[number % 3 == 0],
                activity=activities[number % 2],
            )
            past = NOW - timedelta(days=25 * (number // 3))
            Play.objects.filter(pk=play.pk).update(updated_at=past)

    # When both ask without saying it, the histories are the same with and without telling apart
    mine, theirs = (
        history_of(user_id=user.pk, now=NOW, situation={"activity": "working"})
        for user in (owner, other)
    )
    whole = history_of(user_id=other.pk, now=NOW)
    assert (mine.said, mine.heard, mine.events) == (theirs.said, theirs.heard, theirs.events)
    assert (whole.said, whole.heard, whole.events) == (mine.said, mine.heard, mine.events)

    # Then their lists are, too, and so is a list for an activity of which little was said
    plain = rows(list_for(owner, size=30))
    assert plain == rows(list_for(other, size=30))
    SongList.objects.all().delete()
    assert rows(list_for(owner, "working", size=30)) == plain
    SongList.objects.all().delete()
    assert rows(list_for(owner, "exercising", size=30)) != plain


def test_taken_back_it_leaves_nothing_behind(owner: Any, songs: list[Song]) -> None:
    for song in songs[10:16]:
        RatingFactory(user=owner, song=song, activity="exercising")
    first = list_for(owner, "exercising")
    before = rows(first)
    others = first.items.exclude(song__in=songs[10:16]).select_related("song")
    heard = [item.song for item in others[:4]]

    for song in heard:
        rating_set(user=owner, song=song, stars=2, song_list=first)
    changed = rows(list_for(owner, "exercising"))
    for song in heard:
        rating_clear(user=owner, song=song)

    assert changed != before
    SongList.objects.all().delete()
    assert rows(list_for(owner, "exercising")) == before


def test_nothing_said_in_private_is_of_a_situation(owner: Any, songs: list[Song]) -> None:
    song_list = list_for(owner, "exercising")
    private_start(user=owner)
    for song in songs[:4]:
        rating_set(user=owner, song=song, stars=1, song_list=song_list)
        play_update(play=play_start(user=owner, song=song, song_list=song_list), position_s=40)
    private_end(user=owner)

    history = history_of(user_id=owner.pk, situation={"activity": "exercising"})

    assert history.within == {}
    assert not tasted(owner, Situation("exercising")).contexts


def test_the_reason_names_it_only_where_it_is_the_largest(owner: Any, songs: list[Song]) -> None:
    # Given cold songs of any mood, loved while working and disliked otherwise
    cold = sorted(songs, key=lambda song: song.features["warmth"])
    for number, song in enumerate(cold[:36]):
        RatingFactory(
            user=owner,
            song=song,
            emotion="neutral",
            stars=5 if number % 2 else 1,
            activity="working" if number % 2 else "",
        )
    unsure = NamedReadingFactory(
        user=owner, label="neutral", probabilities=dict.fromkeys(EMOTIONS, 1 / 7)
    )

    working, otherwise = (
        list_make(user=owner, reading=unsure, goal="match", size=50, activity=activity)
        for activity in ("working", "")
    )

    words = f"What you said of songs {DOING['working']} speaks for it"
    named = [item for item in working.items.all() if item.reason == words]
    assert named
    for item in named:
        assert max(item.parts, key=lambda name: item.parts[name]) == "taste"
    assert words not in otherwise.items.values_list("reason", flat=True)
    for item in working.items.all():
        assert sum(item.parts.values()) == pytest.approx(item.score, abs=1e-9)


def test_the_time_of_day_is_learnt_beside_other_times(owner: Any, songs: list[Song]) -> None:
    now = list_for(owner).daypart
    other_time = {"morning": "evening"}.get(now, "morning")
    for number, song in enumerate(songs[:12]):
        RatingFactory(
            user=owner,
            song=song,
            stars=5 if number % 2 else 1,
            daypart=now if number % 2 else other_time,
        )

    assert set(tasted(owner, Situation(daypart=now)).contexts) == {"daypart"}
    reasons = {item.reason for item in list_for(owner, size=50, emotion="neutral").items.all()}
    assert not {reason for reason in reasons if "while" in reason}
    Rating.objects.update(daypart=now)
    assert not tasted(owner, Situation(daypart=now)).contexts
    keys = list_for(owner).items.values_list("because__key", flat=True)
    assert "said_at_this_time" not in keys


def test_turned_off_nothing_is_kept_or_read(
    owner: Any, songs: list[Song], settings: Any, client_of: Any
) -> None:
    for song in songs[:6]:
        RatingFactory(user=owner, song=song, stars=5, activity="exercising")
    plain = rows(list_for(owner))
    SongList.objects.all().delete()
    earlier = list_for(owner, "exercising")
    assert rows(earlier) != plain
    settings.CONTEXT = False

    assert rating_set(user=owner, song=songs[9], stars=3, song_list=earlier).activity == ""
    Rating.objects.filter(song=songs[9]).delete()
    SongList.objects.all().delete()
    off = list_for(owner, "exercising")

    assert (off.activity, off.daypart) == ("", "")
    assert rows(off) == plain
    client, reading = client_of(owner), NamedReadingFactory(user=owner)
    page = client.get(reverse("reading_detail", args=[reading.pk])).content.decode()
    assert "What are you doing?" not in page
    form = {"goal": "match", "activity": "exercising"}
    client.post(reverse("list_create", args=[reading.pk]), form)
    assert client.session["activity"] == ""
    assert "what you are doing" not in client.get(reverse("about_recommender")).content.decode()


def test_over_the_api(owner: Any, songs: list[Song], api_of: Api) -> None:
    api = api_of(owner)
    asked = {"reading": str(NamedReadingFactory(user=owner).pk), "goal": "match", "size": 3}

    made = api.post("/api/v1/lists", {**asked, "activity": "travelling"}, format="json")
    plain = api.post("/api/v1/lists", asked, format="json")

    assert (made.status_code, made.json()["activity"]) == (201, "travelling")
    assert made.json()["daypart"] in {"night", "morning", "afternoon", "evening"}
    assert (plain.status_code, plain.json()["activity"]) == (201, "")
    song = made.json()["items"][0]["song"]["id"]
    told = {"stars": 4, "list": made.json()["id"]}
    assert api.put(f"/api/v1/songs/{song}/rating", told, format="json").json()["activity"] == (
        "travelling"
    )
    started = api.post("/api/v1/plays", {"song": song, "list": told["list"]}, format="json")
    assert started.json()["activity"] == "travelling"


@pytest.mark.parametrize("wrong", ["dancing", "EXERCISING", 3, ["working"]])
def test_an_unknown_activity_is_refused(
    owner: Any, songs: list[Song], api_of: Api, wrong: Any
) -> None:
    asked = {"reading": str(NamedReadingFactory(user=owner).pk), "goal": "match"}

    refused = api_of(owner).post("/api/v1/lists", {**asked, "activity": wrong}, format="json")

    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert refused["Content-Type"].startswith("application/problem+json")
    assert set(refused.json()["errors"]) == {"activity"}
    assert not SongList.objects.exists()


def test_the_service_refuses_it_too(owner: Any, songs: list[Song]) -> None:
    with pytest.raises(DomainError) as refused:
        list_for(owner, "dancing")

    assert (refused.value.code, refused.value.status) == ("invalid", 400)
    assert set(refused.value.extra["errors"]) == {"activity"}


def test_the_page_asks_and_keeps_the_choice_for_the_session(
    owner: Any, songs: list[Song], client_of: Any
) -> None:
    client, reading = client_of(owner), NamedReadingFactory(user=owner)
    page, make = (
        reverse("reading_detail", args=[reading.pk]),
        reverse("list_create", args=[reading.pk]),
    )

    def chosen() -> list[str]:
        html = client.get(page).content.decode()
        assert "What are you doing?" in html
        inputs = [part.split(">")[0] for part in html.split('name="activity" value="')[1:]]
        return [part.split('"')[0] for part in inputs if "checked" in part]

    assert chosen() == [""]
    assert "what you are doing" in client.get(reverse("about_recommender")).content.decode()
    made = client.post(make, {"goal": "match", "activity": "exercising"}, follow=True)
    assert "while exercising" in made.content.decode()
    assert '<input type="hidden" name="activity" value="exercising">' in made.content.decode()
    assert chosen() == ["exercising"]

    # A list made without being asked leaves the choice; "Never mind" takes it back
    client.post(make, {"goal": "match"})
    assert chosen() == ["exercising"]
    client.post(make, {"goal": "match", "activity": ""})
    assert chosen() == [""]
    assert client.post(make, {"goal": "match", "activity": "dancing"}).status_code == 400
