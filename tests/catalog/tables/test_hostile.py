"""Files made to break a reader: refused with a reason, within bounds, the rest goes on."""

from __future__ import annotations

import gzip
import os
import tracemalloc
from pathlib import Path

import pytest

from catalog.tables import text, xspf
from catalog.tables.formats import table_open
from catalog.tables.values import Rules, row_make, row_refusal
from moodmusic.problems import DomainError
from tests.catalog.tables.files import MOODS, XSPF, rows_of, written


def refusals_of(path: Path) -> list[str]:
    """Codes of the rows that cannot be songs."""
    codes = []
    for item in table_open(path).items:
        row = row_make(item, Rules("x", moods=MOODS))
        refusal = item.troubles[0] if row is None else row_refusal(row)
        codes += [refusal.code] if refusal is not None else []
    return codes


def code_of(path: Path, **options: str) -> str:
    """Why the whole file is refused."""
    with pytest.raises(DomainError) as refusal:
        list(table_open(path, **options).items)  # type: ignore[arg-type]
    return refusal.value.code


def test_long_titles_controls_and_empty_rows(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "a.csv",
        f"title,artist\n{'x' * 10_000},Ada\nEbb\0\x07 \u202eflow,Grace\n,Lin\nRise,{'y' * 201}\n\n",
    )
    assert refusals_of(path) == ["title_too_long", "no_title", "artist_too_long"]
    ebb = rows_of(path)[1]
    assert ebb.title == "Ebb flow"
    assert [one.code for one in ebb.troubles] == ["control_characters"]


@pytest.mark.parametrize(
    "broken",
    [
        '"Ebb,Grace',  # never closed
        '"Ebb"x,Grace',  # goes on after its end
        "Ebb,Grace,more",
        "Ebb",
    ],
)
def test_a_broken_line_costs_itself_and_no_other(tmp_path: Path, broken: str) -> None:
    lines = ["title,artist", "One,Ada", broken, '"Two, too",Lin', 'Three,"Hed\ny"', "Four,Iris"]
    rows = rows_of(written(tmp_path, "a.csv", "\n".join(lines)))
    assert [row.title for row in rows] == ["One", "Two, too", "Three", "Four"]
    assert (rows[1].place, rows[3].place) == ("4", "7")
    assert rows[2].artist == "Hed y"
    assert refusals_of(tmp_path / "a.csv") in (["broken_quotes"], ["wrong_columns"])


def test_a_quote_that_is_open_to_the_end_of_a_long_file(tmp_path: Path) -> None:
    text_ = "title,artist\n" + '"open,Ada\n' + "".join(f"Song {n},Ada\n" for n in range(5000))
    assert len(rows_of(written(tmp_path, "a.csv", text_))) == 5000
    # One open quote in every line: each costs itself
    text_ = "title,artist\n" + '"open,Ada\n' * 501
    assert refusals_of(written(tmp_path, "b.csv", text_)) == ["broken_quotes"] * 501


def test_a_line_without_end(tmp_path: Path) -> None:
    text_ = "title,artist\nOne,Ada\n" + "x" * (3 * text.MAX_LINE) + "\nTwo,Lin\n"
    path = written(tmp_path, "a.csv", text_)
    assert [row.title for row in rows_of(path)] == ["One", "Two"]
    assert refusals_of(path) == ["line_too_long"]


def test_an_archive_that_grows_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given 64 MiB of blanks in 64 KiB, and a limit of 32
    bomb = gzip.compress(b" " * (64 * 1024 * 1024))
    path = written(tmp_path, "a.csv.gz", bomb)
    assert len(bomb) < 100_000
    monkeypatch.setattr(text, "MAX_BYTES", 32 * 1024 * 1024)
    tracemalloc.start()
    try:
        assert code_of(path) == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_archives_and_files_that_are_broken(tmp_path: Path) -> None:
    packed = gzip.compress(b"title,artist\n" + os.urandom(100_000))
    assert code_of(written(tmp_path, "a.csv.gz", packed[:50_000])) == "broken_archive"
    assert code_of(written(tmp_path, "b.csv", b"\x1f\x8bno archive")) == "broken_archive"
    assert code_of(written(tmp_path, "c.csv", b"\0" * 1000)) == "not_text"
    assert code_of(written(tmp_path, "d.csv", " \n")) == "empty_file"
    assert code_of(written(tmp_path, "e.csv", "a,b\n1,2\n")) == "not_a_table"
    assert code_of(tmp_path / "none.csv") == "file_missing"
    assert code_of(tmp_path) == "file_missing"


def test_json_that_is_broken_deep_or_something_else(tmp_path: Path) -> None:
    deep = '{"playlist": ' + "[" * 200_000
    assert code_of(written(tmp_path, "a.jspf", deep)) == "broken_json"
    assert code_of(written(tmp_path, "b.jspf", '{"playlist": {"track": 7}}')) == "not_a_playlist"
    assert code_of(written(tmp_path, "c.json", '{"track_id": [1, 2]}')) == "not_a_table"
    assert code_of(written(tmp_path, "d.json", '{"moodmusic": 1, "songs": 5}')) == "not_a_table"
    (row,) = rows_of(
        written(
            tmp_path,
            "e.json",
            '{"moodmusic": 1, "songs": [{"id": "7", "title": "Ebb\\ud800", "year": {}, '
            '"features": {"energy": 1e999, "x": NaN, "../": 1}, "moods": [["sad"], "sad"], '
            '"annotations": [{"mood": "sad", "source": "god"}, 4], "duration_s": Infinity}]}',
        )
    )
    assert (row.title, row.id, row.features, row.duration_s) == ("Ebb", None, {}, None)
    assert {one.code for one in row.troubles} == {
        "bad_id", "bad_year", "bad_feature", "bad_duration", "bad_judgement",
        "control_characters", "unknown_mood",
    }  # fmt: skip


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE playlist [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    + ']><playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track><title>&j;</title>'
    "</track></trackList></playlist>"
)
OUTSIDE = BOMB.split("[")[0] + '[<!ENTITY j SYSTEM "file:///etc/passwd">]' + BOMB.split("]")[1]


def test_xml_that_expands_or_reaches_out_is_refused(tmp_path: Path) -> None:
    assert code_of(written(tmp_path, "a.xspf", BOMB)) == "unsafe_xml"
    assert code_of(written(tmp_path, "b.xspf", OUTSIDE)) == "unsafe_xml"
    deep = "<playlist>" + "<a>" * 1000
    assert code_of(written(tmp_path, "c.xspf", deep)) == "unsafe_xml"
    assert code_of(written(tmp_path, "d.xspf", XSPF[:200])) == "broken_xml"
    assert code_of(written(tmp_path, "e.xspf", "<html><p>No</p></html>")) == "not_a_playlist"


def test_a_track_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xspf, "MAX_TRACK", 5)
    assert code_of(written(tmp_path, "a.xspf", XSPF)) == "unsafe_xml"
