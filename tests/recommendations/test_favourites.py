"""Favourites named at set-up: a first taste, and nothing once they are taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from catalog.models import Artist, Song
from ml.recommend.taste import taste
from moodmusic.problems import DomainError
from recommendations.favourites import favourite_choices, favourites_of
from recommendations.history import Said, history_of
from recommendations.models import Favourite, Play, Rating, SongList, Taste
from recommendations.reasons import cause_of, reason_of
from recommendations.selectors import candidates
from recommendations.services import favourites_set, model_retrain, rating_set, verdict_set
from recommendations.store import STORE
from tests.factories import UserFactory
from tests.moodmusic.pages import text_of
from tests.recommendations.factories import RatingFactory, community_make

Make = Callable[..., SongList]
Api = Callable[[Any], APIClient]
Browser = Callable[[Any], Client]

FIRST = "happy artist 3"


def genres_make(songs: list[Song]) -> None:
    """Songs with an even number are of the genre "even", the others of "odd"."""
    for song in songs:
        song.genre = "Odd" if int(song.title.split()[-1]) % 2 else "Even"
    Song.objects.bulk_update(songs, ["genre"])


def ids(song_list: SongList) -> list[Any]:
    return [item.song_id for item in song_list.items.all()]


def names(user: Any) -> list[str]:
    return [one.artist.name if one.artist else one.genre for one in favourites_of(user)]


def by(song_list: SongList, artist: str) -> list[Any]:
    return [item for item in song_list.items.all() if item.song.artist.name == artist]


# --- What they do ---------------------------------------------------------------------------------


def test_the_first_list_has_the_songs_of_a_favourite_artist_first(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    favourites_set(user=owner, artists=[FIRST], genres=[])

    mine, theirs = a_list(owner), a_list(other)

    assert ids(mine) != ids(theirs)
    ours = by(mine, FIRST)
    assert len(ours) == 2
    assert all(item.position <= 6 for item in ours)
    assert all(item.parts["taste"] > 0.1 for item in ours)


def test_reasons_speak_of_favourites_where_those_decide(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    # Given a favourite, and the taste that follows from it alone
    favourites_set(user=owner, artists=[FIRST], genres=[])
    snapshot = STORE.catalogue()
    liking = candidates(
        user=owner,
        songs=snapshot,
        history=history_of(user_id=owner.pk),
        emotion="happy",
        now=timezone.now(),
    ).liking
    tasted = taste(snapshot.vectors, snapshot.carried, snapshot.artists, liking)

    # When that is the largest part of its songs' scores, and of the song that sounds most like them
    def reason(index: int) -> str:
        cause = cause_of(
            index=index,
            parts=np.array([0.1, 0.0, 0.3, 0.0, 0.0]),
            taste=tasted,
            liking=liking,
            songs=snapshot,
            ids=[],
        )
        return str(reason_of(
            cause=cause, emotion="happy", goal="match", journey=False, personal=False, artist="",
            name_of=lambda _song: None, said_of=lambda _song: Said(),
        ))  # fmt: skip

    own = np.flatnonzero(tasted.favourite)
    alike = int(np.argmax(np.where(tasted.favourite > 0, -1, tasted.profile)))

    # Then each says so
    assert {reason(int(index)) for index in own} == {"From a favourite that you named"}
    assert reason(alike) == "Sounds like a favourite that you named"


def test_a_favourite_leads_to_songs_that_sound_like_it(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    # Given a favourite whose songs, all of a sad mood, are the warmest
    for song in songs:
        if song.artist.name == "sad artist 1":
            song.features["warmth"] = 4.0
    Song.objects.bulk_update(songs, ["features"])
    favourites_set(user=owner, artists=["sad artist 1"], genres=[])

    mine, theirs = a_list(owner, "happy"), a_list(other, "happy")

    # Then a happy list stays happy and becomes warmer
    def mean(song_list: SongList, of: Callable[[Song], float]) -> float:
        items = song_list.items.select_related("song")
        return sum(of(item.song) for item in items) / 20

    assert mean(mine, lambda s: s.features["warmth"]) > mean(theirs, lambda s: s.features["warmth"])
    assert mean(mine, lambda s: s.valence) == pytest.approx(
        mean(theirs, lambda s: s.valence), abs=0.1
    )


def test_a_favourite_genre_counts_like_an_artist(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    genres_make(songs)
    favourites_set(user=owner, artists=[], genres=["even"])

    def even(song_list: SongList) -> int:
        return song_list.items.filter(song__genre="Even").count()

    assert names(owner) == ["Even"]
    assert even(a_list(owner)) > even(a_list(other))


def test_an_artist_with_many_songs_is_worth_no_more_than_one_with_few(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    Song.objects.filter(artist__name="happy artist 4")[0].delete()

    favourites_set(user=owner, artists=[FIRST], genres=[])
    favourites_set(user=other, artists=["happy artist 4"], genres=[])
    three = by(a_list(owner, size=50), FIRST)[0]
    two = by(a_list(other, size=50), "happy artist 4")[0]

    assert three.parts["taste"] == pytest.approx(two.parts["taste"], abs=0.1)


def test_taken_back_the_lists_are_what_they_were(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    favourites_set(user=owner, artists=[FIRST, "sad artist 1"], genres=[])
    favourites_set(user=owner, artists=[], genres=[])

    mine, theirs = a_list(owner), a_list(other)

    assert not Favourite.objects.exists()
    assert ids(mine) == ids(theirs)
    assert [i.score for i in mine.items.all()] == [i.score for i in theirs.items.all()]


def test_what_a_listener_says_outweighs_what_was_named(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    favourites_set(user=owner, artists=[FIRST], genres=[])
    happy = a_list(owner)
    for item in by(happy, FIRST):
        verdict_set(user=owner, song=item.song, kind="never")
    for song in songs:
        if song.artist.name == FIRST:
            rating_set(user=owner, song=song, stars=1, song_list=happy)

    assert by(a_list(owner, size=50), FIRST) == []


def test_favourites_are_no_events(owner: Any, songs: list[Song]) -> None:
    favourites_set(user=owner, artists=[FIRST], genres=[])

    for events in (Rating, Play, Taste):
        assert not events.objects.exists()  # type: ignore[attr-defined]
    assert model_retrain() is None


# --- With a model ---------------------------------------------------------------------------------


def test_a_favourite_finds_like_minded_listeners(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    # Given a community of two tastes among the happy songs, each song of an artist of its own
    for song in songs[:30]:
        song.artist = Artist.objects.create(name=f"by {song.title}")
    Song.objects.bulk_update(songs[:30], ["artist"])
    community_make(songs[:30])
    model_retrain()

    # When two newcomers name two artists of one taste each
    favourites_set(user=owner, artists=["by happy song 0", "by happy song 2"], genres=[])
    favourites_set(user=other, artists=["by happy song 1", "by happy song 3"], genres=[])

    # Then the community's part leans each way, without any event
    def lean(song_list: SongList) -> float:
        parts = {item.song_id: item.parts["collaborative"] for item in song_list.items.all()}
        even, odd = (sum(parts.get(s.pk, 0) for s in songs[g:30:2]) for g in (0, 1))
        return even - odd

    assert lean(a_list(owner, size=30)) > 0.5
    assert lean(a_list(other, size=30)) < -0.5


def test_songs_liked_in_this_mood_come_before_songs_liked_overall(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    # Given sad songs of which two are liked by six, one in a sad and one in an angry mood
    community_make(songs[:30])
    sad = [song for song in songs if song.title.startswith("sad")]
    here, elsewhere = sad[4], sad[5]
    for _listener in range(6):
        listener = UserFactory()
        RatingFactory(user=listener, song=here, emotion="sad")
        RatingFactory(user=listener, song=elsewhere, emotion="angry")
    model_retrain()

    # When somebody of whom nothing is known is sad
    parts = {
        item.song_id: item.parts["collaborative"]
        for item in a_list(owner, "sad", size=50).items.all()
    }

    # Then the one liked in that mood has the larger part, and the largest of all
    assert parts[here.pk] > parts[elsewhere.pk] + 0.1
    assert parts[here.pk] == max(parts.values())


# --- Naming them ----------------------------------------------------------------------------------


def test_naming_again_keeps_rows_and_replaces_the_rest(owner: Any, songs: list[Song]) -> None:
    favourites_set(user=owner, artists=[FIRST, "sad artist 1"], genres=[])
    kept = Favourite.objects.get(artist__name=FIRST).pk

    favourites_set(user=owner, artists=["dark artist 2", FIRST.upper(), FIRST], genres=[])

    assert Favourite.objects.get(artist__name=FIRST).pk == kept
    assert set(names(owner)) == {FIRST, "dark artist 2"}


def test_a_favourite_whose_songs_are_gone_may_be_named_again(owner: Any, songs: list[Song]) -> None:
    genres_make(songs)
    favourites_set(user=owner, artists=[FIRST], genres=["Odd"])
    Song.objects.filter(artist__name=FIRST).update(hidden=True)
    Song.objects.filter(genre="Odd").update(hidden=True)

    favourites_set(user=owner, artists=[FIRST, "sad artist 2"], genres=["odd"])

    assert set(names(owner)) == {FIRST, "sad artist 2", "Odd"}


@pytest.mark.parametrize(
    ("artists", "genres", "words"),
    [
        ([f"happy artist {n}" for n in range(3)], ["Even"], "at most 3"),
        (["nobody"], [], "no artist called nobody"),
        ([FIRST], ["polka"], "no genre called polka"),
        ([], [""], "no genre called"),
        (["happy\0 artist 99"], [], "no artist"),
    ],
)
def test_too_many_and_unknown_favourites_are_refused_and_change_nothing(
    owner: Any, songs: list[Song], artists: list[str], genres: list[str], words: str
) -> None:
    genres_make(songs)
    favourites_set(user=owner, artists=["sad artist 1"], genres=[])

    with pytest.raises(DomainError) as refused:
        favourites_set(user=owner, artists=artists, genres=genres)

    assert (refused.value.code, refused.value.status) == ("invalid", 400)
    assert words in refused.value.detail
    assert names(owner) == ["sad artist 1"]


def test_artists_without_a_visible_song_are_not_offered(songs: list[Song]) -> None:
    genres_make(songs)
    Song.objects.filter(artist__name=FIRST).update(hidden=True)

    found = favourite_choices(search="HAPPY artist")

    assert len(found.artists) == 9
    assert FIRST not in found.artists
    assert found.genres == []
    assert favourite_choices(search="dd").genres == ["Odd"]
    assert len(favourite_choices().artists) == 12
    assert favourite_choices(search="\0").genres == ["Even", "Odd"]


def test_the_database_holds_an_artist_or_a_genre(owner: Any, songs: list[Song]) -> None:
    artist = Artist.objects.get(name=FIRST)
    for wrong in ({}, {"artist": artist, "genre": "Even"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Favourite.objects.create(user=owner, **wrong)
    Favourite.objects.create(user=owner, artist=artist)
    with pytest.raises(IntegrityError), transaction.atomic():
        Favourite.objects.create(user=owner, artist=artist)


# --- API and page ---------------------------------------------------------------------------------


def test_favourites_over_the_api(owner: Any, other: Any, songs: list[Song], api_of: Api) -> None:
    genres_make(songs)
    api, url = api_of(owner), "/api/v1/me/favourites"

    named = api.put(url, {"artists": [FIRST], "genres": ["odd"]}, format="json")
    unknown = api.put(url, {"artists": ["nobody"]}, format="json")
    many = api.put(url, {"artists": [f"sad artist {n}" for n in range(4)]}, format="json")

    body = {"artists": [FIRST], "genres": ["Odd"]}
    assert (named.status_code, named.json()) == (200, body)
    assert (unknown.status_code, list(unknown.json()["errors"])) == (400, ["artists"])
    assert (many.status_code, many.json()["code"]) == (400, "invalid")
    assert api.get(url).json() == body
    assert api_of(other).get(url).json() == {"artists": [], "genres": []}
    offered = api.get(f"{url}/choices", {"q": "artist 3"}).json()
    assert offered["artists"][:2] == ["angry artist 3", "calm artist 3"]
    assert api.put(url, {}, format="json").json() == {"artists": [], "genres": []}


def test_a_new_listener_is_led_to_favourites_and_may_skip_them(
    owner: Any, songs: list[Song], client_of: Browser
) -> None:
    client = client_of(owner)
    form = {"answer": "without", "version": "2", "next": ""}

    page = client.post(reverse("welcome"), form, follow=True)

    assert page.redirect_chain[0][0] == reverse("favourites")
    assert "Skip this" in text_of(page)
    assert 'href="/">Skip this' in page.content.decode()


def test_naming_and_taking_back_on_the_page(
    owner: Any, songs: list[Song], client_of: Browser
) -> None:
    genres_make(songs)
    client, url = client_of(owner), reverse("favourites")

    found = client.get(url, {"q": "happy artist"})
    assert FIRST in text_of(found)
    assert "sad artist" not in text_of(found)

    form = {"q": "happy artist", "next": "/settings/"}
    added = client.post(url, {**form, "add_artist": FIRST})
    assert (added.status_code, added["Location"]) == (
        303,
        "/welcome/favourites/?q=happy+artist&next=%2Fsettings%2F",
    )
    client.post(url, {**form, "add_genre": "Even"})
    client.post(url, {**form, "add_artist": "sad artist 1"})
    full = client.post(url, {**form, "add_artist": "sad artist 2"}, follow=True)
    assert "Name at most 3 favourites." in text_of(full)
    assert "That makes 3." in text_of(full)
    assert 'href="/settings/">Go on' in full.content.decode()
    assert names(owner) == [FIRST, "Even", "sad artist 1"]

    client.post(url, {**form, "remove_genre": "Even"})
    client.post(url, {**form, "remove_artist": "never named"})
    assert names(owner) == [FIRST, "sad artist 1"]


def test_the_page_leads_to_no_other_site_and_says_when_nothing_is_found(
    owner: Any, songs: list[Song], client_of: Browser
) -> None:
    page = client_of(owner).get(
        reverse("favourites"), {"q": "zzz", "next": "https://evil.example/"}
    )

    assert "Nothing here is called like that" in text_of(page)
    assert "evil" not in page.content.decode()


def test_the_page_without_songs_lets_one_go_on(owner: Any, client_of: Browser) -> None:
    words = text_of(client_of(owner).get(reverse("favourites")))

    assert "There are no songs here yet." in words
    assert "Skip this" in words
