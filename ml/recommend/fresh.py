"""The price of songs just heard or just shown, so that lists rotate."""

from __future__ import annotations

import numpy as np

#: A song heard within the last day.
HEARD = -0.10
#: A song shown in the listener's last lists, latest first.
SHOWN = (-0.12, -0.08, -0.04)
#: Never more than this together: less than a liking plainly said, so that favourites return.
MOST = -0.20


def fresh(songs: int, heard: np.ndarray, shown: list[np.ndarray]) -> np.ndarray:
    """(songs,), each in MOST..0.

    Parameters
    ----------
    heard : indexes of songs heard within the last day
    shown : indexes of the songs of the last lists, latest first
    """
    price = np.zeros(songs, dtype=np.float64)
    price[heard] += HEARD
    for indexes, cost in zip(shown, SHOWN, strict=False):
        price[indexes] += cost
    return np.maximum(price, MOST)
