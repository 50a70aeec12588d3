import json

import numpy as np
import pytest
import soundfile

from ml.audio import encode
from ml.audio.__main__ import main
from ml.audio.analyse import FEATURE_NAMES


def test_an_unknown_piece_is_status_2_with_a_message(tmp_path, capsys):
    assert main(["render", "happy-999", str(tmp_path / "x.mp3")]) == 2
    assert "no demo piece is called 'happy-999'" in capsys.readouterr().err


def test_a_folder_that_is_missing_is_status_1(tmp_path, capsys):
    assert main(["render", "happy-001", str(tmp_path / "none" / "x.mp3")]) == 1
    assert "cannot write" in capsys.readouterr().err


def test_render_writes_the_file_it_was_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(encode, "_write", lambda spec, path: path.write_text(spec.slug))
    assert main(["render", "dark-007", str(tmp_path / "x.mp3")]) == 0
    assert (tmp_path / "x.mp3").read_text() == "dark-007"


def test_analyse_prints_a_line_per_file_and_goes_on_after_a_bad_one(tmp_path, capsys):
    good, bad = tmp_path / "good.wav", tmp_path / "bad.mp3"
    time = np.arange(4 * 22_050) / 22_050
    soundfile.write(str(good), 0.3 * np.sin(2 * np.pi * 440 * time), 22_050)
    bad.write_bytes(b"no music")

    status = main(["analyse", str(bad), str(good), "--json"])

    out, err = capsys.readouterr()
    row = json.loads(out)
    assert status == 1
    assert "bad.mp3" in err
    assert row["file"] == str(good)
    assert row["duration_s"] == 4.0
    assert set(FEATURE_NAMES) <= set(row)
    assert row["loudness_db"] == pytest.approx(-13.5, abs=0.1)


def test_evaluate_prints_its_report_as_json(capsys, monkeypatch):
    report = {"n": 1092, "accuracy": 0.9}
    monkeypatch.setattr("ml.audio.evaluate.evaluate_demo", lambda: report)
    assert main(["evaluate-demo", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == report
    assert main(["evaluate-demo"]) == 0
    assert capsys.readouterr().out == "n: 1092\naccuracy: 0.9\n"
