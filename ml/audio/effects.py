"""Room, distortion, ducking, limiting and fades for the mix."""

from __future__ import annotations

import numpy as np

from ml.audio.instruments import SAMPLE_RATE, Samples

CEILING = 0.89
_KNEE = 0.6


class Room:
    """Reverberation by convolution with decaying noise, in blocks that overlap and add.

    Parameters
    ----------
    seconds : reverberation time (60 dB) of the low and middle range; highs die twice as fast
    block : most samples per call
    seed : of the noise
    """

    def __init__(self, seconds: float, block: int, seed: int) -> None:
        self._size = 2 * block
        self._tail = np.zeros((2, block), dtype=np.float32)
        self._block = block
        length = min(block, int(seconds * SAMPLE_RATE))
        time = np.arange(length, dtype=np.float32) / np.float32(SAMPLE_RATE)
        noise = np.random.default_rng(seed).standard_normal((2, length), dtype=np.float32)
        # A running mean is the mellow part, what it leaves out is the bright part.
        mellow = noise.copy()
        for shift in (1, 2, 3):
            mellow[:, shift:] += noise[:, :-shift]
        mellow *= np.float32(0.25)
        decay = np.exp(np.float32(-6.9 / seconds) * time)
        response = mellow * decay + 0.35 * (noise - mellow) * decay * decay
        response *= np.minimum(time / np.float32(0.012), np.float32(1.0))  # no sound before 12 ms
        response /= np.sqrt(np.sum(response**2, axis=1, keepdims=True))
        self._spectrum = np.fft.rfft(response, self._size, axis=1)

    def process(self, send: Samples) -> Samples:
        """Return the (2, m) echo of the next ``m`` samples sent to the room."""
        count = len(send)
        spectrum = np.fft.rfft(send, self._size)
        wet = np.fft.irfft(spectrum * self._spectrum, self._size, axis=1).astype(np.float32)
        wet[:, : self._block] += self._tail
        self._tail = wet[:, self._block :].copy()
        return wet[:, :count]


def distort(bus: Samples, drive: float) -> Samples:
    """Return a (2, n) bus through a soft clipper and a loudspeaker's loss of highs."""
    loud = np.tanh(bus * np.float32(drive))
    for _ in range(2):
        loud[:, 1:-1] = 0.25 * (loud[:, :-2] + loud[:, 2:]) + 0.5 * loud[:, 1:-1]
    # Clipping a lopsided wave leaves a constant offset, which must not reach the file.
    loud -= loud.mean(axis=1, keepdims=True)
    return loud * np.float32(0.45)


def ducking(kicks_s: list[float], count: int) -> Samples:
    """Return (n,) gains that dip at each bass drum stroke and recover within 0.25 s."""
    gains = np.ones(count, dtype=np.float32)
    length = int(0.25 * SAMPLE_RATE)
    dip = np.linspace(0.35, 1.0, length, dtype=np.float32)
    for start_s in kicks_s:
        at = int(start_s * SAMPLE_RATE)
        size = min(length, count - at)
        if size > 0:
            gains[at : at + size] = dip[:size]
    return gains


def limit(block: Samples) -> Samples:
    """Round off what exceeds the knee so that no sample passes the ceiling."""
    size = np.abs(block)
    over = size > _KNEE
    if over.any():
        span = CEILING - _KNEE
        block[over] = np.sign(block[over]) * (_KNEE + span * np.tanh((size[over] - _KNEE) / span))
    return block


def fades(count: int, in_s: float, out_s: float) -> Samples:
    """Return (n,) gains: a short rise, then 1, then a fall along a cosine."""
    gains = np.ones(count, dtype=np.float32)
    rise, fall = int(in_s * SAMPLE_RATE), int(out_s * SAMPLE_RATE)
    gains[:rise] = np.linspace(0.0, 1.0, rise, dtype=np.float32)
    gains[-fall:] = np.cos(np.linspace(0.0, np.pi / 2, fall, dtype=np.float32)) ** 2
    return gains
