"""The recommender's book is made of results that were measured, and says what is missed."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from ml.recommend.card import Book, gather, moods
from ml.recommend.card import files as card_files
from ml.recommend.card import measure as card_measure
from ml.recommend.card.proofs import NAMES, PROOFS
from ml.recommend.card.text import markdown, sections
from ml.recommend.card.told import Comparison, figure, spread, verdict
from ml.recommend.cli import main
from tests.ml.recommend.book import figures, home_of

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs" / "recommender.md"
PLAYS = "userID\tartistID\tweight\n2\t51\t13883\n2\t52\t11690\n3\t51\t5\n"
TAGS = "userID\tartistID\ttagID\tday\tmonth\tyear\n2\t52\t13\t1\t4\t2009\n3\t51\t7\t1\t4\t2009\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for results of its own, empty."""
    folder = tmp_path / "card"
    folder.mkdir()
    monkeypatch.setattr(card_files, "HOME", folder)
    return folder


def section_of(text: str, name: str) -> str:
    """The part of the document on one proof."""
    heading = next(proof.heading for proof in PROOFS if proof.name == name)
    return text.split(f"## {heading}\n")[1].split("\n## ")[0]


# --- The committed book ---------------------------------------------------------------------------


def test_the_document_is_made_from_the_committed_results() -> None:
    # An edit by hand, or new results without the command, shows here.
    assert markdown(gather()) == DOCUMENT.read_text("utf-8")


def test_how_many_models_answer_is_told_where_it_was_kept() -> None:
    book = gather()
    figures = {**book.results["situnes"]["figures"], "models": ["linear", "kernel", "forest"]}
    rivals = book.rivals_of("situnes")

    assert "the mean of some of 3 models" in moods.situnes(figures, rivals).facts
    del figures["models"]
    assert "models, two of them" not in moods.situnes(figures, rivals).facts


def test_every_proof_is_measured_or_said_not_to_be() -> None:
    text, book = DOCUMENT.read_text("utf-8"), gather()
    assert set(book.results) <= set(NAMES)
    for proof in PROOFS:
        part, entry = section_of(text, proof.name), book.results.get(proof.name)
        if entry is None:
            assert f"not measured yet: `{proof.command}`" in part
        else:
            assert set(entry) == {"command", "date", "seconds", "figures"}
            assert f"`{entry['command']}`, {entry['date']}, " in part
            assert "not measured yet" not in part


def test_the_figures_of_the_document_are_those_of_the_results() -> None:
    lives = gather().results["simulated"]["figures"]["lives"]
    part = section_of(DOCUMENT.read_text("utf-8"), "simulated")
    for life, methods in lives.items():
        row = next(line for line in part.splitlines() if line.startswith(f"| {life} | ours |"))
        shares = [float(cell.split(" ± ")[0]) for cell in row.strip("| ").split(" | ")[2:]]
        expected = [methods["ours"][after]["mean"] for after in ("1", "3", "5", "10", "20")]
        assert shares == pytest.approx(expected, abs=5.1e-3)


def test_every_figure_to_beat_has_its_source_and_protocol() -> None:
    rivals = gather().rivals
    assert {rival["proof"] for rival in rivals} == set(NAMES) - {"simulated"}
    text = DOCUMENT.read_text("utf-8")
    for rival in rivals:
        assert set(rival) == {"proof", "name", "source", "protocol", "figures"}
        assert f"| {rival['name']} |" in text
        assert f"| {rival['source']} | {rival['protocol']} |" in text
        assert "|" not in rival["name"] + rival["source"] + rival["protocol"]
    published = {rival["name"]: rival["figures"] for rival in rivals if rival["proof"] == "plays"}
    assert published["SEPT"]["recall@10"] == 0.2127
    assert published["MHCN"]["ndcg@10"] == 0.2068


def test_no_folder_of_a_machine_is_named() -> None:
    assert re.search(r"(^|[\s`])/(home|root|tmp|work)/", DOCUMENT.read_text("utf-8")) is None


# --- What the sections say ------------------------------------------------------------------------


