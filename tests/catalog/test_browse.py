"""Pages and API on which the catalogue is browsed: what each persona sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.filters import ORDERINGS
from catalog.models import Album, Annotation, AudioFile, HiddenArtist, Song
from catalog.pages import PAGE
from catalog.services import artist_hide, song_moods_set
from catalog.services.files import song_files_follow
from recommendations.models import Play, Rating
from tests.catalog.factories import ArtistFactory, SongFactory, mood_named
from tests.moodmusic.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(owner: Any, client_of: Callable[[Any], Client]) -> Client:
    return client_of(owner)


def shown(client: Client, query: str = "", address: str = "") -> list[str]:
    response = client.get((address or reverse("music")) + query)
    assert response.status_code == 200
    return [song.title for song in response.context["songs"]]


def heard(api: Any, query: str = "") -> list[str]:
    answer = api.get(f"/api/v1/songs{query}")
    assert answer.status_code == 200, answer.content
    return [song["title"] for song in answer.json()["results"]]


# --- Songs ----------------------------------------------------------------------------------------


def test_an_empty_catalogue_says_what_to_do(page: Client, curator: Any, client_of: Any) -> None:
    for name in ("music", "music_artists", "music_albums"):
        assert "A curator can import" in text_of(page.get(reverse(name))), name
        assert "You are a curator" in text_of(client_of(curator).get(reverse(name))), name


def test_filters_narrow_page_and_api_alike(page: Client, owner: Any, api_of: Any) -> None:
    album = Album.objects.create(title="Album", artist=ArtistFactory(), year=1994)
    SongFactory(title="A", moods=["calm"], language="hi", explicit=True, genre="Rock", year=1991)
    SongFactory(title="B", moods=["happy"], explicit=False, licence="CC-BY-4.0", album=album)
    SongFactory(title="C", licence="", language="en")
    heard_song = SongFactory(title="D", artist__name="Hidden", year=2000)
    Play.objects.create(user=owner, song=heard_song, position_s=30)
    api = api_of(owner)
    for query, expected in {
        "": "ABCD",
        "mood=calm": "A",
        "language=hi": "A",
        "language=unknown": "BD",
        "explicit=yes": "A",
        "explicit=no": "B",
        "explicit=unknown": "CD",
        "licence=CC-BY-4.0": "B",
        "licence=unknown": "C",
        "genre=rock": "A",
        "decade=1990": "AB",
        "unheard=true": "ABC",
        f"album_id={album.pk}": "B",
        f"artist_id={heard_song.artist_id}": "D",
        "ordering=-title": "DCBA",
        "ordering=newest": "DCBA",
        "ordering=oldest": "ABCD",
        "ordering=-year": "DABC",
        "ordering=artist&genre=piano": "BCD",
        "ordering=artist&artist_id=" + str(heard_song.artist_id): "D",
        "mood=calm&decade=2000": "",
    }.items():
        assert "".join(shown(page, f"?{query}")) == expected, query
        assert "".join(heard(api, f"?{query}")) == expected, query


def test_what_counts_as_heard(owner: Any, other: Any, page: Client) -> None:
    glanced, played, rated, others = (SongFactory(title=title) for title in "ABCD")
    Play.objects.create(user=owner, song=glanced, position_s=2)
    Play.objects.create(user=owner, song=played, outcome=Play.Outcome.COMPLETED)
    Rating.objects.create(user=owner, song=rated, stars=3)
    Play.objects.create(user=other, song=others, position_s=99)
    assert shown(page, "?unheard=true") == ["A", "D"]


def test_an_unknown_filter_is_named_on_the_page_and_refused_by_the_api(
    page: Client, owner: Any, api_of: Any
) -> None:
    SongFactory(title="A")
    response = page.get(reverse("music") + "?mood=nonsense&decade=x")
    assert "Not understood and left out: mood, decade." in text_of(response)
    assert [song.title for song in response.context["songs"]] == ["A"]
    answer = api_of(owner).get("/api/v1/songs?decade=x&explicit=maybe&ordering=none")
    assert (answer.status_code, set(answer.json()["errors"])) == (
        400, {"decade", "explicit", "ordering"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["", *(f"ordering={name}" for name in ORDERINGS), "q=same", "ordering=artist&decade=2000"],
)
def test_pages_go_on_without_gap_or_repetition(page: Client, query: str) -> None:
    artists = [ArtistFactory(name=f"Artist {number}") for number in range(4)]
    Song.objects.bulk_create(
        Song(
            title=f"Same {number // 3}",
            artist=artists[number % 4],
            year=[2000, 2001, None][number % 3] if "decade" not in query else 2003,
            duration_s=1,
        )
        for number in range(2 * PAGE + 7)
    )
    seen: list[Any] = []
    after: Any = ""
    for _ in range(3):
        response = page.get(f"{reverse('music')}?{query}&after={after}")
        seen += [song.pk for song in response.context["songs"]]
        after = response.context["after"]
    assert after is None
    assert len(seen) == len(set(seen)) == 2 * PAGE + 7
    if query == "ordering=artist":
        names = [Song.objects.get(pk=pk).artist.name for pk in seen]
        assert names == sorted(names)
    if query == "ordering=-year":
        years = [Song.objects.get(pk=pk).year or 0 for pk in seen]
        assert years == sorted(years, reverse=True)


def test_a_damaged_place_to_go_on_is_the_first_page(page: Client) -> None:
    SongFactory(title="A")
    for after in ("x", "1" * 40, "0" * 32):
        assert shown(page, f"?after={after}") == ["A"]
        for name in ("music_artists", "music_albums"):
            assert page.get(f"{reverse(name)}?after={after}").status_code == 200


def test_a_search_shows_artists_before_songs(page: Client) -> None:
    tide = ArtistFactory(name="Ambro Tide")
    album = Album.objects.create(title="Tidings", artist=tide)
    SongFactory(title="Still Water", artist=tide, album=album)
    SongFactory(title="Other")
    html = page.get(reverse("music") + "?q=amrbo").content.decode()
    assert html.index(">Artists</h2>") < html.index(">Albums</h2>") < html.index("Still Water")
    assert "Other" not in html
    assert "No song is called like “zzzz”" in text_of(page.get(reverse("music") + "?q=zzzz"))


def test_a_page_takes_as_many_queries_for_fifty_songs_as_for_one(
    page: Client, django_assert_max_num_queries: Any
) -> None:
    album = Album.objects.create(title="Album", artist=ArtistFactory())
    for number in range(PAGE):
        SongFactory(moods=["calm"], album=album, track_number=number)
    page.get(reverse("music"))  # fills the choices of the filters
    for address in (reverse("music"), reverse("music_album", args=[album.pk])):
        with django_assert_max_num_queries(7):
            assert len(shown(page, address=address)) == PAGE


# --- Artists, albums, moods, one song -------------------------------------------------------------


def test_artists_are_under_their_first_letter(page: Client, owner: Any, api_of: Any) -> None:
    for name in ("Édith", "Echo", "abba", "2raumwohnung", "लता मंगेशकर", "Nobody"):
        artist = ArtistFactory(name=name)
        if name != "Nobody":
            SongFactory(artist=artist)
    for letter, names in {
        "e": {"Édith", "Echo"},
        "a": {"abba"},
        "other": {"2raumwohnung", "लता मंगेशकर"},
        "": {"Édith", "Echo", "abba", "2raumwohnung", "लता मंगेशकर"},
    }.items():
        response = page.get(f"{reverse('music_artists')}?letter={letter}")
        assert {artist.name for artist in response.context["artists"]} == names
        answer = api_of(owner).get(f"/api/v1/artists?letter={letter}").json()
        assert {artist["name"] for artist in answer["results"]} == names
    found = api_of(owner).get("/api/v1/artists?q=edit").json()["results"]
    assert [artist["name"] for artist in found] == ["Édith"]


def test_an_album_has_its_tracks_in_order(page: Client, owner: Any, api_of: Any) -> None:
    artist = ArtistFactory(name="Ambro Tide")
    album = Album.objects.create(title="Songs of Water", artist=artist, year=1999)
    for title, number in (("Last", None), ("Second", 2), ("First", 1)):
        SongFactory(title=title, artist=artist, album=album, track_number=number)
    assert shown(page, address=reverse("music_album", args=[album.pk])) == [
        "First", "Second", "Last",
    ]  # fmt: skip
    answer = api_of(owner).get(f"/api/v1/albums/{album.pk}").json()
    assert [(song["track_number"], song["title"]) for song in answer.pop("songs")] == [
        (1, "First"), (2, "Second"), (None, "Last"),
    ]  # fmt: skip
    assert answer == {
        "id": album.pk,
        "title": "Songs of Water",
        "artist": "Ambro Tide",
        "artist_id": artist.pk,
        "year": 1999,
        "cover": None,
    }
    assert api_of(owner).get(f"/api/v1/artists/{artist.pk}").json() == {
        "id": artist.pk, "name": "Ambro Tide", "hidden": False, "albums": [answer],
    }  # fmt: skip
    assert api_of(owner).get("/api/v1/albums?q=watre").json()["results"] == [answer]
    song = api_of(owner).get("/api/v1/songs?q=second").json()["results"][0]
    assert song["album"] == {"id": album.pk, "title": "Songs of Water"}


def test_moods_lead_to_their_songs(page: Client) -> None:
    SongFactory(title="Slow", moods=["calm"])
    SongFactory(title="Fast", moods=["energetic"])
    assert "1 song" in text_of(page.get(reverse("music_moods")))
    address = reverse("music_mood", args=["calm"])
    assert shown(page, address=address) == ["Slow"]
    assert shown(page, "?q=fast", address=address) == []
    assert page.get(reverse("music_mood", args=["nonsense"])).status_code == 404


def test_a_song_says_who_said_its_moods_and_names_nobody(
    page: Client, curator: Any, other: Any
) -> None:
    song = SongFactory(moods=["calm"], licence="", credit="")
    song_moods_set(songs=[song], moods=[mood_named("sad")], by=curator, source="curator")
    Annotation.objects.create(
        song=song, mood=mood_named("sad"), source="model", confidence=0.72, detail="mlp"
    )
    Annotation.objects.create(
        song=song, mood=mood_named("sad"), source="listener", author=other, present=False
    )
    text = text_of(page.get(reverse("music_song", args=[song.pk])))
    assert "Sad Yes, says a curator, our model of how songs sound (72% sure)." in text
    assert "No, says a listener, the program that composed it." in text
    assert "Calm Yes, says the program that composed it. No, says a curator." in text
    assert "Angry" not in text  # of which nobody says yes
    assert "@example.org" not in text


def test_what_can_be_played_and_what_cannot(page: Client, owner: Any, api_of: Any) -> None:
    silent, piece = SongFactory(title="A"), SongFactory(title="B", piece="calm-001")
    filed, missing = SongFactory(title="C"), SongFactory(title="D")
    for song, gone in ((filed, None), (missing, "2026-01-01T00:00:00Z")):
        AudioFile.objects.create(
            song=song, path=song.title, size=1, modified_ns=1, digest="d", missing_since=gone
        )
    song_files_follow(song_ids=[filed.pk, missing.pk])
    html = page.get(reverse("music")).content.decode()
    for song, plays in ((silent, False), (piece, True), (filed, True), (missing, False)):
        assert (f'data-song="{song.pk}"' in html) is plays, song.title
        one = page.get(reverse("music_song", args=[song.pk])).content.decode()
        assert bool(re.search(r"\bdata-play[ >]", one)) is plays
        assert bool(api_of(owner).get(f"/api/v1/songs/{song.pk}").json()["audio"]) is plays


# --- Hidden artists -------------------------------------------------------------------------------


def test_a_hidden_artist_is_nowhere_until_asked_for(
    page: Client, owner: Any, other: Any, client_of: Any, api_of: Any
) -> None:
    away, stays = ArtistFactory(name="Away"), ArtistFactory(name="Stays")
    album = Album.objects.create(title="Away Album", artist=away)
    SongFactory(title="Gone", artist=away, album=album)
    SongFactory(title="Here", artist=stays)
    address = reverse("artist_hidden", args=[away.pk])

    response = page.post(address, {"hidden": "yes"}, follow=True)

    assert "You have hidden this artist" in text_of(response)
    assert shown(page) == heard(api_of(owner)) == ["Here"]
    assert shown(page, "?q=gone") == heard(api_of(owner), "?q=gone") == []
    assert shown(page, "?q=away") == []
    assert "Away" not in text_of(page.get(reverse("music_artists")))
    assert "Away" not in text_of(page.get(reverse("music_albums")))
    assert shown(page, "?with_hidden=true") == ["Gone", "Here"]
    assert heard(api_of(owner), "?with_hidden=true") == ["Gone", "Here"]
    assert shown(page, address=reverse("music_artist", args=[away.pk])) == ["Gone"]
    assert shown(client_of(other)) == ["Gone", "Here"]
    assert "Away" in text_of(page.get(reverse("hidden_artists")))
    assert "Away" not in text_of(client_of(other).get(reverse("hidden_artists")))

    page.post(address, {"hidden": "no", "next": reverse("hidden_artists")})
    assert shown(page) == ["Gone", "Here"]
    assert "You have hidden nobody" in text_of(page.get(reverse("hidden_artists")))


def test_hiding_over_the_api_is_idempotent_and_ones_own(
    owner: Any, other: Any, api_of: Any
) -> None:
    artist = SongFactory(artist__name="Away").artist
    api = api_of(owner)
    for _ in range(2):
        assert api.put(f"/api/v1/artists/{artist.pk}/hidden").status_code == 204
    (row,) = api.get("/api/v1/me/hidden-artists").json()["results"]
    assert (row["id"], row["name"], set(row)) == (artist.pk, "Away", {"id", "name", "hidden_at"})
    assert api.get(f"/api/v1/artists/{artist.pk}").json()["hidden"] is True
    assert api_of(other).get("/api/v1/me/hidden-artists").json()["results"] == []
    assert api_of(other).get(f"/api/v1/artists/{artist.pk}").json()["hidden"] is False
    Song.objects.update(hidden=True)  # the artist's last song goes away, and yet:
    for _ in range(2):
        assert api.delete(f"/api/v1/artists/{artist.pk}/hidden").status_code in (204, 404)
    assert not HiddenArtist.objects.exists()
    assert api.put("/api/v1/artists/999999/hidden").status_code == 404


# --- Private songs --------------------------------------------------------------------------------


def test_ones_own_songs_are_seen_by_nobody_else(
    owner: Any, other: Any, curator: Any, client_of: Any, api_of: Any
) -> None:
    artist = ArtistFactory(name="Secret Artist")
    album = Album.objects.create(title="Secret Album", artist=artist)
    song = SongFactory(
        title="Secret Song",
        artist=artist,
        album=album,
        owner=owner,
        genre="Secret Genre",
        piece="x",
    )
    SongFactory(title="Open")
    pages = [
        reverse("music"), reverse("music") + "?q=secret", reverse("music_artists"),
        reverse("music_artists") + "?letter=s", reverse("music_albums"), reverse("music_moods"),
    ]  # fmt: skip
    own = [
        reverse("music_song", args=[song.pk]), reverse("music_artist", args=[artist.pk]),
        reverse("music_album", args=[album.pk]),
    ]  # fmt: skip
    lists = ["songs", "songs?q=secret", "artists", "artists?q=secret", "albums", "albums?q=secret"]
    things = [f"songs/{song.pk}", f"artists/{artist.pk}", f"albums/{album.pk}"]

    for user, sees in ((owner, True), (other, False), (curator, False)):
        client, api = client_of(user), api_of(user)
        for address in pages[:-1]:
            assert ("Secret" in text_of(client.get(address)).replace("?q=secret", "")) is sees
        for address in own:
            assert client.get(address).status_code == (200 if sees else 404), address
        for where in lists:
            assert ("Secret" in api.get(f"/api/v1/{where}").content.decode()) is sees, where
        for where in things:
            assert api.get(f"/api/v1/{where}").status_code == (200 if sees else 404), where
        hide = api.put(f"/api/v1/artists/{artist.pk}/hidden")
        assert hide.status_code == (204 if sees else 404)
        posted = client.post(reverse("artist_hidden", args=[artist.pk]), {"hidden": "no"})
        assert posted.status_code == (303 if sees else 404)
        # What there is to choose among is counted over everybody's songs.
        assert "Secret Genre" not in client.get(reverse("music") + "?q=open").content.decode()


def test_anonymous_visitors_are_asked_to_sign_in(
    anonymous: Any, owner: Any, client_of: Any, api_of: Any
) -> None:
    album = Album.objects.create(title="Album", artist=ArtistFactory())
    song = SongFactory(album=album)
    for name, args in (
        ("music", []), ("music_artists", []), ("music_albums", []), ("music_moods", []),
        ("music_mood", ["calm"]), ("music_song", [song.pk]), ("music_artist", [song.artist_id]),
        ("music_album", [album.pk]), ("hidden_artists", []),
    ):  # fmt: skip
        response = client_of(anonymous).get(reverse(name, args=args))
        assert (response.status_code, response["Location"].split("?")[0]) == (
            302,
            "/accounts/login/",
        )
    for where in ("artists", "albums", f"artists/{song.artist_id}", "me/hidden-artists"):
        assert api_of(anonymous).get(f"/api/v1/{where}").status_code == 401


def test_an_erased_listener_leaves_no_hidden_artist(owner: Any, other: Any) -> None:
    artist = SongFactory().artist
    for user in (owner, other):
        artist_hide(user=user, artist=artist)
    owner.delete()
    assert [row.user for row in HiddenArtist.objects.all()] == [other]
