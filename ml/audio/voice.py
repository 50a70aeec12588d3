"""Does a pitch glide, as voices (and bowed strings) do, or stand, as struck and plucked ones do?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Hz in which the first strong overtones of a sung melody lie.
_LOW_HZ, _HIGH_HZ = 220.0, 1800.0
#: Frames over which a pitch is followed; 46 ms.
_LAG = 2
#: Cents within which it has stood, and beyond which it is another note.
_STOOD, _LEFT = 6.0, 70.0
#: A peak must stand so far above the middle of the band's bins to be a pitch.
_CLEAR = 12.0


def glide(magnitude: NDArray[np.float32], hz: NDArray[np.float64]) -> float:
    """Share (0..1) of the time a clear pitch sounds in which it is on its way.

    Parameters
    ----------
    magnitude : (bins, frames) of a short-time Fourier transform
    hz : (bins,)
    """
    import numpy as np

    inside = np.flatnonzero((hz >= _LOW_HZ) & (hz <= _HIGH_HZ))
    band = magnitude[inside[0] - 1 : inside[-1] + 2]
    if band.shape[1] <= 2 * _LAG:
        return 0.0
    frames = np.arange(band.shape[1])
    top = band[1:-1].argmax(axis=0) + 1
    below, at, above = (np.log(band[top + side, frames] + 1e-9) for side in (-1, 0, 1))
    bend = below - 2.0 * at + above
    shift = np.where(bend < -1e-6, 0.5 * (below - above) / np.minimum(bend, -1e-6), 0.0)
    pitch = 1200.0 * np.log2((inside[0] - 1 + top + np.clip(shift, -0.5, 0.5)) * (hz[1] - hz[0]))
    level = band[top, frames]
    clear = (level > _CLEAR * np.median(band, axis=0)) & (level > 0.05 * np.percentile(level, 95))
    both = clear[_LAG:] & clear[:-_LAG]
    moved = np.abs(pitch[_LAG:] - pitch[:-_LAG])
    gliding = int((both & (moved > _STOOD) & (moved < _LEFT)).sum())
    standing = int((both & (moved <= _STOOD)).sum())
    return gliding / (gliding + standing) if gliding + standing else 0.0
