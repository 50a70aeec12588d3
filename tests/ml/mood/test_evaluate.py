"""Moods of labelled songs: files are read as written, folds keep artists apart, planted moods are
found.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest

from ml.mood.cli import main
from ml.mood.proof import geometry, model
from ml.mood.proof.run import artist_folds
from ml.mood.proof.songs import SongsError, read_songs

MOODS = ("bright", "dim")


def a_file(path: Path, *, apart: float, seed: int = 0) -> Path:
    """60 songs of 20 artists; the moods' means lie `apart` standard deviations from one another."""
    random = np.random.default_rng(seed)
    with path.open("w", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(["", "title", "Mood", "artist", "energy", "tempo", "length", "track_id"])
        for number in range(60):
            mood = number % 2
            energy, tempo = random.normal(mood * apart, 1, size=2)
            length = random.normal(200, 20)
            rows.writerow([
                number, f"song {number}", MOODS[mood], f"artist {number // 3}",
                energy, 120 + 10 * tempo, length, number,
            ])  # fmt: skip
    return path


# --- Files ----------------------------------------------------------------------------------------


def test_columns_are_known_by_name_and_row_numbers_are_no_features(tmp_path: Path) -> None:
    songs = read_songs(a_file(tmp_path / "songs.csv", apart=1))

    assert songs.names == ("energy", "tempo", "length")
    assert songs.features.shape == (60, 3)
    assert sorted(set(songs.moods.tolist())) == list(MOODS)
    assert len(set(songs.artists.tolist())) == 20


def test_an_empty_cell_is_a_gap_and_a_constant_column_no_feature(tmp_path: Path) -> None:
    lines = ["mood,artist,energy,tempo,flat"]
    lines += [f"{MOODS[n % 2]},a{n},{n},{'' if n == 3 else 2 * n},7" for n in range(20)]
    path = tmp_path / "songs.csv"
    path.write_text("\n".join(lines))

    songs = read_songs(path)

    assert songs.names == ("energy", "tempo")
    assert np.isnan(songs.features).nonzero()[0].tolist() == [3]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the header must name mood and artist"),
        ("artist,energy,tempo\na,1,2\n", "the header must name mood and artist"),
        ("mood,energy,tempo\na,1,2\n", "the header must name mood and artist"),
        ("mood,artist,energy,tempo\na,b,1\n", "row 2: expected 4 columns, found 3"),
        ("mood,artist,energy,tempo\na,b,1,2\n,b,2,3\n", "row 3: mood must not be empty"),
        ("mood,artist,energy,tempo\na,,1,2\n", "row 2: artist must not be empty"),
        ("mood,artist,energy,name\na,b,1,x\na,c,2,y\n", r"two numeric features.*\['energy'\]"),
        ("mood,artist,energy,tempo\n", "two numeric features"),
        ("mood,artist,energy,tempo\na,b,1,2\na,c,2,3\n", r"at least two moods.*\['a'\]"),
        (
            "mood,artist,energy,tempo\na,b,1,2\nz,c,2,3\n",
            "mood 'a' has 1 songs of 1 artists; 10 of 5 are needed",
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)

    with pytest.raises(SongsError, match=told):
        read_songs(path)


def test_the_command_names_a_file_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--songs", str(tmp_path / "none.csv")]) == 2
    assert "none.csv cannot be read" in capsys.readouterr().err


# --- Measuring ------------------------------------------------------------------------------------


def test_no_artist_is_on_both_sides_of_a_fold_and_every_song_is_asked_once(tmp_path: Path) -> None:
    songs = read_songs(a_file(tmp_path / "songs.csv", apart=1))

    folds = list(artist_folds(songs, seed=3))

    assert len(folds) == 5
    for known, asked in folds:
        assert not set(songs.artists[known]) & set(songs.artists[asked])
    assert sorted(np.concatenate([asked for _, asked in folds])) == list(range(60))


@pytest.mark.parametrize("name", geometry.PLAIN)
def test_every_plain_way_finds_moods_that_lie_apart(name: str) -> None:
    random = np.random.default_rng(0)
    moods = np.repeat(np.array(MOODS), 20)
    centres = np.where(moods[:, None] == "dim", [0.2, 0.8], [0.8, 0.2])
    features = np.clip(centres + random.normal(0, 0.05, size=(40, 2)), 0, 1)

    scores = geometry.PLAIN[name](features, moods, np.array([[0.9, 0.1], [0.1, 0.9]]))

    assert scores.argmax(axis=1).tolist() == [0, 1]


def test_a_planted_mood_is_found_and_none_where_none_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(model, "TREES", 10)
    found = {}
    for apart in (0.0, 3.0):
        path = a_file(tmp_path / f"{apart}.csv", apart=apart)
        assert main(["evaluate", "--songs", str(path), "--seeds", "1", "--json"]) == 0
        found[apart] = json.loads(capsys.readouterr().out)

    assert found[3.0]["accuracy"]["artist-disjoint"]["ours"]["mean"] > 0.9
    assert found[3.0]["retrieval"]["ours"]["mean"] > 0.95
    assert found[0.0]["accuracy"]["artist-disjoint"]["ours"]["mean"] < 0.7
    assert found[3.0]["sound_features"] == ["energy", "tempo"]


def test_the_same_seed_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "TREES", 10)
    songs = read_songs(a_file(tmp_path / "songs.csv", apart=1))
    known, asked = next(iter(artist_folds(songs, seed=0)))

    once, again, otherwise = (
        model.tuned_probabilities(
            songs.features[known],
            songs.moods[known],
            songs.artists[known],
            songs.features[asked],
            seed,
        )
        for seed in (0, 0, 1)
    )

    assert np.array_equal(once, again)
    assert not np.array_equal(once, otherwise)
    assert once.sum(axis=1) == pytest.approx(1)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_on_public_songs_the_bars_hold(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(os.environ.get("MOODMUSIC_DATA", "")) / "music" / "data_moods" / "data_moods.csv"
    if not os.environ.get("MOODMUSIC_DATA") or not path.is_file():
        pytest.skip("MOODMUSIC_DATA names no folder with music/data_moods")

    assert main(["evaluate", "--songs", str(path), "--seeds", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)

    assert found["retrieval"]["ours"]["mean"] >= 0.87
    assert found["retrieval"]["cosine, raw"]["mean"] == pytest.approx(0.74, abs=0.02)
    assert found["accuracy"]["10 random folds"]["ours"]["mean"] >= 0.82
    assert found["accuracy"]["artist-disjoint"]["ours"]["mean"] >= 0.82
