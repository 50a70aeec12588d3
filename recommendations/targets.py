"""What a list aims at: the policy, the reading, and on a journey the stops between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from emotions.models import Reading
from emotions.selectors import (
    pointed_at,
    probabilities_in_force,
    valence_arousal_in_force,
)
from ml.emotion.labels import EMOTIONS
from ml.mood import Target, journey, target
from ml.mood.target import LEAST
from moodmusic.problems import DomainError
from recommendations.models import Goal, Policy
from recommendations.selectors import policy_points
from recommendations.snapshot import Snapshot

#: A goal named by the listener is a wish, not a guess from a face: its target is never weak.
LEAST_STRENGTH = {Goal.MATCH: LEAST, Goal.LIFT: 0.7, Goal.CALM: 0.7, Goal.FOCUS: 0.7}


@dataclass(frozen=True, slots=True)
class Aim:
    """The goal's target and, on a journey, the point (valence, arousal) where it starts."""

    target: Target
    start: tuple[float, float] | None

    @property
    def strength(self) -> float:
        """Who asks for a journey has said plainly where to go, at every step of it."""
        return 1.0 if self.start else self.target.strength

    def mood(self, songs: Snapshot, places: int) -> np.ndarray:
        """Agreement of all songs with the target, (n,), or on a journey with each stop, (k, n)."""
        if self.start is None:
            judged = np.flatnonzero(songs.judged)
            return self.target.agreement(songs.vectors, judged, songs.space)
        way = journey(self.start, self.target, places)
        return way.agreement(songs.points, songs.vectors, songs.space)


def aim_of(*, reading: Reading, goal: Goal, travelling: bool, songs: Snapshot) -> Aim:
    """Join a reading and a goal to the catalogue; one query.

    Raises
    ------
    DomainError
        `no_policy` (409) when an administrator has deleted a row of the policy.
    """
    try:
        points, wishes = policy_points(goal=goal)
    except Policy.DoesNotExist as error:
        words = _(
            "No policy for %(emotions)s with the goal %(goal)s. An administrator must add it again."
        )
        lacking = {"emotions": str(error), "goal": goal}
        raise DomainError("no_policy", words % lacking, 409) from error
    probabilities = probabilities_in_force(reading)
    row = np.array([probabilities[emotion] for emotion in EMOTIONS])
    if goal == Goal.MATCH and (named := pointed_at(reading)):
        # Who points at the plane names the target, also where none of the seven emotions lies.
        points = points + (named - row @ points)
    least = LEAST_STRENGTH[goal]
    aim = target(row, points, songs.space, wishes=wishes, least=least)
    return Aim(aim, valence_arousal_in_force(reading) if travelling else None)
