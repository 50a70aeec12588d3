"""Playlists: made, filled, ordered, renamed, shared by a link, saved and deleted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from catalog.models import Song
from moodmusic.problems import DomainError
from recommendations.library import playlists as services
from recommendations.library.selectors import playlist_items
from recommendations.models import Playlist, PlaylistItem, SongList
from tests.factories import UserFactory

Make = Callable[..., SongList]


@pytest.fixture
def mine(owner: Any, songs: list[Song]) -> Playlist:
    """A playlist of five songs."""
    return services.playlist_make(
        user=owner, name="Rainy days", songs=[song.pk for song in songs[:5]]
    )


def order_of(playlist: Playlist) -> list[Any]:
    return [item.song_id for item in playlist_items(playlist)]


def page_of(playlist: Playlist) -> str:
    return reverse("playlist", args=[playlist.pk])


def songs_of(playlist: Playlist) -> str:
    return reverse("playlist_songs", args=[playlist.pk])


# --- Making and filling ---------------------------------------------------------------------------


def test_a_list_kept_as_a_playlist_has_its_songs_in_order(
    owner: Any, songs: list[Song], a_list: Make, client_of: Any
) -> None:
    song_list = a_list(owner)
    client = client_of(owner)
    assert (
        "Keep as a playlist"
        in client.get(reverse("list_detail", args=[song_list.pk])).content.decode()
    )

    answer = client.post(reverse("list_keep", args=[song_list.pk]))

    playlist = Playlist.objects.get(user=owner)
    assert (answer.status_code, answer["Location"]) == (303, page_of(playlist))
    assert playlist.name.startswith("Match, happy, ")
    wanted = list(song_list.items.order_by("position").values_list("song", flat=True))
    assert order_of(playlist) == wanted


def test_making_renaming_and_deleting_on_the_pages(owner: Any, client_of: Any) -> None:
    client = client_of(owner)

    answer = client.post(reverse("playlists"), {"name": "  Long   drives "})
    playlist = Playlist.objects.get()
    assert (answer.status_code, playlist.name) == (303, "Long drives")

    words = {"name": "Longer drives", "description": "For the night.\nWindows open."}
    assert client.post(page_of(playlist), words).status_code == 303
    page = client.get(page_of(playlist)).content.decode()
    assert "Longer drives" in page
    assert "For the night.<br>Windows open." in page

    client.post(reverse("playlist_delete", args=[playlist.pk]))
    assert not Playlist.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "\0", "x" * 81])
def test_a_playlist_needs_a_name_that_is_not_too_long(
    owner: Any, mine: Playlist, client_of: Any, name: str
) -> None:
    client = client_of(owner)

    made = client.post(reverse("playlists"), {"name": name})
    renamed = client.post(page_of(mine), {"name": name})

    assert (made.status_code, renamed.status_code) == (400, 400)
    assert 'role="alert"' in made.content.decode()
    mine.refresh_from_db()
    assert (mine.name, Playlist.objects.count()) == ("Rainy days", 1)


def test_a_playlist_that_another_window_deleted_is_not_found(mine: Playlist) -> None:
    gone = Playlist.objects.get()
    services.playlist_delete(playlist=mine)

    for change in (
        lambda: services.playlist_describe(playlist=gone, name="Late", description=""),
        lambda: services.playlist_share(playlist=gone),
        lambda: services.playlist_remove(playlist=gone, song_id=gone.pk),
    ):
        with pytest.raises(DomainError) as refused:
            change()
        assert refused.value.status == 404


def test_there_is_a_most_of_playlists_and_of_songs(
    owner: Any, mine: Playlist, songs: list[Song], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_SONGS", 5)
    monkeypatch.setattr(services, "MOST_PLAYLISTS", 1)

    for refused in (
        lambda: services.playlist_add(playlist=mine, song=songs[9]),
        lambda: services.playlist_make(user=owner, name="One more"),
    ):
        with pytest.raises(DomainError) as raised:
            refused()
        assert (raised.value.code, raised.value.status) == ("too_many", 409)
    assert order_of(mine) == [song.pk for song in songs[:5]]


def test_a_song_is_in_a_playlist_once(owner: Any, mine: Playlist, songs: list[Song]) -> None:
    assert services.playlist_add(playlist=mine, song=songs[5])
    version = mine.version

    assert not services.playlist_add(playlist=mine, song=songs[0])

    mine.refresh_from_db()
    assert (mine.version, order_of(mine)) == (version, [song.pk for song in songs[:6]])
    twice = services.playlist_make(user=owner, name="Twice", songs=[songs[0].pk, songs[0].pk])
    assert order_of(twice) == [songs[0].pk]
    # Whatever a program does, the database lets neither a song nor a place be taken twice.
    for row in ({"song": songs[0], "position": 99}, {"song": songs[9], "position": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlaylistItem.objects.create(playlist=mine, **row)


def test_any_song_can_be_added_from_its_own_address(
    owner: Any, mine: Playlist, songs: list[Song], client_of: Any
) -> None:
    client, song = client_of(owner), songs[8]
    address = reverse("playlist_add", args=[song.pk])

    page = client.get(address, {"next": "/music/"}).content.decode()
    assert "<title>" in page
    assert 'href="/music/"' in page
    answer = client.post(address, {"do": f"add:{mine.pk}", "next": "/music/"})
    assert (answer.status_code, answer["Location"]) == (303, "/music/")
    assert order_of(mine)[-1] == song.pk

    # In a row of a page, htmx gets the piece alone, which says what was done.
    piece = client.post(address, {"do": f"remove:{mine.pk}"}, HTTP_HX_REQUEST="true")
    assert "<title>" not in piece.content.decode()
    assert "Taken out of “Rainy days”." in piece.content.decode()
    assert song.pk not in order_of(mine)
    piece = client.post(address, {"name": "Brand new", "do": "new"}, HTTP_HX_REQUEST="true")
    assert "Added to “Brand new”." in piece.content.decode()
    assert order_of(Playlist.objects.get(name="Brand new")) == [song.pk]
    empty = client.post(address, {"name": "", "do": "new"}, HTTP_HX_REQUEST="true")
    assert "Give the playlist a name." in empty.content.decode()
    elsewhere = client.post(address, {"do": f"add:{mine.pk}", "next": "https://evil.example/"})
    assert elsewhere["Location"] == address


# --- Order ----------------------------------------------------------------------------------------


def test_an_order_given_again_and_again_keeps_every_song(mine: Playlist, songs: list[Song]) -> None:
    ids = [song.pk for song in songs[:5]]

    for turn in range(12):
        ids = [*ids[2:], *ids[:2]][:: -1 if turn % 2 else 1]
        services.playlist_order(playlist=mine, songs=ids, version=mine.version)
        assert order_of(mine) == ids
    services.playlist_remove(playlist=mine, song_id=ids[1])
    services.playlist_add(playlist=mine, song=songs[30])

    assert order_of(mine) == [ids[0], *ids[2:], songs[30].pk]
    assert max(mine.items.values_list("position", flat=True)) < 30


def test_two_windows_cannot_lose_each_others_songs(
    owner: Any, mine: Playlist, songs: list[Song], client_of: Any
) -> None:
    # Given a page with an order, and another window that adds a song meanwhile
    ids, seen = order_of(mine), mine.version
    services.playlist_add(playlist=Playlist.objects.get(pk=mine.pk), song=songs[20])
    client = client_of(owner)
    asked = {"version": seen, "order": [str(pk) for pk in reversed(ids)]}

    # With htmx, the page is loaded anew and says why; the order is as the other window left it.
    answer = client.post(songs_of(mine), asked, HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
    assert "changed elsewhere" in client.get(page_of(mine)).content.decode()
    assert order_of(mine) == [*ids, songs[20].pk]

    # A program is told the same with a code.
    with pytest.raises(DomainError) as refused:
        services.playlist_order(playlist=mine, songs=ids, version=seen)
    assert (refused.value.code, refused.value.status) == ("playlist_changed", 409)


def test_an_order_names_the_songs_of_the_playlist(mine: Playlist, songs: list[Song]) -> None:
    ids = order_of(mine)
    for wrong in ([*ids, songs[20].pk], [*ids, ids[0]]):
        with pytest.raises(DomainError) as refused:
            services.playlist_order(playlist=mine, songs=wrong, version=mine.version)
        assert refused.value.code == "invalid"
    assert order_of(mine) == ids


def test_songs_hidden_meanwhile_are_not_lost_by_an_order(mine: Playlist, songs: list[Song]) -> None:
    ids = order_of(mine)
    Song.objects.filter(pk=ids[1]).update(hidden=True)
    assert order_of(mine) == [ids[0], *ids[2:]]

    shown = list(reversed(order_of(mine)))
    services.playlist_order(playlist=mine, songs=shown, version=mine.version)

    Song.objects.filter(pk=ids[1]).update(hidden=False)
    assert order_of(mine) == [*shown, ids[1]]


def test_without_javascript_buttons_move_and_remove(
    owner: Any, mine: Playlist, client_of: Any
) -> None:
    client, ids = client_of(owner), order_of(mine)

    def press(do: str) -> None:
        version = Playlist.objects.get(pk=mine.pk).version
        answer = client.post(songs_of(mine), {"do": do, "version": version})
        assert (answer.status_code, answer["Location"]) == (303, page_of(mine))

    press(f"down:{ids[0]}")
    press(f"up:{ids[4]}")
    press(f"up:{ids[1]}")  # first already
    press(f"remove:{ids[2]}")

    assert order_of(mine) == [ids[1], ids[0], ids[4], ids[3]]


def test_a_version_that_is_no_number_to_read_is_a_changed_playlist(
    mine: Playlist, client_of: Any
) -> None:
    asked = {"do": f"down:{order_of(mine)[0]}", "version": "9" * 5000}

    answer = client_of(mine.user).post(songs_of(mine), asked, follow=True)

    assert answer.status_code == 200
    assert "changed elsewhere" in answer.content.decode()


def test_an_order_by_htmx_comes_back_with_its_new_version(
    owner: Any, mine: Playlist, client_of: Any
) -> None:
    client, ids = client_of(owner), [str(pk) for pk in reversed(order_of(mine))]

    for _turn in range(2):
        piece = client.get(page_of(mine)).content.decode()
        version = re.search(r'name="version" value="(\d+)"', piece)
        assert version
        asked = {"version": version[1], "order": ids}
        piece = client.post(songs_of(mine), asked, HTTP_HX_REQUEST="true").content.decode()
        assert re.findall(r'name="order" value="([^"]+)"', piece) == ids
        ids.reverse()


# --- Sharing --------------------------------------------------------------------------------------


def test_a_link_shows_the_songs_to_anybody_until_it_is_taken_back(
    owner: Any, other: Any, anonymous: Any, mine: Playlist, client_of: Any
) -> None:
    client = client_of(owner)
    client.post(reverse("playlist_share", args=[mine.pk]), {"shared": "yes"})
    mine.refresh_from_db()
    link = reverse("shared_playlist", args=[mine.share_token])
    assert f"http://testserver{link}" in client.get(page_of(mine)).content.decode()

    nobody = client_of(anonymous).get(link)
    theirs = client_of(other).get(link).content.decode()

    page = nobody.content.decode()
    assert nobody["X-Robots-Tag"] == "noindex, nofollow"
    assert nobody["Referrer-Policy"] == "no-referrer"
    assert "no-store" in nobody["Cache-Control"]
    for item in playlist_items(mine):
        assert item.song.title in page
        assert item.song.title in theirs
        assert item.song.artist.name in page
    assert "Licence: CC0-1.0" in page
    assert "data-audio" not in page
    assert owner.email not in page + theirs
    assert "Change it or take the link back" not in theirs
    assert "Change it or take the link back" in client.get(link).content.decode()

    client.post(reverse("playlist_share", args=[mine.pk]), {"shared": "no"})
    for persona in (owner, other, anonymous):
        assert client_of(persona).get(link).status_code == 404


def test_a_token_has_192_bits_and_each_link_is_another(mine: Playlist) -> None:
    first = services.playlist_share(playlist=mine)
    assert services.playlist_share(playlist=mine) == first
    assert re.fullmatch(r"[\w-]{32}", first)

    services.playlist_unshare(playlist=mine)
    services.playlist_unshare(playlist=mine)

    assert services.playlist_share(playlist=mine) != first


@pytest.mark.parametrize("token", ["none", "null", "%00", "x" * 32, "x" * 500])
def test_an_unknown_link_is_not_found(
    mine: Playlist, anonymous: Any, client_of: Any, token: str
) -> None:
    assert client_of(anonymous).get(f"/shared/{token}/").status_code == 404


def test_private_and_hidden_songs_are_never_shown_to_others(
    owner: Any, other: Any, mine: Playlist, songs: list[Song], client_of: Any
) -> None:
    # Given a file of the owner's own and a song that was hidden
    Song.objects.filter(pk=songs[0].pk).update(owner=owner, title="My own demo")
    Song.objects.filter(pk=songs[1].pk).update(hidden=True)
    link = reverse("shared_playlist", args=[services.playlist_share(playlist=mine)])

    assert "My own demo" in client_of(owner).get(page_of(mine)).content.decode()
    for persona in (owner, other):
        page = client_of(persona).get(link).content.decode()
        assert "My own demo" not in page
        assert songs[1].title not in page
        assert songs[2].title in page
    # Nor can others put such a song into a playlist of theirs.
    theirs = services.playlist_make(user=other, name="Theirs", songs=[songs[0].pk, songs[2].pk])
    assert order_of(theirs) == [songs[2].pk]
    add = reverse("playlist_add", args=[songs[0].pk])
    assert client_of(other).post(add, {"do": f"add:{theirs.pk}"}).status_code == 404


def test_a_listener_who_goes_takes_playlists_and_links_along(owner: Any, mine: Playlist) -> None:
    services.playlist_share(playlist=mine)

    owner.delete()

    assert not PlaylistItem.objects.exists()


# --- Saving ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["m3u8", "jspf", "xspf", "csv"])
def test_a_playlist_is_saved_for_other_players(
    owner: Any, mine: Playlist, songs: list[Song], client_of: Any, format: str
) -> None:
    answer = client_of(owner).get(reverse("playlist_export", args=[mine.pk]), {"format": format})

    text = answer.content.decode()
    assert f'filename="moodmusic-rainy-days.{format}"' in answer["Content-Disposition"]
    places = [text.index(song.title) for song in songs[:5]]
    assert places == sorted(places)
    if format == "jspf":
        assert json.loads(text)["playlist"]["title"] == "Rainy days"


def test_an_unknown_format_is_refused(owner: Any, mine: Playlist, client_of: Any) -> None:
    address = reverse("playlist_export", args=[mine.pk])
    assert client_of(owner).get(address, {"format": "exe"}).status_code == 400


# --- Whose --------------------------------------------------------------------------------------


def test_others_playlists_are_not_found(
    owner: Any, other: Any, anonymous: Any, mine: Playlist, songs: list[Song], client_of: Any
) -> None:
    before = (mine.name, mine.version, order_of(mine), mine.share_token)
    gets = [page_of(mine), reverse("playlist_export", args=[mine.pk])]
    posts = {
        page_of(mine): {"name": "Stolen"},
        songs_of(mine): {"do": f"remove:{songs[0].pk}"},
        reverse("playlist_share", args=[mine.pk]): {"shared": "yes"},
        reverse("playlist_delete", args=[mine.pk]): {},
        reverse("playlist_add", args=[songs[9].pk]): {"do": f"add:{mine.pk}"},
    }

    for persona, status in ((other, 404), (UserFactory(), 404), (anonymous, 302)):
        client = client_of(persona)
        for address in gets:
            assert client.get(address).status_code == status, address
        for address, asked in posts.items():
            assert client.post(address, asked).status_code == status, address
    assert "Rainy days" not in client_of(other).get(reverse("playlists")).content.decode()

    mine.refresh_from_db()
    assert (mine.name, mine.version, order_of(mine), mine.share_token) == before


def test_a_list_of_others_cannot_be_kept(
    owner: Any, other: Any, songs: list[Song], a_list: Make, client_of: Any
) -> None:
    song_list = a_list(owner)

    assert client_of(other).post(reverse("list_keep", args=[song_list.pk])).status_code == 404
    with pytest.raises(DomainError) as refused:
        services.playlist_of_list(user=other, song_list=song_list, name="Theirs")
    assert refused.value.status == 404
    assert not Playlist.objects.exists()


def test_a_long_playlist_costs_no_more_queries_than_a_short_one(
    owner: Any, songs: list[Song], client_of: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of(owner)
    long = services.playlist_make(user=owner, name="All", songs=[song.pk for song in songs])

    with django_assert_max_num_queries(10):
        assert client.get(page_of(long)).status_code == 200
    with django_assert_max_num_queries(12):
        services.playlist_order(
            playlist=long, songs=list(reversed(order_of(long))), version=long.version
        )


def test_a_playlist_of_a_long_list_costs_no_more_queries_than_of_a_short_one(
    owner: Any, songs: list[Song], django_assert_max_num_queries: Any
) -> None:
    for number in (2, 50):
        with django_assert_max_num_queries(10):
            made = services.playlist_make(
                user=owner, name="Long", songs=[song.pk for song in songs[:number]]
            )
        assert made.items.count() == number
