import numpy as np
import pytest
import soundfile

from ml.audio import encode
from ml.audio.catalogue import piece
from ml.audio.encode import render_mp3
from ml.audio.instruments import SAMPLE_RATE


def test_a_complete_stereo_mp3_is_written(tmp_path, sample, rendered):
    spec = sample[2]
    goal = tmp_path / "piece.mp3"

    found = render_mp3(spec.slug, goal)

    assert found == goal
    y, rate = soundfile.read(str(goal), dtype="float32")
    assert rate == SAMPLE_RATE
    assert y.shape[1] == 2
    assert len(y) / rate == pytest.approx(spec.duration_s, abs=0.15)
    assert np.abs(y).max() <= 0.98
    # the decoded file is the rendered piece
    size = min(len(y), len(rendered[spec.slug]))
    ours = rendered[spec.slug][:size].mean(axis=1)
    theirs = y[:size].mean(axis=1)
    assert np.corrcoef(ours, theirs)[0, 1] > 0.98
    bits = goal.stat().st_size * 8 / spec.duration_s / 1000
    assert 40 < bits < 128
    assert [path.name for path in tmp_path.iterdir()] == ["piece.mp3"]


def test_an_existing_file_is_replaced(tmp_path, monkeypatch):
    goal = tmp_path / "piece.mp3"
    goal.write_bytes(b"old")
    monkeypatch.setattr(encode, "_write", lambda spec, path: path.write_bytes(b"new"))
    render_mp3("calm-001", goal)
    assert goal.read_bytes() == b"new"


def test_a_failure_leaves_neither_a_new_file_nor_a_harmed_old_one(tmp_path, monkeypatch):
    def breaks(spec, path):
        path.write_bytes(b"half")
        raise RuntimeError("power cut")

    monkeypatch.setattr(encode, "_write", breaks)
    goal = tmp_path / "piece.mp3"
    with pytest.raises(RuntimeError, match="power cut"):
        render_mp3("calm-001", goal)
    assert list(tmp_path.iterdir()) == []

    goal.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="power cut"):
        render_mp3("calm-001", goal)
    assert goal.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["piece.mp3"]


def test_a_failure_of_the_synthesiser_reaches_the_caller(tmp_path, monkeypatch):
    def breaks(score):
        yield np.zeros((1000, 2), dtype=np.float32)
        raise RuntimeError("no more notes")

    monkeypatch.setattr("ml.audio.synth.render_blocks", breaks)
    with pytest.raises(RuntimeError, match="no more notes"):
        render_mp3("calm-001", tmp_path / "piece.mp3")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        render_mp3("calm-001", tmp_path / "nowhere" / "piece.mp3")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_slug_is_a_key_error_and_writes_nothing(tmp_path):
    with pytest.raises(KeyError, match="calm-999"):
        render_mp3("calm-999", tmp_path / "piece.mp3")
    assert list(tmp_path.iterdir()) == []


def test_a_specification_serves_as_well_as_a_slug(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(encode, "_write", lambda spec, path: asked.append(spec))
    render_mp3(piece("sad-010"), tmp_path / "a.mp3")
    render_mp3("sad-010", tmp_path / "b.mp3")
    assert asked == [piece("sad-010")] * 2


def test_a_slow_reader_stops_the_maker_when_it_gives_up():
    made = []

    def blocks():
        for number in range(1000):
            made.append(number)
            yield np.zeros((1, 2), dtype=np.float32)

    reader = encode._ahead(blocks())
    next(reader)
    reader.close()
    assert len(made) < 30
