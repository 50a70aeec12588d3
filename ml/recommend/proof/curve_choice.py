"""What is chosen for the learning curve, by newcomers of their own who judge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ml.recommend import hybrid
from ml.recommend.als import strongest
from ml.recommend.factors import Setting
from ml.recommend.proof import splits
from ml.recommend.proof.folded import (
    FACTORS,
    POPULAR_WALK,
    POPULARITY,
    STRENGTH,
    WALK,
    Community,
    Learnt,
    Mix,
)
from ml.recommend.proof.newcomers import Newcomers

#: Settings that may suit short histories better than the one chosen on whole ones: log-read values
#: times 4, so many factors, and these shares of the strongest direction.
SHORT_ALPHA, SHORT_FACTORS, SHORT_SHARES = 4.0, (64, 128), (0.03, 0.04, 0.055)
#: About the setting of an earlier choice: these times its regularisation.
NEAR = (0.7, 1.0, 1.4)
#: How many plays are known where settings are compared, and the weight of the walk there.
COMPARED_AT, COMPARED_WALK = (3, 10), 0.3
#: What a mix is chosen from, one after another, each from the best so far. Fewer plays are held
#: back more than the histories that the factors were trained on, longer ones less.
GRIDS: dict[str, tuple[float, ...]] = {
    STRENGTH: (1.0, 0.25, 0.5, 3.0, 8.0),
    POPULAR_WALK: (0.0, 0.2, 0.5, 1.0),
    WALK: (0.0, 0.1, 0.2, 0.5, 1.0),
    POPULARITY: (0.0, 0.1, 0.25, 0.5, 1.0, 2.0),
}
ROUNDS = 2


def searched(
    judges: Newcomers, rows: np.ndarray, *, seconds: float, say: hybrid.Say
) -> tuple[hybrid.Choice, list[Setting]]:
    """What suits whole histories, and the settings to compare: that one, and some for short ones.

    Parameters
    ----------
    rows : of the others, who are learnt from
    """
    data = judges.data
    part = splits.ratio(data.only(rows), seed=0)
    train = data.matrix(rows[np.concatenate([part.train, part.test])])
    choice = hybrid.choose(train, data.matrix(rows[part.validation]), seconds=seconds, say=say)
    return choice, [choice.setting, *_short(data.matrix(rows))]


def near(choice: hybrid.Choice) -> list[Setting]:
    """The settings to compare where a sample of the same data has chosen."""
    middle = choice.setting.regularisation
    return [replace(choice.setting, regularisation=middle * step) for step in NEAR]


def best_of(
    settings: list[Setting], community: Community, judges: Newcomers, say: hybrid.Say
) -> Setting:
    """The setting whose folded-in lists are best for the judges."""

    def judged(setting: Setting) -> float:
        learnt = community.learn(setting)
        mix = {FACTORS: 1.0, WALK: COMPARED_WALK}
        score = float(
            np.mean([learnt.asked(judges, plays).ndcg(mix).mean() for plays in COMPARED_AT])
        )
        say(f"{setting}: NDCG@10 of judges {score:.4f}")
        return score

    return max(settings, key=judged)


def mix_for(learnt: Learnt, judges: Newcomers, plays: int) -> Mix:
    """Strength and weights that give the judges the best lists from so many plays."""
    if plays == 0:
        return {POPULARITY: 1.0}  # nothing else speaks yet
    asked = learnt.asked(judges, plays, GRIDS[STRENGTH])
    best: dict[str, float] = {FACTORS: 1.0, **{name: grid[0] for name, grid in GRIDS.items()}}
    most = float(asked.ndcg(best).mean())
    steps = [(part, value) for part, grid in GRIDS.items() for value in grid]
    for part, value in steps * ROUNDS:
        other = {**best, part: value}
        if other != best and (score := float(asked.ndcg(other).mean())) > most:
            best, most = other, score
    return best


def _short(matrix: Any) -> list[Setting]:
    wide = Setting(reading="log", alpha=SHORT_ALPHA)
    strength = strongest(wide.confidences(matrix))
    most = max(min(matrix.shape) // 2, 1)
    return [
        replace(wide, factors=min(size, most), regularisation=float(f"{share * strength:.3g}"))
        for size in SHORT_FACTORS
        for share in SHORT_SHARES
    ]
