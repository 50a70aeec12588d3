"""Each format, recognised and read."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from catalog.tables.columns import FEATURES
from catalog.tables.formats import table_open
from catalog.tables.licences import spdx
from catalog.tables.moods import WORDS, mood_of
from catalog.tables.rows import Judgement
from moodmusic.problems import DomainError
from tests.catalog.tables.files import (
    ECHONEST,
    FIRST,
    FMA,
    JAMENDO,
    JSPF,
    M3U,
    MOODED,
    MOODS,
    SECOND,
    SPOTIFY,
    XSPF,
    rows_of,
    written,
)


def test_a_table_with_spotify_features(tmp_path: Path) -> None:
    first, second, _ = rows_of(written(tmp_path, "some list.csv", SPOTIFY))
    assert (first.title, first.artist, first.album) == ("Low, Lower", "Ada", "First Light")
    assert (first.origin, first.origin_id, first.place) == ("spotify", FIRST, "2")
    assert (first.year, first.genre, first.duration_s) == (2019, "pop", 194.754)
    assert set(first.features) == set(FEATURES)
    assert (first.features["key"], first.features["loudness"]) == (6, -2.6)
    # A tempo of 0 says that none was found.
    assert "tempo" not in second.features
    assert second.year == 1998
    assert first.troubles == second.troubles == []


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_delimiters_and_packed_files(tmp_path: Path, mark: str) -> None:
    text = MOODED.replace(",", mark)
    ebb, rise = rows_of(written(tmp_path, "moods.csv.gz", gzip.compress(text.encode())))
    assert (ebb.title, ebb.origin_id, ebb.duration_s) == ("Ebb", SECOND, 60.0)
    assert ebb.judgements == [Judgement("calm", "table", detail="moods.csv.gz")]
    # "length" is milliseconds where it could not be seconds.
    assert rise.duration_s == 9.0


def test_moods_of_jamendo_are_mapped_where_that_is_honest(tmp_path: Path) -> None:
    table = table_open(written(tmp_path, "tags.tsv", JAMENDO))
    assert (table.format, table.origin, table.total) == ("jamendo", "jamendo", 2)
    assert [note.code for note in table.notes] == ["no_titles"]
    first, second = rows_of(tmp_path / "tags.tsv")
    assert [one.mood for one in first.judgements] == ["calm"]
    assert (first.title, first.stand_in, first.artist) == ("", "track_0000948", "artist_000087")
    assert (first.duration_s, second.judgements, second.troubles) == (212.7, [], [])


def test_echo_nest_and_fma(tmp_path: Path) -> None:
    first, second = rows_of(written(tmp_path, "echonest-metrics.json", ECHONEST))
    assert (first.origin, first.origin_id) == ("fma", "2")
    assert first.features == {"energy": 0.5, "valence": 0.1}
    assert second.features == {"energy": 0.25}
    assert [one.code for one in second.troubles] == ["bad_feature"]
    # The other file of the set is Windows-1252, and is told so.
    path = written(tmp_path, "fma.csv", FMA.encode("cp1252"))
    assert [note.code for note in table_open(path).notes] == ["not_utf8"]
    food, electric = rows_of(path)
    assert (food.origin, food.origin_id, food.licence) == ("fma", "2", "CC-BY-NC-SA-3.0")
    assert (electric.title, electric.licence) == ("Électrique", "LicenseRef-CC-BY-NC-ND-3.0-US")


def test_playlists(tmp_path: Path) -> None:
    ebb, rise = rows_of(written(tmp_path, "a.jspf", JSPF))
    assert (ebb.title, ebb.artist, ebb.album, ebb.track_number) == ("Ebb", "Grace", "Tides", 3)
    assert (ebb.duration_s, ebb.origin) == (60.0, "musicbrainz")
    assert ebb.origin_id == "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"
    assert (rise.isrc, rise.origin) == ("GBAYE0601498", "a")
    items = list(table_open(tmp_path / "a.jspf").items)
    assert items[2].troubles[0].code == "not_a_track"

    ebb, rise = rows_of(written(tmp_path, "b.xspf", XSPF))
    assert (ebb.title, ebb.artist, ebb.duration_s) == ("Ebb & flow", "Grace", 60.0)
    assert (ebb.origin, ebb.origin_id, rise.title) == ("spotify", FIRST, "Rise")

    ebb, rise, fall = rows_of(written(tmp_path, "c.m3u8", M3U))
    assert (ebb.title, ebb.artist, ebb.album, ebb.duration_s) == ("Ebb", "Grace", "Tides", 60.0)
    assert (rise.title, rise.artist, rise.duration_s) == ("Rise", "", None)
    assert (fall.title, fall.artist) == ("Fall", "Lin")


def test_names_in_any_script_stay_as_they_are(tmp_path: Path) -> None:
    names = ["कभी कभी मेरे दिल में", "أنت عمري", "שיר השירים", "夜に駆ける", "Ça plane\u00a0pour moi"]
    text = "title,artist\n" + "".join(f"{name},{name[::-1]}\n" for name in names[:4])
    rows = rows_of(written(tmp_path, "names.csv", b"\xef\xbb\xbf" + text.encode()))
    assert [row.title for row in rows] == names[:4]
    assert all(row.troubles == [] for row in rows)
    # UTF-16, as spreadsheets save it
    rows = rows_of(written(tmp_path, "names.txt", text.encode("utf-16")))
    assert [row.title for row in rows] == names[:4]


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "Lied,Wer,Stimmung\nEbb,Grace,sad\n")
    with pytest.raises(DomainError) as refusal:
        rows_of(path)
    assert refusal.value.code == "not_a_table"
    given = {"title": "Lied", "artist": "wer", "moods": "Stimmung"}
    (row,) = rows_of(path, columns=given)  # type: ignore[arg-type]
    assert (row.title, row.artist, row.judgements[0].mood) == ("Ebb", "Grace", "sad")
    for columns, word in (({"name": "Lied"}, "ours are"), ({"title": "Song"}, "it has Lied")):
        with pytest.raises(DomainError, match=word):
            table_open(path, columns=columns)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("year", "20x9", "bad_year"),
        ("year", "3000", "bad_year"),
        ("isrc", "GB-AYE-06", "bad_isrc"),
        ("language", "English, I think", "bad_language"),
        ("explicit", "maybe", "bad_explicit"),
        ("duration_ms", "-5", "bad_duration"),
        ("duration_s", "1e400", "bad_duration"),
        ("duration", "1:xx", "bad_duration"),
        ("energy", "1e400", "bad_feature"),
        ("energy", "1.01", "bad_feature"),
        ("valence", "nan?", "bad_feature"),
        ("tempo", "-1", "bad_feature"),
        ("key", "H", "bad_feature"),
        ("track_number", "99999999999999999999", "bad_track_number"),
        ("mood", "wistful", "unknown_mood"),
        ("genre", "g" * 61, "genre_cut"),
        ("album", "a" * 201, "album_cut"),
    ],
)
def test_what_cannot_be_is_left_out_and_told(
    tmp_path: Path, column: str, value: str, code: str
) -> None:
    (row,) = rows_of(written(tmp_path, "a.csv", f'title,{column}\nEbb,"{value}"\n'))
    assert [one.code for one in row.troubles] == [code]
    (plain,) = rows_of(written(tmp_path, "b.csv", f'title,{column}\nEbb,""\n'))
    assert plain.troubles == []
    if not code.endswith("_cut"):
        assert (row.year, row.isrc, row.duration_s, row.features) == (None, "", None, {})
        assert (row.explicit, row.language, row.judgements) == (None, "", [])
    else:
        assert len(getattr(row, column)) == len(value) - 1


@pytest.mark.parametrize(
    ("column", "value", "name", "found"),
    [
        ("duration", "3:20", "duration_s", 200.0),
        ("duration", "1:00:01", "duration_s", 3601.0),
        ("explicit", "True", "explicit", True),
        ("explicit", "0", "explicit", False),
        ("isrc", "gb-aye-06-01498", "isrc", "GBAYE0601498"),
        ("key", "Bb", "features", {"key": 10}),
        ("mode", "Major", "features", {"mode": 1}),
        ("key", "-1", "features", {}),
        ("language", "pt-BR", "language", "pt-BR"),
        ("artists", "['Ada', 'Grace']", "artist", "Ada, Grace"),
        ("license", "https://creativecommons.org/licenses/by-sa/4.0/", "licence", "CC-BY-SA-4.0"),
    ],
)
def test_other_spellings(tmp_path: Path, column: str, value: str, name: str, found: object) -> None:
    (row,) = rows_of(written(tmp_path, "a.csv", f'title,{column}\nEbb,"{value}"\n'))
    assert getattr(row, name) == found
    assert row.troubles == []


def test_words_of_moods_name_moods_there_are() -> None:
    assert {mood for mood, _ in WORDS.values()} == MOODS
    assert mood_of("mood/theme---Melancholic", MOODS) == "sad"
    assert mood_of("film", MOODS) is None
    # A mood that an admin added, under its own name
    assert mood_of("Wistful", MOODS | {"wistful"}) == "wistful"


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("Attribution", "LicenseRef-CC-BY"),
        ("Attribution 3.0 United States", "CC-BY-3.0-US"),
        ("Creative Commons Attribution-NonCommercial-NoDerivatives 4.0", "CC-BY-NC-ND-4.0"),
        ("http://creativecommons.org/licenses/by-nc-sa/3.0/fr/", "LicenseRef-CC-BY-NC-SA-3.0-FR"),
        ("MIT", "MIT"),
    ],
)
def test_licences(text: str, identifier: str) -> None:
    assert spdx(text) == identifier
