"""Made-up crops in the public file formats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

PLUS_HEADER = (
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Crops whose label is told by where the light is: easy, and not made of faces."""
    rng = np.random.default_rng(7)
    folder = tmp_path_factory.mktemp("fer")
    fer, plus = ["emotion,pixels,Usage"], [PLUS_HEADER]
    columns = {3: 3, 4: 5}  # happy, sad -> place in the FER+ row
    for index in range(240):
        label = 3 if index % 2 else 4
        crop = rng.integers(60, 100, (48, 48))
        half = slice(0, 24) if label == 3 else slice(24, 48)
        crop[half] += 90
        usage = "Training" if index < 160 else "PublicTest" if index < 200 else "PrivateTest"
        fer.append(f"{label},{' '.join(map(str, crop.ravel()))},{usage}")
        row = [usage, "x.png", *(["0"] * 10)]
        row[columns[label]] = "10"
        plus.append(",".join(row))
    (folder / "fer.csv").write_text("\n".join(fer) + "\n")
    (folder / "plus.csv").write_text("\n".join(plus) + "\n")
    return folder / "fer.csv", folder / "plus.csv"
