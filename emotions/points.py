"""A mood that a listener points at on the plane of valence and arousal."""

from __future__ import annotations

import numpy as np
from django.utils.translation import gettext as _

from ml.emotion.labels import COORDINATES, EMOTIONS

#: How far people's points for one word lie from its mean, as a standard deviation; Russell and
#: Mehrabian (1977, see `ml.emotion.labels`) found 0.2 to 0.4.
SPREAD = 0.25
#: From here on, and as far below zero, a direction of the plane has a name.
PLAIN = 0.2


def probabilities_at(valence: float, arousal: float) -> dict[str, float]:
    """How likely each emotion is the word for a point; the nearest is the likeliest.

    Each emotion is a round normal distribution about its own point, all of them equally wide
    (`SPREAD`) and equally likely beforehand: p(emotion | point) is proportional to
    exp(-distance² / (2 SPREAD²)).

    Parameters
    ----------
    valence, arousal : each -1..1

    Returns
    -------
    {emotion: probability} for all seven in FER2013 order, summing to 1.
    """
    squares = ((COORDINATES - (valence, arousal)) ** 2).sum(axis=1)
    weights = np.exp(-(squares - squares.min()) / (2 * SPREAD**2))
    shares = weights / weights.sum()
    return {emotion: float(share) for emotion, share in zip(EMOTIONS, shares, strict=True)}


def point_in_words(valence: float, arousal: float) -> str:
    """`pleasant and calm`, for a point of the plane; "in the middle" where it has no direction."""
    names = [
        _direction(valence, _("unpleasant"), _("pleasant")),
        _direction(arousal, _("calm"), _("lively")),
    ]
    said = [name for name in names if name]
    if len(said) == 2:
        return _("%(valence)s and %(arousal)s") % {"valence": said[0], "arousal": said[1]}
    return said[0] if said else _("in the middle")


def _direction(value: float, below: str, above: str) -> str:
    if abs(value) < PLAIN:
        return ""
    return above if value > 0 else below
