"""From what is measured to the scales of public feature tables: stated rules, not a model.

Tables of song features (Spotify, Echo Nest) give energy, valence, danceability, acousticness and
instrumentalness as 0..1, made by models nobody outside has. No annotated recordings are at hand
to learn them from, so each is a weighted mean of measures that are known to go along with it,
every measure brought to 0..1 between two stated ends. What can be said for them:

- energy: the correlates of arousal that studies of musical emotion agree on. The most reliable.
- danceability: a clear, steady pulse at a walking to running tempo, and little change of level.
- acousticness: soft, dull and with a wide range of levels. Loud acoustic music reads too low.
- valence: major, bright, lively. Weak: from sound alone the best models in print explain about a
  quarter of what people say, and these rules explain less.
- instrumentalness: pitches that stand, where a voice's would glide. The weakest: bowed strings and
  bent guitars read as a voice, speech over a beat as none; kept within 0.1..0.9 for that.

Speechiness and liveness are not estimated: nothing measured here speaks of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

#: Raise with every change of a rule.
ESTIMATES_VERSION = 1


class Part(NamedTuple):
    """One measure's say: 0 at `low`, 1 at `high` (which may be the lesser), and its weight."""

    measure: str
    low: float
    high: float
    weight: float


#: Measures are those of ml.audio.analyse (and `glide`, of ml.audio.voice).
RULES: dict[str, tuple[Part, ...]] = {
    "energy": (
        Part("loudness_db", -30.0, -8.0, 0.45),
        Part("onset_rate", 0.5, 7.0, 0.20),
        Part("centroid_hz", 500.0, 3500.0, 0.20),
        Part("percussiveness", 0.03, 0.25, 0.15),
    ),
    "danceability": (
        Part("pulse_clarity", 0.05, 0.60, 0.45),
        Part("tempo_fit", 0.0, 1.0, 0.25),
        Part("dynamic_range_db", 30.0, 5.0, 0.15),
        Part("percussiveness", 0.03, 0.25, 0.15),
    ),
    "acousticness": (
        Part("loudness_db", -8.0, -28.0, 0.30),
        Part("centroid_hz", 3000.0, 500.0, 0.25),
        Part("high_share", 0.08, 0.0, 0.15),
        Part("flatness", 0.10, 0.0, 0.15),
        Part("percussiveness", 0.20, 0.03, 0.15),
    ),
    "valence": (
        Part("mode", -0.4, 0.4, 0.50),
        Part("onset_rate", 0.5, 6.0, 0.15),
        Part("centroid_hz", 500.0, 3000.0, 0.10),
        Part("tempo_bpm", 75.0, 130.0, 0.15),
        Part("dynamic_range_db", 35.0, 8.0, 0.10),
    ),
    "instrumentalness": (Part("glide", 0.85, 0.30, 1.0),),
}
#: Names that tables of features use for what is estimated here.
SCALES = frozenset({*RULES, "tempo", "loudness", "mode", "key"})
#: Where estimates that are worth little end.
WITHIN = {"instrumentalness": (0.1, 0.9), "valence": (0.05, 0.95)}
#: Beats a minute that people walk, run and dance to.
_DANCE_BPM, _DANCE_WIDTH = 118.0, 25.0


def estimates(measures: Mapping[str, float]) -> dict[str, float]:
    """Table features of one recording.

    Parameters
    ----------
    measures : the features of `ml.audio.analyse`; `lufs`, `key` and `glide` where known

    Returns
    -------
    dict
        those of ``RULES`` that the measures allow, each 0..1; tempo (beats a minute, 70..140, as
        octaves cannot be told), loudness (LUFS, -60..0; else RMS in dB), mode (1 major, 0 minor),
        and key (0..11, C is 0) where it is known
    """
    bpm = measures["tempo_bpm"]
    off = (bpm - _DANCE_BPM) / _DANCE_WIDTH
    known = {**measures, "tempo_fit": max(0.0, 1.0 - off * off / 4.0)}
    found = {
        name: _mean(parts, known, *WITHIN.get(name, (0.0, 1.0)))
        for name, parts in RULES.items()
        if all(part.measure in known for part in parts)
    }
    loudness = measures.get("lufs", measures["loudness_db"])
    found |= {
        "tempo": bpm,
        "loudness": min(0.0, max(-60.0, loudness)),
        "mode": float(measures["mode"] > 0.0),
    }
    if "key" in measures:
        found["key"] = float(measures["key"])
    return found


def _mean(parts: tuple[Part, ...], known: Mapping[str, float], low: float, high: float) -> float:
    total = sum(part.weight for part in parts)
    said = sum(
        part.weight * min(1.0, max(0.0, (known[part.measure] - part.low) / (part.high - part.low)))
        for part in parts
    )
    return min(high, max(low, said / total))
