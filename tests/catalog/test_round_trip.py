"""The catalogue written out and read into an empty one is the same catalogue."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Album, Annotation, Artist, ImportRun, Mood, Placement, Song
from catalog.services import song_hide, song_moods_add, song_moods_remove, song_place
from tests.catalog.factories import ArtistFactory, SongFactory, mood_named
from tests.catalog.tables.files import MOODS
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FORMATS = ["csv", "json", "jspf", "xspf", "m3u8"]


@pytest.fixture
def catalogue(curator: Any) -> None:
    """Songs of all kinds: generated, twins, hidden, judged by all sorts, named to break files."""
    moods = {slug: mood_named(slug) for slug in MOODS}
    ada, grace = ArtistFactory(name='Ada - B, "C"'), ArtistFactory(name="नूर")
    album = Album.objects.create(title="=SUM(A1)", artist=grace, year=1999)
    SongFactory(title="Happy-001", piece="happy-001", moods=["happy"], features={"tempo": 0})
    for _ in range(2):  # twins: one name, two songs
        SongFactory(title="Twin", artist=ada, features={"energy": 0.25, "mfcc": [1.5, -2, 3]})
    full = SongFactory(
        title='\'=1+1; "x" <b>&amp; | #EXTINF:1,a',
        artist=ada,
        album=album,
        track_number=7,
        year=1998,
        genre="lo-fi",
        language="pt-BR",
        explicit=False,
        isrc="GBAYE0601498",
        duration_s=194.754,
        licence="CC-BY-4.0",
        credit="Ada, of \u2028 somewhere".replace("\u2028", "—"),
        origin="spotify",
        origin_id="0aB1cD2eF3gH4iJ5kL6mN7",
        features={"key": 11, "mode": 1, "loudness": -5.123456789, "valence": 1, "tempo": 120.0},
    )
    hidden = SongFactory(title="-Hidden", artist=grace, explicit=True)
    song_hide(songs=[hidden], by=curator)
    song_moods_add(songs=[full, hidden], moods=[moods["sad"]], by=None, source="model")
    song_moods_add(songs=[full], moods=[moods["dark"]], by=None, source="folder")
    song_moods_remove(songs=[full], moods=[moods["sad"]], by=curator, source="curator")
    Annotation.objects.filter(source="model").update(confidence=0.75, detail="some model")
    song_place(song=full, by=curator, source="curator", point=(0.25, -0.5))
    song_place(song=hidden, by=curator, source="curator", ambiguous=True)
    agreed = SongFactory(title="Agreed", artist=grace, moods=["calm"])
    for _ in range(3):
        song_moods_remove(
            songs=[agreed], moods=[moods["calm"]], by=UserFactory(), source="listener"
        )
        song_moods_add(songs=[agreed], moods=[moods["angry"]], by=UserFactory(), source="listener")
    SongFactory(title="Own", owner=curator)


def state() -> dict[str, Any]:
    """All that a file carries, ids included."""
    return {
        "songs": list(
            Song.objects.filter(owner=None).order_by("pk").values(
                "id", "title", "artist__name", "album__title", "album__artist__name",
                "album__year", "track_number", "year", "genre", "language", "explicit", "isrc",
                "duration_s", "licence", "credit", "piece", "origin", "origin_id", "features",
                "valence", "arousal", "placed", "ambiguous", "hidden",
            )
        ),
        "moods": sorted(Song.moods.through.objects.values_list("song_id", "mood__slug")),
        "judged": sorted(
            Annotation.objects.exclude(source="listener")
            .exclude(song__title="Agreed")
            .values_list("song_id", "mood__slug", "source", "present", "confidence", "detail"),
            key=str,
        ),
        "placed": sorted(
            Placement.objects.values_list("song_id", "source", "valence", "arousal", "ambiguous"),
            key=str,
        ),
    }  # fmt: skip


def exported(path: Path, **options: Any) -> Path:
    call_command("export_songs", output=path, **options)
    return path


def imported(path: Path) -> ImportRun:
    call_command("import_songs", path, verbosity=0, stderr=io.StringIO())
    return ImportRun.objects.latest("created_at")


@pytest.mark.parametrize("format", FORMATS)
def test_out_and_in_again_is_the_same(catalogue: None, tmp_path: Path, format: str) -> None:
    before = state()
    assert len(before["songs"]) == 6
    path = exported(tmp_path / f"songs.{format}", format=format)
    # Into an empty catalogue
    for model in (Song, Album, Artist):
        model.objects.all().delete()
    run = imported(path)
    assert (run.created, run.refused, list(run.problems.all())) == (6, 0, [])
    assert state() == before
    # And once more: nothing; nor does an export of it differ
    again = imported(path)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 6)
    assert exported(tmp_path / "again", format=format).read_bytes() == path.read_bytes()


def test_what_listeners_agreed_on_stands_and_who_they_are_stays_here(
    catalogue: None, tmp_path: Path
) -> None:
    path = exported(tmp_path / "a.json", format="json")
    songs = {song["title"]: song for song in json.loads(path.read_text())["songs"]}
    assert "Own" not in songs
    assert songs["Agreed"]["moods"] == ["angry"]
    assert sorted(
        (one["mood"], one["source"], one["present"], one["detail"])
        for one in songs["Agreed"]["annotations"]
        if one["mood"] in ("angry", "calm")
    ) == [
        ("angry", "table", True, "listeners agreed"),
        ("calm", "table", False, "listeners agreed"),
    ]
    sources = {one["source"] for song in songs.values() for one in song["annotations"]}
    assert sources == {"generator", "model", "folder", "curator", "table"}
    assert "listener@" not in path.read_text()
    assert "curator@" not in path.read_text()


def test_spreadsheets_compute_nothing(catalogue: None, tmp_path: Path) -> None:
    path = exported(tmp_path / "a.csv", format="csv")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    cells = [row[name] for row in rows for name in ("title", "artist", "album", "credit")]
    assert "'=SUM(A1)" in cells
    assert "'-Hidden" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_some_moods_only(catalogue: None, tmp_path: Path) -> None:
    path = exported(tmp_path / "a.json", format="json", mood=["dark", "angry"])
    songs = json.loads(path.read_text())["songs"]
    assert [song["moods"] for song in songs] == [["dark"], ["angry"]]
    with pytest.raises(CommandError, match="no mood wistful: angry, calm"):
        call_command("export_songs", mood=["wistful"])


def test_players_find_what_they_look_for(catalogue: None) -> None:
    out = io.StringIO()
    call_command("export_songs", format="m3u8", mood=["happy"], stdout=out)
    song = Song.objects.get(piece="happy-001")
    lines = out.getvalue().splitlines()
    assert lines[:2] == ["#EXTM3U", "#PLAYLIST:MoodMusic"]
    assert lines[2] == f"#EXTINF:50,{song.artist.name} - Happy-001"
    assert lines[4].endswith(f"/songs/{song.pk}/audio")
    assert len(lines) == 5


def test_a_folder_that_is_not_there_and_a_half_written_file(
    catalogue: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        exported(tmp_path / "none" / "a.csv")
    path = tmp_path / "a.csv"
    path.write_text("before")

    def broken(**options: Any) -> Any:
        yield from ()
        raise RuntimeError("half way")

    monkeypatch.setattr("catalog.management.commands.export_songs.song_records", broken)
    with pytest.raises(RuntimeError):
        exported(path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_moods_added_by_hand_in_our_own_table_count(catalogue: None, tmp_path: Path) -> None:
    path = exported(tmp_path / "a.json", format="json", mood=["happy"])
    document = json.loads(path.read_text())
    document["songs"][0]["moods"] = ["happy", "romantic"]
    path.write_text(json.dumps(document))
    assert imported(path).updated == 1
    song = Song.objects.get(piece="happy-001")
    assert sorted(mood.slug for mood in song.moods.all()) == ["happy", "romantic"]
    assert song.annotations.get(mood__slug="romantic", present=True).source == "table"
    assert Mood.objects.count() == len(MOODS)
