"""The measured features of the demo catalogue, as committed beside the code.

The file is text: a JSON header on the first line (generator and analyser version, feature names),
then one comma-separated row per piece, ``slug,value,value,...``.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from ml.audio.analyse import ANALYSER_VERSION, FEATURE_NAMES

#: Raise this whenever a change alters how any demo piece sounds, then build the features anew.
GENERATOR_VERSION = 1
FEATURES_PATH = Path(__file__).parent / "data" / "demo_features.csv"
_CURE = "run `python -m ml.audio build-features`"


class FeaturesFileError(RuntimeError):
    """The committed features are missing or belong to another version of the code."""


def header() -> dict[str, object]:
    """Return the header that a valid file has under this version of the code."""
    return {
        "generator": GENERATOR_VERSION,
        "analyser": ANALYSER_VERSION,
        "features": list(FEATURE_NAMES),
    }


def parse_rows(lines: list[str]) -> dict[str, tuple[float, ...]]:
    """Return slug -> values from the rows of a file; an unfinished row is left out."""
    rows = {}
    for line in lines:
        slug, *values = line.split(",")
        if len(values) == len(FEATURE_NAMES):
            rows[slug] = tuple(float(value) for value in values)
    return rows


def read_features(path: Path) -> dict[str, dict[str, float]]:
    """Read a features file: slug -> feature name -> value, in catalogue order.

    Raises
    ------
    FeaturesFileError
        if the file is missing, is no features file, or was built by another version; the message
        names the cause and the cure.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = json.loads(lines[0])
    except FileNotFoundError:
        raise FeaturesFileError(f"{path} is missing: {_CURE}") from None
    except (IndexError, ValueError):
        raise FeaturesFileError(f"{path} is not a features file: {_CURE}") from None
    if found != header():
        raise FeaturesFileError(
            f"{path} was built by generator {found.get('generator')} and analyser "
            f"{found.get('analyser')}, the code is at {GENERATOR_VERSION} and "
            f"{ANALYSER_VERSION} (or the feature names differ): {_CURE}"
        )
    return {
        slug: dict(zip(FEATURE_NAMES, values, strict=True))
        for slug, values in parse_rows(lines[1:]).items()
    }


@lru_cache(maxsize=1)
def demo_features() -> dict[str, dict[str, float]]:
    """Return the features of every demo piece: slug -> feature name -> value.

    Raises
    ------
    FeaturesFileError
        see ``read_features``.
    """
    return read_features(FEATURES_PATH)
