"""Size and speed of a network, as the command tells them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ml.emotion import speed
from ml.emotion.cli import main
from ml.emotion.network import NetworkConfig, build
from tests.ml.emotion.untrained import save_untrained

TINY = NetworkConfig(widths=(8, 16, 16, 32), blocks=(1, 1, 1, 1), dropout=0.0)


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "BATCHES", (1, 4))
    monkeypatch.setattr(speed.measure, "__kwdefaults__", {"seconds": 0.0})


def test_the_command_tells_size_backend_and_faces_a_second(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = save_untrained(tmp_path / "weights", unsure_below=0.5)

    assert main(["speed", "--weights", str(home), "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["parameters"] > 0
    assert told["backend"] == "tensorflow"
    assert told["devices"]
    assert list(told["batches"]) == ["1", "4"]
    for count, batch in told["batches"].items():
        assert batch["faces_per_second"] == pytest.approx(int(count) * 1000 / batch["ms"], rel=0.01)


def test_missing_weights_are_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["speed", "--weights", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_multiply_adds_of_a_network_worked_out_by_hand() -> None:
    from keras import Input, Model, layers

    inputs = Input((None, None, 1))
    x = layers.Conv2D(4, 3, strides=2, padding="same")(inputs)  # 24 x 24 x 4 of 9 each
    x = layers.GlobalAveragePooling2D()(x)
    model = Model(inputs, {"head": layers.Dense(7)(x)})

    assert speed.multiply_adds(model) == 24 * 24 * 4 * 9 + 4 * 7
    assert speed.size(model) == {"parameters": 4 * 9 + 4 + 4 * 7 + 7, "mmac": 0.0}


def test_a_shape_is_timed_without_training() -> None:
    told = speed.shape(TINY, seconds=0.0)

    assert told["parameters"] == build(TINY).count_params()
    assert told["ms"] > 0
