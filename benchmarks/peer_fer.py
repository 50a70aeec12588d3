"""Read the picture files named on standard input with PyPI `fer`; one JSON line each.

Runs in a process of its own with `fer` on its path; see `benchmarks.expression`.
"""

from __future__ import annotations

import json
import sys
import time

import cv2
from fer.fer import FER  # type: ignore[import-not-found,unused-ignore]


def main() -> None:
    reader = FER()
    paths = sys.stdin.read().split("\n")
    reader.detect_emotions(cv2.imread(paths[0]))  # warm
    for path in paths:
        started = time.perf_counter()
        faces = reader.detect_emotions(cv2.imread(path))
        took = (time.perf_counter() - started) * 1000
        label = None
        if faces:
            largest = max(faces, key=lambda face: face["box"][2] * face["box"][3])
            label = max(largest["emotions"], key=largest["emotions"].get)
        print(json.dumps({"found": bool(faces), "label": label, "ms": took}), flush=True)


if __name__ == "__main__":
    main()