def test_a_missed_figure_is_said_plainly(tmp_path: Path) -> None:
    text = markdown(gather(home_of(tmp_path, *NAMES)))

    plays = section_of(text, "plays")
    assert "| ours | Recall@10 | .2301 | .2127 | +.0174 |" in plays
    assert (
        "| ours with tags | NDCG@10 | .2000 | .2068 | "
        "\N{MINUS SIGN}.0068, below the figure to beat |" in plays
    )
    assert "6 figures to beat: 2 beaten, 4 missed." in plays
    assert (
        "| SEPT, published | .2127 | .2057 | .6465 | .3703 | \N{EN DASH} | \N{EN DASH} |" in plays
    )

    curve = section_of(text, "curve")
    assert "| 0 | .107 ± .006 | .098 | .110 | .108 | \N{MINUS SIGN}.001, below the" in curve
    assert "300 listeners held out in each of 5 samples." in curve
    assert "| 20 | .364 ± .006 | .333 | .110 | .339 | +.025 |" in curve

    lists = section_of(text, "mood_lists")
    assert "| all | .111 ± .002 | .220 ± .002 | .240 ± .002 | .230 ± .002 | .020 ± .004 |" in lists
    assert "| all | \N{EN DASH} | .217 (+.003) | .230 (+.010) |" in lists

    situnes = section_of(text, "situnes")
    # Plain models are ahead of the published ones, so they are what is to be beaten.
    assert "| listener and song | setting 3 | .667 ± .002 | .667 | level |" in situnes
    assert "| + situation | setting 2 | .830 ± .002 | .865 | \N{MINUS SIGN}.035, below" in situnes
    assert "| + both | setting 2 | accuracy | .580 ± .002 | .576 | +.004 |" in situnes

    songs = section_of(text, "labelled_songs")
    assert "| finding the songs | average precision | .810 | .744 | +.066 |" in songs
    assert (
        "| telling the mood, random folds | accuracy | .800 | .806 | \N{MINUS SIGN}.006," in songs
    )

    simulated = section_of(text, "simulated")
    assert "| one taste | ours | .80 ± .00 | .90 ± .00, below the figure to beat |" in simulated


def test_a_figure_nobody_has_is_neither_beaten_nor_missed() -> None:
    alone, above = Comparison(0.5, None), Comparison(0.7, 0.6)
    assert (alone.cell, alone.lead) == ("\N{EN DASH}", None)
    assert verdict([alone, above, Comparison(0.6, 0.6)]) == "2 figures to beat: 1 beaten, 1 level."


def test_figures_are_compared_as_they_are_shown() -> None:
    # Given figures that differ where nobody sees it, then neither is called better
    assert Comparison(0.10774, 0.1076).cell == "level"
    assert Comparison(0.10774, 0.1076, digits=4).cell == "+.0001"
    assert (figure(1.0), figure(13.25, 2), figure(-0.004)) == (
        "1.000",
        "13.25",
        "\N{MINUS SIGN}.004",
    )
    assert spread({"mean": 0.5, "standard_error": 0.01}) == ".500 ± .010"
    assert spread({"mean": 0.5}) == ".500"


def test_damaged_results_count_as_missing(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text("[1")
    book = gather(tmp_path)
    assert book.results == {}
    assert len(book.rivals) > 10
    assert [section.told for section in sections(Book())] == [None] * len(NAMES)


# --- Measuring ------------------------------------------------------------------------------------


def test_a_proof_is_kept_beside_the_others(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a book with one proof, and another proof that can be run
    home_of(home, "curve")
    before = json.loads((home / "results.json").read_text())
    seeds: list[int] = []

    def simulate(*, seed: int = 0) -> dict[str, Any]:
        seeds.append(seed)
        return figures()["simulated"]

    monkeypatch.setattr("ml.recommend.proof.simulated.simulate", simulate)
    out = tmp_path / "book.md"

    # When that one is measured
    asked = ["card", "--data", str(tmp_path), "--only", "simulated", "--out", str(out)]
    assert main(asked) == 0

    # Then it is added, the other stays, and the document tells both
    after = json.loads((home / "results.json").read_text())
    assert after["curve"] == before["curve"]
    entry = after["simulated"]
    assert entry["figures"] == figures()["simulated"]
    assert list(entry["figures"]["lives"]["one taste"]) == ["ours", "bandit"]
    assert entry["command"] == "python -m ml.recommend simulate --seed 0 --json"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry["date"])
    assert entry["seconds"] >= 0
    assert out.read_text("utf-8") == markdown(gather(home))
    assert seeds == [0]
    assert f"wrote {out}" in capsys.readouterr().out


def test_what_was_done_before_a_failure_is_kept_and_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given data without SiTunes, and lists for moods that can be made
    monkeypatch.setitem(
        card_measure.RUNNERS, "mood_lists", lambda data, say: figures()["mood_lists"]
    )
    out = tmp_path / "book.md"

    # When both are asked for
    asked = ["card", "--data", str(tmp_path), "--out", str(out)]
    assert main([*asked, "--only", "situnes", "mood_lists"]) == 2

    # Then the error names the file, and the first proof is in the book
    assert str(tmp_path / "music" / "situnes") in capsys.readouterr().err
    assert set(gather(home).results) == {"mood_lists"}
    assert out.read_text("utf-8") == markdown(gather(home))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "simulated"])
