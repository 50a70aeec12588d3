"""Lists as files: the owner's, in order, and nobody else's."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from catalog.models import Album, Song
from catalog.tables.formats import table_open
from recommendations.list_export import FORMATS
from recommendations.models import SongList

pytestmark = pytest.mark.django_db

TYPES = {
    "m3u8": "application/vnd.apple.mpegurl",
    "jspf": "application/jspf+json",
    "xspf": "application/xspf+xml",
    "csv": "text/csv; charset=utf-8",
}


@pytest.fixture
def song_list(owner: Any, songs: list[Song], a_list: Any) -> SongList:
    made: SongList = a_list(owner)
    first = made.items.get(position=made.items.earliest("position").position).song
    album = Album.objects.create(title="Tides & <more>", artist=first.artist)
    Song.objects.filter(pk=first.pk).update(title='=Low, "lower"', album=album)
    return made


def titles(song_list: SongList) -> list[str]:
    return [item.song.title for item in song_list.items.select_related("song")]


@pytest.mark.parametrize("format", FORMATS)
def test_a_list_comes_back_in_order(
    song_list: SongList, owner: Any, api_of: Any, tmp_path: Any, format: str
) -> None:
    answer = api_of(owner).get(f"/api/v1/lists/{song_list.pk}/export?format={format}")
    assert (answer.status_code, answer["Content-Type"]) == (200, TYPES[format])
    assert answer["Content-Disposition"].endswith(f'.{format}"')
    assert answer["Cache-Control"] == "no-store"
    path = tmp_path / f"list.{format}"
    path.write_bytes(answer.content)
    wanted = titles(song_list)
    found = [str(item.values["title"]) for item in table_open(path).items if item.values]
    assert [title.lstrip("'") for title in found] == wanted
    assert len(wanted) > 5


def test_each_format_is_what_it_says(song_list: SongList, owner: Any, api_of: Any) -> None:
    def content(format: str) -> str:
        answer = api_of(owner).get(f"/api/v1/lists/{song_list.pk}/export?format={format}")
        return str(answer.content.decode())

    song = song_list.items.earliest("position").song
    address = f"http://127.0.0.1:8000/songs/{song.pk}/audio"
    lines = content("m3u8").splitlines()
    assert lines[0] == "#EXTM3U"
    assert lines[2].startswith("#EXTINF:")
    assert lines[2].endswith(f',{song.artist.name} - =Low, "lower"')
    assert lines[3:5] == ["#EXTALB:Tides & <more>", address]
    track = json.loads(content("jspf"))["playlist"]["track"][0]
    assert (track["title"], track["location"]) == (song.title, [address])
    assert "extension" not in track
    place = "{http://xspf.org/ns/0/}"
    root = ElementTree.fromstring(content("xspf"))  # noqa: S314 - written by us
    first = root.find(f"{place}trackList/{place}track")
    assert first is not None
    assert first.findtext(f"{place}album") == "Tides & <more>"
    assert first.findtext(f"{place}location") == address
    row = next(csv.DictReader(io.StringIO(content("csv"))))
    assert (row["title"], row["location"]) == ("'" + song.title, address)
    assert "annotations" not in row


def test_nobody_else_gets_it(
    song_list: SongList, owner: Any, other: Any, curator: Any, anonymous: Any,
    api_of: Any, client_of: Any,
) -> None:  # fmt: skip
    address = f"lists/{song_list.pk}/export"
    statuses = {
        who: (
            api_of(user).get(f"/api/v1/{address}").status_code,
            client_of(user).get(f"/{address}/").status_code,
        )
        for who, user in
        {"owner": owner, "other": other, "curator": curator, "anonymous": anonymous}.items()
    }  # fmt: skip
    assert statuses == {
        "owner": (200, 200), "other": (404, 404), "curator": (404, 404), "anonymous": (401, 302)
    }  # fmt: skip


def test_another_format_is_refused_in_words(
    song_list: SongList, owner: Any, api_of: Any, client_of: Any
) -> None:
    answer = api_of(owner).get(f"/api/v1/lists/{song_list.pk}/export?format=mp3")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_format")
    assert client_of(owner).get(f"/lists/{song_list.pk}/export/?format=mp3").status_code == 400


def test_songs_hidden_since_are_left_out(
    song_list: SongList, owner: Any, api_of: Any, django_assert_max_num_queries: Any
) -> None:
    hidden = song_list.items.earliest("position").song
    Song.objects.filter(pk=hidden.pk).update(hidden=True)
    with django_assert_max_num_queries(8):
        answer = api_of(owner).get(f"/api/v1/lists/{song_list.pk}/export")
    assert str(hidden.pk) not in answer.content.decode()
    assert answer.content.decode().count("#EXTINF") == song_list.items.count() - 1


def test_the_page_of_a_list_offers_all_formats(
    song_list: SongList, owner: Any, client_of: Any
) -> None:
    html = client_of(owner).get(f"/lists/{song_list.pk}/").content.decode()
    for format in FORMATS:
        assert f'href="/lists/{song_list.pk}/export/?format={format}"' in html


def test_a_list_is_named_by_its_listeners_day(
    song_list: SongList, owner: Any, client_of: Any
) -> None:
    at = datetime(2026, 6, 1, 20, 0, tzinfo=UTC)
    SongList.objects.filter(pk=song_list.pk).update(created_at=at)
    owner.time_zone = "Asia/Kolkata"
    owner.save()

    answer = client_of(owner).get(f"/api/v1/lists/{song_list.pk}/export?format=jspf")

    assert "2026-06-02" in answer["Content-Disposition"]
    assert "2026-06-02" in answer.json()["playlist"]["title"]
