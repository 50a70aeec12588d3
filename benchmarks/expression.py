"""The whole path from photograph to expression: time, faces found, named rightly, memory.

Measured side by side with PyPI `fer`, which is installed without its dependencies into a folder of
its own (it needs none of torch and moviepy for pictures).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.numbers import quantile
from benchmarks.photographs import Photograph, framed, photographs

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".venv" / "peers"
#: setuptools is where its `pkg_resources` comes from.
FER = ("fer==25.10.3", "setuptools<81")
SIZES = ((640, 480), (350, 350))
READINGS = 5_000


def measure() -> dict[str, Any]:
    """Ours and `fer` on the labelled photographs at each frame size, and memory over readings.

    Returns
    -------
    dict
        sizes {"640x480": {"ours": line, "fer": line or None}}, where a line has n, found, right
        (shares 0..1), p50_ms, p95_ms, first_ms; memory {readings, early_mb, late_mb}; without the
        research data, sizes is empty.
    """
    found = photographs()
    model = _detector_model()
    has_fer = _install_fer()
    sizes: dict[str, Any] = {}
    for size in SIZES if found else ():
        with tempfile.TemporaryDirectory() as folder:
            frames = framed(found, size, Path(folder))
            sizes[f"{size[0]}x{size[1]}"] = {
                "ours": _line(frames, _ours(frames, model)),
                "fer": _line(frames, _theirs(frames)) if has_fer else None,
            }
    return {
        "detector": "yunet" if model else "haar",
        "sizes": sizes,
        "memory": _memory(model),
    }


def _detector_model() -> Path | None:
    named = os.environ.get("MOODMUSIC_FACE_DETECTOR_MODEL")
    beside = ROOT.parent / "shared" / "models" / "face_detection_yunet_2023mar.onnx"
    path = Path(named) if named else beside
    return path if path.is_file() else None


def _install_fer() -> bool:
    """Whether `fer` lies in the peers' folder, after trying to put it there."""
    if (PEERS / "fer").is_dir():
        return True
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    done = subprocess.run(
        [*pip, "--no-deps", "--target", str(PEERS), *FER],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0


def _ours(frames: list[Photograph], model: Path | None) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "ml.emotion", "read", "--json"]
    if model:
        command += ["--detector-model", str(model)]
    lines = _json_lines([*command, *(str(frame.path) for frame in frames)])
    return [
        {"found": line["box"] is not None, "label": line["label"], "ms": line["ms"]}
        for line in lines
    ]


def _theirs(frames: list[Photograph]) -> list[dict[str, Any]]:
    return _json_lines(
        [sys.executable, "-m", "benchmarks.peer_fer"],
        given="\n".join(str(frame.path) for frame in frames),
        path=PEERS,
    )


def _json_lines(command: list[str], given: str = "", path: Path | None = None) -> list[Any]:
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
    if path:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input=given, capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _line(frames: list[Photograph], told: list[dict[str, Any]]) -> dict[str, Any]:
    times = [line["ms"] for line in told]
    right = sum(line["label"] == frame.label for line, frame in zip(told, frames, strict=True))
    return {
        "n": len(told),
        "found": round(sum(line["found"] for line in told) / len(told), 4),
        "right": round(right / len(told), 4),
        "p50_ms": round(quantile(times, 0.5), 1),
        "p95_ms": round(quantile(times, 0.95), 1),
        "first_ms": round(times[0], 1),
    }


MEMORY = """
import sys, psutil, numpy as np
from pathlib import Path
from skimage.data import astronaut
from ml.emotion.predictor import Predictor
from ml.faces import detector, locate
using = detector(Path(sys.argv[2]) if sys.argv[2] else None)
predictor = Predictor(); predictor.warm_up()
image = np.ascontiguousarray(astronaut()[:480, :, :])
for count in range(int(sys.argv[1])):
    predictor.probabilities(locate(image, using=using).crop[None])
    if count in (499, int(sys.argv[1]) - 1):
        print('{"mb": %.1f}' % (psutil.Process().memory_info().rss / 1e6))
"""


def _memory(model: Path | None) -> dict[str, Any]:
    early, late = _json_lines(
        [sys.executable, "-c", MEMORY, str(READINGS), str(model) if model else ""]
    )
    return {"readings": READINGS, "after_500_mb": early["mb"], "at_end_mb": late["mb"]}
