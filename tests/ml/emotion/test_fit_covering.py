"""`python -m ml.emotion fit-covering`: from the data file to a model that is read back."""

from pathlib import Path

import numpy as np
import pytest

from ml.emotion.cli import main
from ml.faces import covering


def test_the_command_writes_a_model_that_can_be_used(
    files: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out, shipped = tmp_path / "covering.npz", covering.model()

    assert main(["fit-covering", "--data", str(files[0]), "--out", str(out)]) == 0

    assert "false_refusals" in capsys.readouterr().out
    monkeypatch.setattr(covering, "MODEL", out)
    covering.model.cache_clear()
    try:
        ours = covering.model()
    finally:
        covering.model.cache_clear()
    assert ours.hidden_weights.shape == shipped.hidden_weights.shape
    assert not np.array_equal(ours.hidden_weights, shipped.hidden_weights)
