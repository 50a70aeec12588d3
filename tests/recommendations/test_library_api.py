"""Playlists, library and taste for phones."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Song
from recommendations.models import Playlist, TasteEdit
from recommendations.services import rating_set
from tests.recommendations.factories import PlayFactory, VerdictFactory

API = "/api/v1"


def test_a_playlist_from_its_making_to_its_end(
    owner: Any, anonymous: Any, songs: list[Song], api_of: Any, client_of: Any
) -> None:
    api, ids = api_of(owner), [str(song.pk) for song in songs[:3]]

    made = api.post(f"{API}/playlists", {"name": "Road"}, format="json")
    assert (made.status_code, made.json()["songs"], made.json()["items"]) == (201, 0, [])
    where = f"{API}/playlists/{made.json()['id']}"
    for key in (*ids, ids[0]):
        added = api.post(f"{where}/songs", {"song": key}, format="json")
    assert [song["id"] for song in added.json()["items"]] == ids

    version = added.json()["version"]
    wanted = {"songs": ids[::-1], "version": version}
    ordered = api.put(f"{where}/songs", wanted, format="json")
    assert [song["id"] for song in ordered.json()["items"]] == ids[::-1]
    late = api.put(f"{where}/songs", wanted, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "playlist_changed")

    named = api.patch(where, {"description": "South"}, format="json").json()
    assert (named["name"], named["description"], named["link"]) == ("Road", "South", None)
    link = api.put(f"{where}/link").json()["link"]
    assert api.get(f"{API}/playlists").json()["results"][0]["link"] == link
    path = link.removeprefix("http://testserver")
    assert client_of(anonymous).get(path).status_code == 200
    assert api.delete(f"{where}/link").status_code == 204
    assert client_of(anonymous).get(path).status_code == 404

    assert songs[0].title in api.get(f"{where}/export", {"format": "csv"}).content.decode()
    assert api.delete(f"{where}/songs/{ids[0]}").status_code == 204
    assert api.get(where).json()["songs"] == 2
    assert api.delete(where).status_code == 204
    assert not Playlist.objects.exists()


def test_a_playlist_may_begin_with_a_list(
    owner: Any, songs: list[Song], a_list: Any, api_of: Any
) -> None:
    song_list = a_list(owner, size=7)
    asked = {"name": "Kept", "list": str(song_list.pk)}

    made = api_of(owner).post(f"{API}/playlists", asked, format="json").json()

    wanted = [str(pk) for pk in song_list.items.values_list("song", flat=True)]
    assert [song["id"] for song in made["items"]] == wanted


def test_favourites_most_played_and_history(owner: Any, songs: list[Song], api_of: Any) -> None:
    api = api_of(owner)
    rating_set(user=owner, song=songs[0], stars=5)
    for song in (*songs[:60], songs[1]):
        PlayFactory(user=owner, song=song, outcome="completed", emotion="sad")
    PlayFactory(user=owner, song=songs[2], private=True)

    (favourite,) = api.get(f"{API}/library/favourites").json()["results"]
    assert (favourite["song"]["id"], favourite["stars"]) == (str(songs[0].pk), 5)
    most = api.get(f"{API}/library/most-played", {"period": "week"}).json()
    assert (most[0]["song"]["title"], most[0]["plays"], len(most)) == (songs[1].title, 2, 50)
    wrong = api.get(f"{API}/library/most-played", {"period": "century"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["period"])

    first = api.get(f"{API}/library/history").json()
    rest = api.get(f"{API}/library/history", {"after": first["after"]}).json()
    assert (len(first["plays"]), len(rest["plays"]), rest["after"]) == (50, 12, None)
    assert [play["used"] for play in first["plays"][:2]] == [False, True]
    assert api.delete(f"{API}/library/history/{first['plays'][1]['id']}").status_code == 204
    assert owner.plays.count() == 61
    assert api.delete(f"{API}/library/history").status_code == 204
    assert not owner.plays.exists()


def test_taste_is_read_changed_and_taken_back(owner: Any, songs: list[Song], api_of: Any) -> None:
    api = api_of(owner)
    rating = rating_set(user=owner, song=songs[0], stars=5)
    verdict = VerdictFactory(user=owner, song=songs[1])

    found = api.get(f"{API}/taste", {"emotion": "happy"}).json()
    mine = next(one for one in found["beliefs"] if one["key"] == str(songs[0].pk))
    assert mine["strength"] == pytest.approx(0.3)
    assert (mine["kind"], mine["degree"]) == ("song", "strong")
    assert mine["sources"] == {str(songs[0].pk): pytest.approx(0.3)}

    asked = {"kind": "rating", "key": str(rating.pk), "do": "stars", "stars": 2}
    edit = api.post(f"{API}/taste/edits", asked, format="json")
    assert (edit.status_code, edit.json()["kind"]) == (201, "stars")
    assert api.post(f"{API}/taste/edits", asked, format="json").status_code == 204
    wrong = {"kind": "verdict", "key": str(verdict.pk), "do": "stars", "stars": 2}
    assert api.post(f"{API}/taste/edits", wrong, format="json").status_code == 400

    reset = api.post(f"{API}/taste/reset", {"emotion": None}, format="json").json()
    assert (reset["whole"], owner.ratings.count()) == (True, 0)
    listed = api.get(f"{API}/taste/edits").json()
    assert [one["id"] for one in listed] == [reset["id"], edit.json()["id"]]
    for one in listed:
        assert api.delete(f"{API}/taste/edits/{one['id']}").status_code == 204
    rating.refresh_from_db()
    assert (rating.stars, owner.verdicts.count(), TasteEdit.objects.count()) == (5, 1, 0)
    assert rating.updated_at < timezone.now()
