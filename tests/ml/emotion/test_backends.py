"""The same network under Keras' TensorFlow and JAX backends: it reads and trains alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ml.emotion import weights
from ml.emotion.evaluate import evaluate
from ml.emotion.predictor import Predictor
from tests.ml.emotion.untrained import save_untrained
from tests.process import BASE_DIR

pytestmark = pytest.mark.timeout(600)

READ = """
import sys
import numpy as np
from pathlib import Path
from ml.emotion.predictor import Predictor
predictor = Predictor(Path(sys.argv[1]))
predictor.warm_up()
np.save(sys.argv[3], predictor.probabilities(np.load(sys.argv[2])))
"""


def under_jax(*arguments: str) -> str:
    pytest.importorskip("jax")
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env={**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_both_backends_read_the_same(tmp_path: Path) -> None:
    home = save_untrained(tmp_path, unsure_below=0.5)
    crops = np.random.default_rng(5).integers(0, 256, (7, 48, 48), dtype=np.uint8)
    np.save(tmp_path / "crops.npy", crops)

    under_jax("-c", READ, str(home), str(tmp_path / "crops.npy"), str(tmp_path / "read.npy"))

    np.testing.assert_allclose(
        np.load(tmp_path / "read.npy"), Predictor(home).probabilities(crops), atol=1e-4
    )


TRAIN = """
import json, sys
from pathlib import Path
from ml.emotion.network import NetworkConfig
from ml.emotion.recipe import Recipe
from ml.emotion.train import train
train(fer2013=Path(sys.argv[1]), ferplus=Path(sys.argv[2]), home=Path(sys.argv[3]),
      checkpoint=Path(sys.argv[4]),
      recipe=Recipe(phases=((3, 32), (1, 48)), batch=16, peak_rate=0.05),
      network=NetworkConfig(widths=(8, 16, 16, 32), blocks=(1, 1, 1, 1), dropout=0.0),
      report=lambda entry: print(json.dumps(entry)))
"""


def test_what_jax_trained_reads_under_tensorflow(files: tuple[Path, Path], tmp_path: Path) -> None:
    # Given a network trained under JAX to tell a bright upper half from a bright lower one
    home = tmp_path / "home"
    told = under_jax("-c", TRAIN, *map(str, files), str(home), str(tmp_path / "checkpoint"))

    # Then it learnt, and the manifest names the backend
    entries = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    assert [entry["epoch"] for entry in entries] == [1, 2, 3, 4]
    assert entries[-1]["loss"] < entries[0]["loss"]
    assert weights.check(home).training["versions"]["backend"] == "jax"

    # And TensorFlow, in this process, reads the very same from it
    figures = evaluate(fer2013=files[0], ferplus=files[1], usage="PublicTest", home=home)
    assert figures["accuracy"] == entries[-1]["public_accuracy"] > 0.9
