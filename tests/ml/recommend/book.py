"""Results as the proofs give them, with figures that were made up for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PLAYS = ("0", "1", "2", "3", "5", "10", "20")
MEASURES = ("recall@10", "ndcg@10", "hit@10", "mrr@10", "coverage@10", "popularity_lift@10")
METHODS = ("popularity", "item_knn", "als", "ours", "ours_wide", "ours_tags")


def _one(mean: float, **more: Any) -> dict[str, Any]:
    return {"mean": mean, "sd": 0.0021, **more}


def _curve(scale: float) -> dict[str, Any]:
    return {
        number: {"mean": scale * (0.1 + 0.04 * place), "sd": 0.003, "standard_error": 0.006}
        for place, number in enumerate(PLAYS)
    }


def figures() -> dict[str, dict[str, Any]]:
    """Every proof's JSON; each call gives a copy of its own."""
    return {
        "plays": {
            "methods": {
                method: {
                    measure: _one(0.2301 if method == "ours" else 0.15 + 0.01 * place)
                    for measure in MEASURES
                }
                for place, method in enumerate(METHODS)
            },
            "parameters": [{"factors": 64}],
            "users": 1892,
            "items": 17632,
            "interactions": 92834,
            "seeds": 5,
            "seconds": 9.0,
        },
        "curve": {
            "curve": _curve(1.07),
            "als": _curve(1.0),
            "plain_als": _curve(0.98),
            "popularity": {number: {"mean": 0.11} for number in PLAYS},
            "listeners": 300,
            "samples": 5,
        },
        "mood_lists": {
            "plays": {
                number: {
                    "mood": _one(0.111),
                    "collaborative": _one(0.08 + 0.028 * place),
                    "blend": _one(0.14 + 0.02 * place),
                    "product": _one(0.13 + 0.02 * place),
                    "gain": {"mean": 0.02, "standard_error": 0.004},
                }
                for place, number in enumerate(("0", "3", "5", "10", "20", "all"))
            },
            "pairs": 285,
            "listeners": 180,
            "artists": 17632,
            "seeds": 5,
        },
        "situnes": {
            "liked": {
                row: {
                    "2": _one(0.75 + 0.04 * place, published=0.722),
                    "3": _one(0.667, published=None),
                }
                for place, row in enumerate(_KNOWN)
            },
            "change": {
                row: {setting: {"accuracy": _one(0.58), "macro_f1": _one(0.4)} for setting in "23"}
                for row in _KNOWN
            },
            "seeds": 10,
        },
        "labelled_songs": {
            "retrieval": {
                way: _one(0.8 + 0.01 * place, per_mood={"Calm": 0.98, "Sad": 0.7})
                for place, way in enumerate(("cosine", "ours", "ours, sound alone"))
            },
            "accuracy": {
                "artist-disjoint": {"ours": _one(0.82), "ours, sound alone": _one(0.81)},
                "10 random folds": {"ours": _one(0.8)},
            },
            "songs": 686,
            "artists": 450,
            "moods": {"Calm": 343, "Sad": 343},
            "seeds": 3,
        },
        "simulated": {
            "lives": {
                "one taste": {
                    "ours": {"1": _one(0.8), "20": _one(0.9)},
                    "bandit": {"1": _one(0.0), "20": _one(0.95)},
                }
            },
            "listeners": 200,
            "rounds": 5,
            "seed": 0,
        },
    }


_KNOWN = ("listener and song", "+ mood before", "+ situation", "+ both")


def home_of(home: Path, *names: str) -> Path:
    """A folder with results of these proofs."""
    found = figures()
    results = {
        name: {
            "command": f"python -m made.up {name} --json",
            "date": "2026-02-03",
            "seconds": 61.5,
            "figures": found[name],
        }
        for name in names
    }
    (home / "results.json").write_text(json.dumps(results))
    return home
