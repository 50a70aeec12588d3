"""Moods told from table features: compared fairly, fitted, written, read back, and suggested."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from ml.artifacts import ArtifactError
from ml.mood.cli import main
from ml.mood.suggest import FIGURES, HOME, Suggester, write
from ml.mood.told import fit
from ml.mood.told.compare import compare, scores, served
from ml.mood.told.models import TELLERS

#: Where songs of a mood lie: energy, valence.
PLACES = {"Happy": (0.8, 0.8), "Calm": (0.15, 0.4), "Sad": (0.35, 0.15), "Energetic": (0.95, 0.5)}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """160 songs of 40 artists whose moods are plain to see."""
    random = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("told") / "songs.csv"
    with path.open("w", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(["mood", "artist", "energy", "valence", "acousticness", "danceability",
                       "tempo", "popularity"])  # fmt: skip
        for number in range(160):
            mood = list(PLACES)[number % 4]
            energy, valence = np.array(PLACES[mood]) + random.normal(0, 0.04, 2)
            rows.writerow([mood, f"artist {number // 4}", energy, valence, 1 - energy,
                           random.uniform(), random.normal(120, 20), number])  # fmt: skip
    return path


@pytest.fixture(scope="module")
def shipped() -> Suggester:
    return Suggester.load()


# --- Comparing ------------------------------------------------------------------------------------


def test_every_way_tells_moods_that_lie_apart_and_popularity_is_no_feature(table: Path) -> None:
    found = compare(table, seeds=2)

    assert set(found["methods"]) == set(TELLERS)
    for name, one in found["methods"].items():
        # Clusters do not know which features say nothing.
        assert one["accuracy"]["mean"] > (0.8 if name == "k-means clusters" else 0.95), name
        assert set(one["per_mood"]) == set(PLACES)
    assert found["best"] in TELLERS
    assert found["features"] == ["valence", "energy", "danceability", "acousticness", "tempo"]


@pytest.mark.parametrize("name", TELLERS)
def test_shares_sum_to_one_and_follow_the_seed(name: str) -> None:
    random = np.random.default_rng(1)
    moods = np.repeat(np.array(["calm", "happy", "sad"]), 30)
    known = random.normal(0, 1, (90, 3)) + np.repeat(np.eye(3), 30, axis=0)
    asked = random.normal(0, 1, (20, 3))

    once, again = (TELLERS[name](known, moods, asked, 3) for _ in range(2))

    assert once.shape == (20, 3)
    assert once.sum(axis=1) == pytest.approx(1.0)
    assert np.array_equal(once, again)


def test_scores_are_those_of_the_definitions() -> None:
    truth = np.array(["a", "a", "b", "b"])
    shares = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.2, 0.8]])

    found = scores(truth, shares, np.array(["a", "b"]))

    assert found["accuracy"] == 0.75
    assert found["per_mood"]["a"] == {"precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3)}
    assert found["per_mood"]["b"]["precision"] == pytest.approx(2 / 3)
    # By tenths of confidence: |.9 - 1| of one, |.6 - 0| of one, |.8 - 1| of two.
    assert found["ece"] == pytest.approx((0.1 + 0.6 + 2 * 0.2) / 4)


# --- Fitting --------------------------------------------------------------------------------------


def test_a_model_of_ones_own_table_is_fitted_written_and_read_back(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "models" / "song_moods.json"

    assert main(["fit", "--songs", str(table), "--out", str(out)]) == 0

    assert "160 labelled songs" in capsys.readouterr().out
    model = Suggester.load(out)
    said = model.suggest({"energy": 0.15, "valence": 0.4, "acousticness": 0.85, "tempo": 120})
    assert list(said.moods) == ["calm"]
    assert said.moods["calm"] > 0.8
    assert served(table, model)["accuracy"] > 0.95
    assert "artist 3" not in out.read_text()


def test_the_shipped_model_comes_of_our_own_pieces_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(0)
    reference = {
        name: {str(n): float(v) for n, v in enumerate(random.normal(0.5, 0.2, 50))}
        for name in fit.SHIPPED
    }
    (tmp_path / "reference.json").write_text(json.dumps(reference))
    whole = fit.generated()
    some = np.arange(0, len(whole.moods), 4)
    monkeypatch.setattr(
        fit,
        "generated",
        lambda: fit.MoodSongs(
            whole.moods[some], whole.artists[some], whole.features[some], whole.names
        ),
    )

    numbers, about = fit.fit_generated(tmp_path / "reference.json")

    assert numbers["centre"][0] == pytest.approx(np.mean(list(reference["valence"].values())))
    assert numbers["suggested"] == list(fit.CHECKED)
    assert numbers["temperature"] == pytest.approx(2 * about["calibration_temperature"], rel=1e-3)
    assert about["left_out"]["accuracy"] > 0.6


@pytest.mark.parametrize("content", ["", "{}", '{"valence": [1]}'])
def test_a_reference_that_is_none_is_refused(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "reference.json"
    path.write_text(content)

    with pytest.raises(fit.SongsError, match="no table of Echo Nest features"):
        fit._of_real_music(path)


# --- Suggesting -----------------------------------------------------------------------------------


def test_the_shipped_model_suggests_what_it_was_tested_on_and_nothing_else(
    shipped: Suggester,
) -> None:
    assert shipped.suggested == {"calm", "energetic", "happy", "sad"}
    assert set(shipped.moods) > shipped.suggested
    lively = {
        "energy": 0.75,
        "valence": 0.95,
        "danceability": 0.8,
        "acousticness": 0.2,
        "tempo": 124,
    }
    said = shipped.suggest(lively)
    assert max(said.probabilities, key=said.probabilities.__getitem__) == "happy"
    assert sum(said.probabilities.values()) == pytest.approx(1.0)
    random = np.random.default_rng(0)
    rows = shipped.centre + shipped.scale * random.uniform(-2, 2, (300, len(shipped.features)))
    told = [shipped.suggest(dict(zip(shipped.features, row.tolist(), strict=True))) for row in rows]
    likeliest = {max(one.probabilities, key=one.probabilities.__getitem__) for one in told}
    assert likeliest >= {"angry", "dark"}
    assert {mood for one in told for mood in one.moods} == shipped.suggested


def test_it_is_unsure_between_moods_and_where_too_little_is_known(shipped: Suggester) -> None:
    average = dict(zip(shipped.features, shipped.centre.tolist(), strict=True))
    assert shipped.suggest(average).unsure
    for little in ({}, {"energy": 0.9}, {"energy": "loud", "valence": None, "tempo": True}):
        said = shipped.suggest(little)
        assert said.unsure
        assert said.probabilities == {}


def test_a_gap_counts_as_average(shipped: Suggester) -> None:
    row = shipped.centre + shipped.scale
    gap = row.copy()
    gap[0], row[0] = np.nan, shipped.centre[0]

    assert np.array_equal(shipped.probabilities(gap[None]), shipped.probabilities(row[None]))


def test_a_missing_damaged_or_foreign_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="is missing"):
        Suggester.load(tmp_path / "none.json")
    whole = json.loads(HOME.read_text())
    whole["numbers"]["temperature"] += 1
    (tmp_path / "damaged.json").write_text(json.dumps(whole))
    with pytest.raises(ArtifactError, match="is damaged"):
        Suggester.load(tmp_path / "damaged.json")
    (tmp_path / "other.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(ArtifactError, match="format 99"):
        Suggester.load(tmp_path / "other.json")


def test_writing_and_reading_gives_the_same_model(tmp_path: Path, shipped: Suggester) -> None:
    write(tmp_path / "again.json", json.loads(HOME.read_text())["numbers"], {})

    assert Suggester.load(tmp_path / "again.json").name == shipped.name


def test_suggesting_loads_numpy_and_no_learning_library() -> None:
    code = (
        "import sys; from ml.mood.suggest import Suggester;"
        "Suggester.load().suggest({'energy': 1});"
        "print([n for n in ('sklearn', 'scipy', 'librosa', 'numba') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- Commands -------------------------------------------------------------------------------------


def test_the_commands_print_precision_recall_and_f1_of_each_mood(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = StringIO()
    call_command("eval_music_mood", str(table), stdout=out)
    written = ["--out", str(tmp_path / "c"), "--figures", str(tmp_path / "figures.json")]
    assert main(["card", "--songs", str(table), "--seeds", "1", *written]) == 0
    assert main(["tell", "--songs", str(table), "--seeds", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])

    f1 = found["methods"]["MLP"]["per_mood"]["Sad"]["f1"]["mean"]
    (line,) = [
        line for line in out.getvalue().splitlines() if "Sad" in line and f"F1 {f1:.3f}" in line
    ][:1]
    assert "precision" in line
    card = (tmp_path / "c").read_text()
    assert f"**{found['best']}**" in card
    assert f"accuracy **{found['served']['accuracy']:.3f}**" in card
    kept = json.loads((tmp_path / "figures.json").read_text())
    assert kept["served"] == found["served"]
    assert "CC0" in card


def placed(folder: Path, number: int = 40) -> list[str]:
    """Songs whose arousal people hear as their energy says, and whose valence is by chance."""
    chance = np.random.default_rng(3)
    energy, pleasant = chance.uniform(0, 1, number), chance.uniform(0, 1, number)
    people = [
        {"title": f"Song {n} (Remastered)", "artist": "Äpfel", "v": pleasant[n], "a": energy[n]}
        for n in range(number)
    ]
    (folder / "people.json").write_text(json.dumps(people))
    names = ("valence", "energy", "danceability", "acousticness", "tempo")
    lines = [f"track_name,track_artist,{','.join(names)}"]
    for n in range(number):
        lines.append(f"SONG {n},apfel,0.5,{energy[n]:.4f},0.5,{1 - energy[n]:.4f},120")
    (folder / "table.csv").write_text("\n".join(lines))
    return ["--people", str(folder / "people.json"), "--table", str(folder / "table.csv")]


def test_the_plane_says_of_which_axis_the_model_knows_something(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = placed(tmp_path)
    assert main(["plane", *files, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)

    assert found["songs"] == 40
    assert found["arousal"]["model"]["r"] > 0.8
    assert found["arousal"]["table"]["r"] == pytest.approx(1, abs=0.01)
    assert found["valence"]["model"]["low"] < 0 < found["valence"]["model"]["high"]
    assert found["valence"]["table"] is None
    told = found["arousal"]["model"]
    assert told["low"] < told["r"] < told["high"]

    written = ["--out", str(tmp_path / "c"), "--figures", str(tmp_path / "figures.json")]
    assert main(["card", "--songs", str(table), "--seeds", "1", *files, *written]) == 0
    assert json.loads((tmp_path / "figures.json").read_text())["plane"] == found
    assert "Of valence the suggestions say nothing that shows here." in (tmp_path / "c").read_text()


def test_files_that_share_too_few_songs_have_no_plane(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plane", *placed(tmp_path, 12)]) == 2
    assert "share 12 songs; 30 are needed" in capsys.readouterr().err
    files = placed(tmp_path)
    (tmp_path / "table.csv").write_text("track_name,track_artist,energy\na,b,1\n")
    assert main(["plane", *files]) == 2
    assert "lacks valence, danceability" in capsys.readouterr().err
    (tmp_path / "people.json").write_text('{"a": 1}')
    assert main(["plane", *files]) == 2


def test_the_kept_figures_are_of_the_shipped_model(shipped: Suggester) -> None:
    assert json.loads(FIGURES.read_text())["served"]["model"] == shipped.name


def test_the_management_command_names_a_bad_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("eval_music_mood", str(tmp_path / "none.csv"))
    (tmp_path / "odd.csv").write_text(
        "mood,artist,length,year\n"
        + "".join(f"{'ab'[n % 2]},x{n},{n},{n * n}\n" for n in range(40))
    )
    with pytest.raises(CommandError, match="at least two of valence"):
        call_command("eval_music_mood", str(tmp_path / "odd.csv"))


def test_on_public_songs_the_figures_of_the_card_hold() -> None:
    path = Path(os.environ.get("MOODMUSIC_DATA", "")) / "music" / "data_moods" / "data_moods.csv"
    if not os.environ.get("MOODMUSIC_DATA") or not path.is_file():
        pytest.skip("MOODMUSIC_DATA names no folder with music/data_moods")

    found = compare(path, seeds=1)
    ours = served(path, Suggester.load())

    assert found["methods"]["MLP"]["accuracy"]["mean"] >= 0.78
    assert found["methods"]["MLP"]["macro_f1"]["mean"] >= 0.76
    assert ours["accuracy"] >= 0.57
    assert ours["right"] >= 0.66
