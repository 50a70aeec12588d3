"""`python -m ml.emotion read`: one line for each photograph, whatever it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image

from ml.emotion.labels import EMOTIONS, valence_arousal
from ml.emotion.photographs import read_photographs
from tests.ml.emotion.untrained import save_untrained

KEYS = [
    "file",
    "status",
    "reason",
    "box",
    "probabilities",
    "label",
    "confidence",
    "valence",
    "arousal",
    "ms",
]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def untrained_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_untrained(tmp_path_factory.mktemp("weights"), unsure_below=0.4)


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portrait, the same held on its side and noted so, a cat, a cut file, no picture."""
    folder = tmp_path_factory.mktemp("album")
    portrait = Image.fromarray(skimage.data.astronaut())
    portrait.save(folder / "portrait.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    portrait.transpose(Image.Transpose.ROTATE_90).save(folder / "side.jpg", quality=95, exif=exif)
    Image.fromarray(skimage.data.chelsea()).save(folder / "cat.jpg")
    (folder / "cut.png").write_bytes((folder / "portrait.png").read_bytes()[:5000])
    (folder / "notes.jpg").write_text("not a picture")
    (folder / "folder.jpg").mkdir()
    return folder


def test_a_batch_gives_a_line_for_each_and_goes_on(untrained_home: Path, album: Path) -> None:
    # Given good and bad files in one batch
    names = [
        "cut.png",
        "portrait.png",
        "none.jpg",
        "cat.jpg",
        "notes.jpg",
        "folder.jpg",
        "side.jpg",
    ]

    # When they are read
    lines = list(read_photographs([album / name for name in names], home=untrained_home))

    # Then each has its line in order, with the same keys
    assert [Path(line["file"]).name for line in lines] == names
    assert all(list(line) == KEYS for line in lines)
    assert [line["status"] for line in lines] == [
        "refused",
        "read",
        "refused",
        "refused",
        "refused",
        "refused",
        "read",
    ]
    assert [lines[i]["reason"] for i in (0, 2, 4, 5)] == ["unreadable"] * 4
    assert lines[3]["reason"] in {"no_face", "too_small", "blurred"}
    assert lines[1]["reason"] is None
    assert all(json.loads(json.dumps(line)) == line for line in lines)


def test_a_reading_adds_up_and_lies_on_the_face(untrained_home: Path, album: Path) -> None:
    (line,) = read_photographs([album / "portrait.png"], home=untrained_home)

    row = np.array([line["probabilities"][name] for name in EMOTIONS])
    assert list(line["probabilities"]) == list(EMOTIONS)
    assert row.sum() == pytest.approx(1, abs=1e-6)
    assert line["label"] == EMOTIONS[int(row.argmax())]
    assert line["confidence"] == row.max()
    assert [line["valence"], line["arousal"]] == pytest.approx(list(valence_arousal(row)))
    # The astronaut's face is around (225, 115) in her picture.
    x, y, width, height = line["box"]
    assert x < 225 < x + width
    assert y < 115 < y + height
    assert 60 < width < 200
    assert line["ms"] > 0


def test_a_refused_file_has_no_values(untrained_home: Path, album: Path) -> None:
    (line,) = read_photographs([album / "notes.jpg"], home=untrained_home)
    values = {key: line[key] for key in KEYS[3:-1]}
    assert values == dict.fromkeys(values)


def test_the_way_a_camera_was_held_makes_no_difference(untrained_home: Path, album: Path) -> None:
    upright, side = read_photographs(
        [album / "portrait.png", album / "side.jpg"], home=untrained_home
    )
    assert side["box"] == pytest.approx(upright["box"], abs=8)


def test_the_committed_network_sees_the_astronaut_smile(album: Path) -> None:
    # Needs ml/emotion/weights, which belong to the installation.
    lines = list(read_photographs([album / "portrait.png", album / "side.jpg"]))
    assert [line["label"] for line in lines] == ["happy", "happy"]
    assert min(line["confidence"] for line in lines) > 0.5
    assert min(line["valence"] for line in lines) > 0.3


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ml.emotion", "read", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
    )


def test_the_command_prints_json_lines(untrained_home: Path, album: Path) -> None:
    # When the command reads a bad and a good file
    done = command(
        "--json", "--weights", untrained_home, album / "notes.jpg", album / "portrait.png"
    )

    # Then it ends well, with one line of JSON for each and nothing else
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["status"] for line in lines] == ["refused", "read"]


def test_the_command_names_a_bad_file_and_its_cure(
    tmp_path: Path, untrained_home: Path, album: Path
) -> None:
    # Given a folder without weights, and a detector model that is none
    model = tmp_path / "yunet.onnx"
    model.write_bytes(b"x" * 100)

    no_weights = command("--weights", tmp_path, album / "portrait.png")
    no_model = command(
        "--weights", untrained_home, "--detector-model", model, album / "portrait.png"
    )

    assert (no_weights.returncode, no_model.returncode) == (2, 2)
    assert "manifest.json is missing" in no_weights.stderr
    assert "is not the expected model" in no_model.stderr
    assert "Traceback" not in no_weights.stderr + no_model.stderr
