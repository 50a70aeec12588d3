import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.faces.__main__ import main
from ml.faces.evaluation import evaluate
from tests.ml.faces.conftest import photo_folder, yunet_path

ROOT = Path(__file__).resolve().parents[3]


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = ["cv2", "skimage", "scipy", "tensorflow", "django"]
    code = f"import sys, ml.faces; print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_evaluate_reports_what_a_folder_holds(
    tmp_path: Path,
    astronaut: np.ndarray,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given: one face, one wall, one file that is no picture; pictures without people left out
    monkeypatch.setattr("ml.faces.evaluation.nonfaces", lambda: iter([]))
    cv2.imwrite(str(tmp_path / "face.png"), astronaut[:, :, ::-1])
    cv2.imwrite(str(tmp_path / "wall.png"), np.full((200, 200), 150, np.uint8))
    (tmp_path / "labels.csv").write_text("file,label\n")

    code = main(["evaluate", str(tmp_path), "--detector", "haar", "--json"])

    result = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (result["photos"], result["found"], result["read"]) == (2, 0.5, 0.5)
    assert result["refused"] == {"no_face": 1}
    assert result["missed"] == ["wall.png"]


def test_evaluate_of_an_empty_folder_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(tmp_path)]) == 1
    assert "no pictures" in capsys.readouterr().err


def test_yunet_finds_and_accepts_ordinary_photographs(
    yunet, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = photo_folder(), yunet_path()
    monkeypatch.setattr("ml.faces.evaluation.nonfaces", lambda: iter([]))

    result = evaluate(folder, yunet)

    assert result["photos"] == 208
    assert result["found"] >= 0.98
    assert result["refused_of_found"] <= 0.03
