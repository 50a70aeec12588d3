"""The price of songs just heard or lately shown, so that lists rotate."""

from __future__ import annotations

import numpy as np

#: A song heard within the last day.
HEARD = -0.10
#: A song shown in this mood: at once, fading to nothing after so many days.
SHOWN, SHOWN_DAYS = -0.12, 7.0
#: Never more than this together: less than a liking plainly said, so that favourites return.
MOST = -0.20


def fresh(songs: int, heard: np.ndarray, shown: np.ndarray, days: np.ndarray) -> np.ndarray:
    """(songs,) float32, each in MOST..0.

    Parameters
    ----------
    heard : indexes of songs heard within the last day
    shown : (k,) indexes of songs shown to this listener in this mood; one that is there repeatedly
        pays for the last time
    days : (k,) since each showing
    """
    price = np.zeros(songs, dtype=np.float32)
    left = np.clip(1.0 - np.maximum(days, 0.0) / SHOWN_DAYS, 0.0, 1.0)
    np.minimum.at(price, shown, (SHOWN * left).astype(np.float32))
    price[heard] += HEARD
    return np.maximum(price, np.float32(MOST), out=price)
