import json
import subprocess
import sys

import pytest

HEAVY = ("librosa", "numba", "scipy", "cv2", "tensorflow", "sklearn", "soundfile", "numpy")


def loaded_after(statement):
    code = (
        f"import json, sys\n{statement}\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(found.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "statement",
    [
        "import ml.audio",
        "from ml.audio.catalogue import pieces; pieces()",
        "from ml.audio.features_file import demo_features; demo_features()",
        "from ml.audio.encode import render_mp3",
        "import ml.audio.analyse",
    ],
)
def test_listing_pieces_and_reading_features_loads_nothing_heavy(statement):
    assert loaded_after(statement) == set()


def test_rendering_loads_numpy_and_soundfile_only(tmp_path):
    statement = (
        "from ml.audio.__main__ import main\n"
        f"assert main(['render', 'calm-002', {str(tmp_path / 'piece.mp3')!r}]) == 0"
    )
    assert loaded_after(statement) == {"numpy", "soundfile"}
    assert (tmp_path / "piece.mp3").stat().st_size > 200_000