def test_missing_data_are_named_and_nothing_is_kept(
    name: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "book.md"
    assert main(["card", "--data", str(tmp_path), "--only", name, "--out", str(out)]) == 2
    assert str(tmp_path / "music") in capsys.readouterr().err
    assert not (home / "results.json").exists()
    assert not out.exists()


def test_measuring_needs_the_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "book.md"
    assert main(["card", "--only", "curve", "--out", str(out)]) == 2
    assert "--data" in capsys.readouterr().err
    assert not out.exists()


def test_the_command_writes_the_committed_document_again(tmp_path: Path) -> None:
    assert main(["card", "--out", str(tmp_path / "book.md")]) == 0
    assert (tmp_path / "book.md").read_bytes() == DOCUMENT.read_bytes()


def test_plays_and_tags_reach_the_proof_as_it_reads_them(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given the published files, and a proof that tells what it was given
    published(tmp_path / "music" / "lastfm_hetrec")
    seen: dict[str, Any] = {}

    def evaluate(path: Path, protocol: str, *, tags: Path, say: Any) -> dict[str, Any]:
        seen.update(plays=path.read_text(), tags=tags.read_text(), protocol=protocol)
        return figures()["plays"]

    monkeypatch.setattr("ml.recommend.proof.run.evaluate", evaluate)

    # When the card measures it
    out = str(tmp_path / "book.md")
    assert main(["card", "--data", str(tmp_path), "--only", "plays", "--out", out]) == 0

    # Then it has read the set in the proof's own form
    assert seen["protocol"] == "ratio"
    assert seen["plays"] == "user,item,value\n2,51,13883\n2,52,11690\n3,51,5\n"
    assert seen["tags"] == "item,tag,user\n52,13,2\n51,7,3\n"


# --- HetRec 2011 Last.fm --------------------------------------------------------------------------


def published(folder: Path, *, plays: str = PLAYS, tags: str = TAGS) -> Path:
    """The two files as they are published, one of them compressed."""
    folder.mkdir(parents=True)
    (folder / "user_artists.dat").write_text(plays)
    (folder / "user_taggedartists.dat.gz").write_bytes(gzip.compress(tags.encode()))
    return folder


def test_the_published_files_become_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["hetrec", str(published(tmp_path / "set")), str(out)]) == 0

    assert (out / "plays.csv").read_text() == "user,item,value\n2,51,13883\n2,52,11690\n3,51,5\n"
    assert (out / "tags.csv").read_text() == "item,tag,user\n52,13,2\n51,7,3\n"
    assert f"wrote {out / 'tags.csv'}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"plays": PLAYS + "3\t52\n"}, "user_artists.dat, line 5: expected 3 columns, found 2"),
        ({"plays": PLAYS + "3\t52\tmany\n"}, "user_artists.dat, line 5: weight must be a positive"),
        ({"plays": PLAYS + "3\t52\t0\n"}, "line 5: weight must be a positive number, found '0'"),
        ({"plays": "user,item\n"}, "user_artists.dat, line 1: the header must name userID"),
        ({"plays": "userID\tartistID\tweight\n"}, "user_artists.dat: no row below the header"),
        ({"tags": TAGS + "3\t51\t\t1\t4\t2009\n"}, "user_taggedartists.dat.gz, line 4: userID"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_nothing_is_written(
    bad: dict[str, str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["hetrec", str(published(tmp_path / "set", **bad)), str(out)]) == 2
    assert words in capsys.readouterr().err
    assert not out.exists()


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hetrec", str(tmp_path), str(tmp_path / "out")]) == 2
    words = "has neither user_artists.dat nor user_artists.dat.gz"
    assert f"{tmp_path} {words}" in capsys.readouterr().err


@pytest.mark.skipif("MOODMUSIC_DATA" not in os.environ, reason="needs HetRec 2011 Last.fm")
def test_the_whole_set_is_converted(tmp_path: Path) -> None:
    folder = Path(os.environ["MOODMUSIC_DATA"]) / "music" / "lastfm_hetrec"
    assert main(["hetrec", str(folder), str(tmp_path)]) == 0
    rows = {
        name: (tmp_path / name).read_text().count("\n") - 1 for name in ("plays.csv", "tags.csv")
    }
    assert rows == {"plays.csv": 92834, "tags.csv": 186479}
