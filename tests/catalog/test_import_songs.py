"""Importing tables: rows become songs once, moods judgements, and nothing else is touched."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Album, Annotation, Artist, ImportRun, Revision, Song
from catalog.services import tables
from catalog.services.consensus import consensus_apply
from tests.catalog.factories import ArtistFactory, SongFactory, mood_named
from tests.catalog.tables.files import (
    ECHONEST,
    FIRST,
    FMA,
    JAMENDO,
    MOODED,
    MOODS,
    SECOND,
    SPOTIFY,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _moods(db: None) -> None:
    for slug in MOODS:
        mood_named(slug)


def imported(path: Path, **options: Any) -> ImportRun:
    """The run that the command leaves behind."""
    call_command("import_songs", path, verbosity=0, stderr=io.StringIO(), **options)
    return ImportRun.objects.latest("created_at")


def counts(run: ImportRun) -> tuple[int, int, int, int, int]:
    return run.done, run.created, run.updated, run.unchanged, run.refused


def state() -> dict[str, Any]:
    """All that imports write, without what differs by time."""
    return {
        "songs": list(Song.objects.order_by("title", "pk").values(
            "title", "artist__name", "album__title", "year", "genre", "isrc", "duration_s",
            "licence", "origin", "origin_id", "features", "valence", "placed", "mood_confidence",
        )),
        "moods": sorted(Song.objects.values_list("title", "moods__slug"), key=str),
        "judged": sorted(
            Annotation.objects.values_list("song__title", "mood__slug", "source", "detail")
        ),
        "history": sorted(
            Song.history.values_list("title", "history_type", "history_change_reason")
        ),
        "others": (
            sorted(Artist.objects.values_list("name")),
            sorted(Album.objects.values_list("artist__name", "title", "year")),
        ),
    }  # fmt: skip


def test_rows_become_songs_with_all_they_say(tmp_path: Path) -> None:
    before = Revision.objects.values_list("number", flat=True).first() or 0
    run = imported(written(tmp_path, "list.csv", SPOTIFY), licence="CC-BY-4.0")
    assert counts(run) == (3, 2, 0, 1, 0)
    assert (run.state, run.total) == ("done", 3)
    song = Song.objects.get(origin="spotify", origin_id=FIRST)
    assert (song.title, song.artist.name, song.album.title) == ("Low, Lower", "Ada", "First Light")
    assert (song.year, song.genre, song.licence) == (2019, "pop", "CC-BY-4.0")
    assert song.features["energy"] == 0.9
    assert song.revision > before
    history = song.history.get()
    assert (history.history_type, history.history_change_reason) == ("+", "imported from list.csv")
    assert history.title == "Low, Lower"


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "list.csv", SPOTIFY)
    moods = written(tmp_path, "moods.csv", MOODED)
    imported(path)
    imported(moods)
    after = state()
    assert counts(imported(path)) == (3, 0, 0, 3, 0)
    assert counts(imported(moods)) == (2, 0, 0, 2, 0)
    assert counts(imported(path, update=True)) == (3, 0, 0, 3, 0)
    assert state() == after


def test_moods_are_judgements_of_the_table_and_people_outrank_them(
    tmp_path: Path, curator: Any
) -> None:
    from catalog.services import song_moods_set

    run = imported(written(tmp_path, "moods.csv", MOODED))
    assert run.created == 2
    ebb = Song.objects.get(title="Ebb")
    judged = ebb.annotations.get()
    assert (judged.source, judged.detail, judged.author) == ("table", "moods.csv", None)
    assert [mood.slug for mood in ebb.moods.all()] == ["calm"]
    assert (ebb.valence, ebb.arousal) == (judged.mood.valence, judged.mood.arousal)
    assert (ebb.placed, ebb.mood_confidence) == (True, 1.0)
    # A curator says otherwise; the same judgement in another table changes nothing.
    song_moods_set(songs=[ebb], moods=[mood_named("sad")], by=curator, source="curator")
    run = imported(written(tmp_path, "other.csv", MOODED))
    assert (run.created, run.updated) == (0, 2)
    assert [mood.slug for mood in ebb.moods.all()] == ["sad"]


def test_a_table_adds_moods_to_songs_of_another(tmp_path: Path) -> None:
    imported(written(tmp_path, "list.csv", SPOTIFY))
    run = imported(written(tmp_path, "moods.csv", MOODED))
    assert counts(run) == (2, 1, 1, 0, 0)
    ebb = Song.objects.get(origin_id=SECOND)
    assert [mood.slug for mood in ebb.moods.all()] == ["calm"]
    assert ebb.album.title == "Tides"
    assert ebb.history.count() == 2


def test_update_replaces_what_the_table_says_and_nothing_else(tmp_path: Path) -> None:
    imported(written(tmp_path, "list.csv", SPOTIFY))
    new = f"track_id,title,artist,album,genre,energy\n{FIRST},Low,Ada,Second Light,,0.1\n"
    path = written(tmp_path, "new.csv", new)
    assert counts(imported(path, origin="spotify")) == (1, 0, 0, 1, 0)
    assert Song.objects.get(origin_id=FIRST).title == "Low, Lower"
    run = imported(path, origin="spotify", update=True)
    assert counts(run) == (1, 0, 1, 0, 0)
    song = Song.objects.get(origin_id=FIRST)
    assert (song.title, song.album.title, song.genre) == ("Low", "Second Light", "pop")
    assert (song.features["energy"], song.features["valence"]) == (0.1, 0.5)
    assert [row.history_type for row in song.history.order_by("history_id")] == ["+", "~"]
    assert Song.objects.get(origin_id=SECOND).title == "Ebb"
    assert counts(imported(path, origin="spotify", update=True)) == (1, 0, 0, 1, 0)


def test_songs_without_ids_are_found_by_isrc_or_name(tmp_path: Path) -> None:
    there = SongFactory(title="Don\u2019t  Stop!", artist=ArtistFactory(name="THE Band"))
    coded = SongFactory(title="Rise", isrc="GBAYE0601498")
    rows = (
        "title,artist,isrc\ndon't stop,The band,\nAnything,Anyone,GB-AYE-06-01498\n"
        "Don't stop,Another,\nनमस्ते,अ,\nनमस्ता,अ,\nNEW,x,\nnew!,X,\n"
    )
    run = imported(written(tmp_path, "a.csv", rows), update=False)
    assert counts(run) == (7, 4, 0, 3, 0)
    assert Song.objects.filter(origin="a").count() == 4
    for song in (there, coded):
        song.refresh_from_db()
        assert song.origin == ""


def test_a_song_without_an_id_may_get_one(tmp_path: Path) -> None:
    song = SongFactory(title="Ebb", artist=ArtistFactory(name="Grace"))
    path = written(tmp_path, "list.csv", SPOTIFY)
    assert counts(imported(path)) == (3, 1, 0, 2, 0)
    assert counts(imported(path, update=True)) == (3, 0, 1, 2, 0)
    song.refresh_from_db()
    assert (song.origin, song.origin_id, song.genre) == ("spotify", SECOND, "rock")


def test_ids_stand_in_for_titles_until_they_are_known(tmp_path: Path) -> None:
    run = imported(written(tmp_path, "tags.tsv", JAMENDO))
    assert counts(run) == (2, 2, 0, 0, 0)
    assert set(Song.objects.values_list("title", flat=True)) == {"track_0000948", "track_0000950"}
    imported(written(tmp_path, "echonest.json", ECHONEST))
    run = imported(written(tmp_path, "fma.csv", FMA), update=True)
    food = Song.objects.get(origin="fma", origin_id="2")
    assert (food.title, food.features["energy"]) == ("Food", 0.5)
    assert (food.licence, food.language) == ("CC-BY-NC-SA-3.0", "en")
    # A table without titles takes none away.
    assert counts(imported(tmp_path / "echonest.json", update=True)) == (2, 0, 0, 2, 0)
    food.refresh_from_db()
    assert food.title == "Food"


def test_a_listeners_own_song_is_left_alone(tmp_path: Path, owner: Any) -> None:
    mine = SongFactory(title="Ebb", origin="spotify", origin_id=SECOND, owner=owner)
    named = SongFactory(title="Low, Lower", artist=ArtistFactory(name="Ada"), owner=owner)
    run = imported(written(tmp_path, "list.csv", SPOTIFY), update=True)
    assert counts(run) == (3, 1, 0, 1, 1)
    assert [one.code for one in run.problems.filter(place="3")] == ["private_song"]
    mine.refresh_from_db()
    named.refresh_from_db()
    assert (mine.genre, named.origin_id) == ("piano", "")


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    imported(written(tmp_path, "list.csv", SPOTIFY))
    before = state()
    revision = Revision.objects.get().number
    new = SPOTIFY + f"{'b' * 22},{'x' * 300},Ada,A,2000,pop,2,0,0,0,0,0,0,0,0,0,0,0\n"
    path = written(tmp_path, "new.csv", new + MOODED.splitlines()[2] + "\n")
    out, err = io.StringIO(), io.StringIO()
    call_command("import_songs", path, dry_run=True, update=True, stdout=out, stderr=err)
    assert "Would add 0 songs of 5 rows; 0 updated, 3 unchanged, 2 refused." in out.getvalue()
    assert "line 5: The title has 300 characters, more than 200." in err.getvalue()
    assert "line 6: 6 columns, where the header has 18." in err.getvalue()
    assert (state(), Revision.objects.get().number) == (before, revision)
    fresh = written(tmp_path, "moods.csv", MOODED.replace(SECOND, "c" * 22))
    call_command("import_songs", fresh, dry_run=True, stdout=out, stderr=err)
    assert "Would add 2 songs of 2 rows" in out.getvalue()
    assert state() == before


def test_what_is_unknown_of_licences_is_told_once(tmp_path: Path) -> None:
    path = written(tmp_path, "list.csv", SPOTIFY)
    (note,) = imported(path).problems.all()
    assert (note.place, note.code) == ("file", "no_licence")
    assert note.detail.startswith("3 rows name no licence")
    assert not imported(path, licence="CC0-1.0").problems.exists()


def test_refusals_of_the_whole_are_errors_of_the_command(tmp_path: Path) -> None:
    for path, words in (
        (tmp_path / "none.csv", "cannot be read"),
        (written(tmp_path, "a.csv", "a,b\n1,2\n"), "No column names songs"),
        (written(tmp_path, "a.xspf", "<!DOCTYPE x><playlist/>"), "document type"),
    ):
        with pytest.raises(CommandError, match=words):
            imported(path)
    with pytest.raises(CommandError, match="OURS=THEIRS"):
        imported(tmp_path / "a.csv", column=["title"])
    with pytest.raises(CommandError, match="40 characters"):
        imported(tmp_path / "a.csv", origin="x" * 41)
    assert not Song.objects.exists()


def test_columns_and_origin_from_the_command(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "Lied,Nummer\nEbb,7\n")
    imported(path, column=["title=Lied", "origin_id=Nummer"], origin="shop")
    song = Song.objects.get()
    assert (song.title, song.origin, song.origin_id) == ("Ebb", "shop", "7")
    assert song.artist.name == "Unknown artist"


def test_batches_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "title,artist,mood\n" + "".join(
        f"Song {n % 7},Ada,{('happy', 'sad', '')[n % 3]}\n" for n in range(30)
    )
    path = written(tmp_path, "a.csv", rows)
    monkeypatch.setattr(tables, "BATCH", 4)
    run = imported(path)
    small = state()
    assert counts(run)[:2] == (30, 7)
    Song.objects.all().delete()
    Song.history.all().delete()
    Album.objects.all().delete()
    Artist.objects.all().delete()
    monkeypatch.undo()
    whole = imported(path)
    assert counts(whole) == counts(run)
    assert {**state(), "history": None} == {**small, "history": None}


def test_an_interrupted_run_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from catalog.services import imports

    path = written(tmp_path, "a.csv", "title,artist\n" + "".join(f"Song {n},A\n" for n in range(9)))
    monkeypatch.setattr(tables, "BATCH", 2)
    created = tables.table_import_create(
        path=path, by=None, options=tables.TableOptions(), rung=False
    )
    held = imports.import_claim(run_id=created.pk)
    assert held is not None

    def die(run: ImportRun) -> None:
        if run.done == 4:
            raise SystemExit

    with pytest.raises(SystemExit):
        imports.import_work(run=held, progress=die)
    assert Song.objects.count() == 4
    ImportRun.objects.update(state="pending")
    again = imports.import_claim(run_id=created.pk)
    assert again is not None
    imports.import_work(run=again)
    run = ImportRun.objects.get()
    assert (run.state, run.attempts, counts(run)) == ("done", 2, (9, 9, 0, 0, 0))
    # Had the file changed meanwhile, it would not know which rows it had.
    ImportRun.objects.update(state="pending", attempts=0)
    path.write_text("title\nOther\n")
    third = imports.import_claim(run_id=created.pk)
    assert third is not None
    imports.import_work(run=third)
    run.refresh_from_db()
    assert (run.state, Song.objects.count()) == ("failed", 9)
    assert "changed" in run.message


def test_judges_who_contradict_one_another_are_weighed(tmp_path: Path) -> None:
    # Given a curator's no, and a model's later yes
    document = (
        '{"moodmusic": 1, "songs": [{"id": "6f3e0f0a-5f0e-4c1c-9d8e-0d3c1f0f7a52", "title": "Ebb",'
        '"annotations": [{"mood": "sad", "source": "curator", "present": false},'
        '{"mood": "sad", "source": "model", "present": true, "confidence": 0.5},'
        '{"mood": "dark", "source": "model", "present": true, "confidence": 0.75}]}]}'
    )
    imported(written(tmp_path, "own.json", document))
    song = Song.objects.get()
    assert [mood.slug for mood in song.moods.all()] == ["dark"]
    assert (song.valence, song.mood_confidence) == (mood_named("dark").valence, 0.75)


def test_new_songs_are_written_as_the_consensus_would_leave_them(tmp_path: Path) -> None:
    def one(mood: str, source: str = "table", **rest: Any) -> dict[str, Any]:
        return {"mood": mood, "source": source, **rest}

    judged: list[list[dict[str, Any]]] = [
        [],
        [one("sad")],
        [one("sad"), one("dark", "folder")],
        [one("sad", "model", confidence=0.3), one("calm", "model", confidence=0.9)],
        [one("sad", present=False)],
        [one("sad", "curator"), one("happy", "model", present=False, confidence=0.2)],
        [one("sad", "curator", present=False), one("sad", "model", confidence=0.5)],
        [one("sad", "listener"), one("calm")],
    ]
    songs = [
        {"title": f"Song {number}", "artist": "Ada", "annotations": said}
        for number, said in enumerate(judged)
    ]
    songs.append({**songs[1], "title": "Placed"})
    songs[-1]["placements"] = [{"source": "curator", "valence": 0.5, "arousal": -0.5}]
    # One that a later row judges again.
    songs.append({**songs[1], "annotations": [one("sad", "curator", present=False)]})
    document = json.dumps({"moodmusic": 1, "songs": songs})
    imported(written(tmp_path, "own.json", document))

    def values() -> list[Any]:
        names = ("title", "valence", "arousal", "placed", "mood_confidence", "disputed")
        rows = Song.objects.order_by("pk").values_list(*names, "ambiguous", "doubt", "gain")
        return [*rows, *sorted(Song.moods.through.objects.values_list("song_id", "mood_id"))]

    written_so = values()
    assert Song.objects.count() == 9
    assert {row[7] for row in written_so if len(row) == 9} >= {"", "unlabelled", "unsure"}

    changed = consensus_apply(song_ids=list(Song.objects.values_list("pk", flat=True)), revision=99)

    assert changed == []
    assert values() == written_so
    assert list(Song.objects.get(title="Song 1").moods.all()) == []


def test_keys_of_new_songs_grow(tmp_path: Path) -> None:
    """So that an import adds to the end of every index."""
    rows = "title,artist\n" + "".join(f"Song {number:03},Ada\n" for number in range(50))

    imported(written(tmp_path, "a.csv", rows))

    by_key = Song.objects.order_by("pk").values_list("title", flat=True)
    assert list(by_key) == sorted(by_key)
