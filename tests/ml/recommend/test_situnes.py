"""SiTunes: the folder is read as published, what is planted is found, nothing is chosen on the
test part.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from ml.recommend.cli import main
from ml.recommend.proof import situnes_models
from ml.recommend.proof.situnes import Listens, SitunesError, read_lab, read_split
from ml.recommend.proof.situnes_models import Shown, change_classes, liked_scores

NOTHING = Shown(context=False, mood=False)
SITUATION = Shown(context=True, mood=False)
MOOD = Shown(context=False, mood=True)
HEADER = [
    "user_id:token", "item_id:token", "rating:float", "morning:float", "walking:float",
    "GPS1:float", "timestamp:float", "emo_pre_valence:float", "emo_pre_arousal:float",
    "emo_post_valence:float", "emo_post_arousal:float",
]  # fmt: skip


def listens(count: int, seed: int) -> Listens:
    """Songs are liked when the listener walks and they are lively, or neither; low moods rise and
    high ones fall.
    """
    random = np.random.default_rng(seed)
    songs = np.random.default_rng(0).normal(size=(20, 2))
    items = random.integers(0, 20, count)
    walking = random.integers(0, 2, count)
    before = random.uniform(-1, 1, size=(count, 2))
    after = np.column_stack([before[:, 0] * 0.2, before[:, 1]])
    liked = (songs[items, 0] > 0) == (walking == 1)
    context = np.column_stack([random.integers(0, 2, count), walking]).astype(float)
    return Listens(
        random.integers(1, 5, count), items, np.where(liked, 4.0, 2.0), context, before, after,
        songs[items],
    )  # fmt: skip


def a_folder(home: Path) -> Path:
    """A small folder with the splits of seed 101, in the published files' form."""
    for name in ("Stage1", "music_metadata", "splits"):
        (home / name).mkdir()
    everything = listens(260, seed=1)
    songs = dict(zip(everything.items.tolist(), everything.songs.tolist(), strict=True))
    lines = [",item_id,energy,tempo,general_genre_id,general_genre"]
    lines += [f"{n},{item},{a},{b},0,rock" for n, (item, (a, b)) in enumerate(songs.items())]
    (home / "music_metadata" / "music_info.csv").write_text("\n".join(lines))
    lines = ["user_id,item_id,rating,emo_valence,emo_arousal"]
    lines += [f"1,{item},4,0.1,{-0.5 * a}" for item, (a, _) in songs.items()]
    (home / "Stage1" / "interactions.csv").write_text("\n".join(lines))
    for setting in (2, 3):
        for part, rows in (("train", (0, 150)), ("valid", (150, 180)), ("test", (180, 260))):
            header = HEADER.copy()
            if setting == 3 and part == "test":
                header[8:9] = ["emo_pre_valence:float"] * 3
            out = ["\t".join(header)]
            for n in range(*rows):
                mood = everything.before[n].tolist() * (len(header) - len(HEADER) + 2 >> 1)
                cells = [
                    everything.users[n], everything.items[n], everything.ratings[n],
                    *everything.context[n], 99.5, 1625103746 + n, *mood, *everything.after[n],
                ]  # fmt: skip
                out.append("\t".join(str(cell) for cell in cells))
            (home / "splits" / f"setting{setting}-101.{part}.inter").write_text("\n".join(out))
    return home


@pytest.fixture(autouse=True)
def few_trees(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.node.get_closest_marker("slow"):
        monkeypatch.setattr(situnes_models, "TREES", 15)


# --- The folder -----------------------------------------------------------------------------------


def test_train_and_validation_are_learnt_from_and_the_place_is_left_out(tmp_path: Path) -> None:
    learnt, asked = read_split(a_folder(tmp_path), 2, 101)

    whole = listens(260, seed=1)
    assert (len(learnt.users), len(asked.users)) == (180, 80)
    assert learnt.context == pytest.approx(whole.context[:180])
    assert asked.before == pytest.approx(whole.before[180:])
    assert asked.after == pytest.approx(whole.after[180:])


def test_the_mood_of_setting_3_is_read_past_its_repeated_names(tmp_path: Path) -> None:
    _, asked = read_split(a_folder(tmp_path), 3, 101)

    assert asked.before == pytest.approx(listens(260, seed=1).before[180:])
    assert asked.after == pytest.approx(listens(260, seed=1).after[180:])


def test_the_sign_of_arousal_in_the_lab_is_flipped(tmp_path: Path) -> None:
    energy, arousal = read_lab(a_folder(tmp_path))

    assert arousal == pytest.approx(0.5 * energy)


def test_changes_count_from_an_eighth(tmp_path: Path) -> None:
    three = listens(3, seed=0)
    zero = np.zeros((3, 2))
    after = np.array([[0.13, 0], [0.12, 0], [-0.13, 0]])

    assert replace(three, before=zero, after=after).change.tolist() == [2, 1, 0]


def broken(home: Path, name: str, old: str, new: str) -> Path:
    path = home / name
    path.write_text(path.read_text().replace(old, new, 1))
    return home


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "splits/setting2-101.train.inter",
            "rating:float",
            "stars:float",
            "lacks a column.*rating",
        ),
        ("splits/setting2-101.test.inter", "99.5", "9\t9", "line 2: expected 11 columns, found 12"),
        ("splits/setting2-101.test.inter", "\t4.0\t", "\tfour\t", "rating must be a finite number"),
        ("splits/setting2-101.valid.inter", "\t99.5", "", "line 2: expected 11 columns, found 10"),
        ("music_metadata/music_info.csv", "energy", "vigour", "the header must name .*energy"),
        ("music_metadata/music_info.csv", "0,", "0,9", "no song .* in music_info.csv"),
    ],
)
def test_a_damaged_folder_is_refused_with_its_place(
    tmp_path: Path, name: str, old: str, new: str, told: str
) -> None:
    home = broken(a_folder(tmp_path), name, old, new)

    with pytest.raises(SitunesError, match=told):
        read_split(home, 2, 101)


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["situnes", "--data", str(tmp_path / "none")]) == 2
    assert "music_info.csv cannot be read" in capsys.readouterr().err
    with pytest.raises(CommandError, match=r"music_info\.csv cannot be read"):
        call_command("evaluate_situnes", str(tmp_path / "none"))


# --- The models -----------------------------------------------------------------------------------


@pytest.mark.parametrize("new_songs", [False, True])
def test_a_planted_effect_of_the_situation_is_found_and_only_when_shown(new_songs: bool) -> None:
    from sklearn.metrics import roc_auc_score

    learnt, asked = listens(200, seed=1), listens(200, seed=2)

    areas = {
        shown: roc_auc_score(
            asked.liked, liked_scores(learnt, asked, shown, new_songs=new_songs, seed=0)[0]
        )
        for shown in (NOTHING, SITUATION)
    }

    assert areas[SITUATION] > 0.9
    assert areas[NOTHING] < 0.65


def test_a_planted_return_of_moods_is_found_and_only_when_shown() -> None:
    learnt, asked = listens(300, seed=1), listens(200, seed=2)

    right = {
        shown: float(np.mean(change_classes(learnt, asked, shown, seed=0)[0] == asked.change))
        for shown in (NOTHING, MOOD)
    }

    assert right[MOOD] > 0.85
    assert right[NOTHING] < 0.6


def test_answers_do_not_depend_on_the_test_parts_own_labels_and_one_seed_says_one_thing() -> None:
    learnt, asked = listens(150, seed=1), listens(80, seed=2)
    blind = replace(asked, ratings=np.full(80, 3.0), after=np.zeros((80, 2)))
    both = Shown(context=True, mood=True)

    scores, mix = liked_scores(learnt, asked, both, new_songs=True, seed=5)
    again, mix_again = liked_scores(learnt, blind, both, new_songs=True, seed=5)

    assert again == pytest.approx(scores, abs=0)
    assert mix_again == mix
    assert (
        change_classes(learnt, asked, both, seed=5)[0].tolist()
        == change_classes(learnt, blind, both, seed=5)[0].tolist()
    )


def test_the_command_prints_every_row_for_both_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(a_folder(tmp_path))

    assert main(["situnes", "--data", home, "--seeds", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)

    rows = ["listener and song", "+ mood before", "+ situation", "+ both"]
    assert list(found["liked"]) == list(found["change"]) == rows
    assert found["liked"]["+ situation"]["2"]["mean"] > 0.85
    assert found["liked"]["+ situation"]["2"]["published"] == 0.819
    assert found["change"]["+ mood before"]["3"]["accuracy"]["mean"] > 0.8
    assert found["stage1_energy_arousal"] == pytest.approx(1)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_on_the_public_listens_the_bars_hold(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(os.environ.get("MOODMUSIC_DATA", "")) / "music" / "situnes"
    if not os.environ.get("MOODMUSIC_DATA") or not folder.is_dir():
        pytest.skip("MOODMUSIC_DATA names no folder with music/situnes")

    assert main(["situnes", "--data", str(folder), "--seeds", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)

    for row in ("listener and song", "+ situation"):
        for setting, one in found["liked"][row].items():
            assert one["mean"] > one["published"] + 0.02, (row, setting)
    change = found["change"]["+ both"]["2"]
    assert change["accuracy"]["mean"] > 0.572
    assert change["macro_f1"]["mean"] > 0.487
    assert found["stage1_energy_arousal"] > 0.3
