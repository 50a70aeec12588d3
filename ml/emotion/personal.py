"""What the network says, moved by what this listener said of earlier faces.

Two suppositions are weighed against each other. Either the network reads this listener like
everybody else: then its probabilities count as much as `TRUST` corrections. Or this listener's
face means something else: then they count as much as `DOUBT` corrections. Under each one, the
listener's answer to a face has a Dirichlet prior centred on the network's probabilities, and the
corrections are observations of it. How well each foresaw the corrections, one after the other,
says how far it is believed ("prequential" evidence: Dawid, "Statistical theory: the prequential
approach", JRSS A 147, 1984); the mean over both is what is served.

So one correction nudges: the answer was unexpected under both, and trust came first. Three that
agree decide: doubt foresaw the second and the third, trust did not. A listener whose corrections
are of the kind the network expects (a sad face it held for neutral, with sadness next) keeps the
network's trust; one Dirichlet of middling weight would follow each of them instead.

A correction speaks only of faces that look alike to the network, so sad neutral faces say nothing
of a clear smile. It is compared through the network's own words for both faces, never through
words that were moved before: nothing feeds back. Corrections made under an earlier network count
on. The answer is the listener's, and both networks speak of the same seven emotions, calibrated.

The constants were chosen on FER2013's PublicTest. `python -m ml.emotion personal` measures what
they do for simulated listeners.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.emotion.labels import EMOTIONS

#: How many corrections the network's word is worth under each supposition, and how far each is
#: believed before the first correction.
TRUST, DOUBT = 20.0, 0.5
BELIEF_IN_TRUST = 0.8
#: Likeness is the Bhattacharyya coefficient to this power: between faces of one label mostly 0.6
#: to 1, of neutral and sad ones 0.2, of neutral and happy ones 0.0002.
SHARPNESS = 4
#: A correction of a face less alike than this says nothing at all.
LEAST_WEIGHT = 0.2
#: Together corrections weigh no more than this, the newest first. So the network always keeps a
#: word, and a listener who comes to think otherwise is followed after a few corrections.
MOST_WEIGHT = 10.0
#: Corrections that are looked at, the newest ones.
MOST_CORRECTIONS = 50


@dataclass(frozen=True)
class Corrections:
    """What a listener said of earlier faces, oldest first.

    Attributes
    ----------
    network : (n, 7), what the network alone said of each face, in the order of
        `ml.emotion.labels.EMOTIONS`, rows summing to 1.
    said : (n,) int, the listener's emotion for it. An answer that agrees with the network counts
        like any other.
    """

    network: np.ndarray
    said: np.ndarray

    def __post_init__(self) -> None:
        if self.network.shape != (len(self.said), len(EMOTIONS)):
            raise ValueError(
                f"{len(self.said)} answers need as many rows of 7, got {self.network.shape}"
            )


@dataclass(frozen=True)
class Moved:
    """`probabilities` (7,) float64, summing to 1, and how many corrections moved them."""

    probabilities: np.ndarray
    corrections_used: int


def personal(network: np.ndarray, corrections: Corrections) -> Moved:
    """Move the network's word on a new face by the listener's corrections of faces alike.

    Parameters
    ----------
    network : (7,), the network's calibrated probabilities, summing to 1.
    corrections : the listener's; only the newest `MOST_CORRECTIONS` are used.

    Returns
    -------
    Moved, with `network` itself where no correction is of a face alike.

    Raises
    ------
    ValueError
        When `network` has another shape.
    """
    if network.shape != (len(EMOTIONS),):
        raise ValueError(f"probabilities must be (7,), got {network.shape}")
    rows = corrections.network[-MOST_CORRECTIONS:]
    said = corrections.said[-MOST_CORRECTIONS:]
    weights = _weights(network, rows)
    used = int(np.count_nonzero(weights))
    if not used:
        return Moved(network, 0)
    strengths = np.array([[TRUST], [DOUBT]])
    # How well each supposition foresaw the answers, from those before; faces alike count most.
    evidence = np.log([BELIEF_IN_TRUST, 1 - BELIEF_IN_TRUST])
    for k in np.flatnonzero(weights):
        before = _weights(rows[k], rows[:k])
        foreseen = _means(rows[k], before, said[:k], strengths)[:, said[k]]
        evidence += weights[k] * np.log(np.maximum(foreseen, np.finfo(np.float64).tiny))
    belief = np.exp(evidence - evidence.max())
    moved = belief @ _means(network, weights, said, strengths) / belief.sum()
    return Moved(moved / moved.sum(), used)


def _weights(network: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(n,) what corrections of faces with these `rows` count for a face with `network`."""
    alike = np.minimum(np.sqrt(rows) @ np.sqrt(network), 1) ** SHARPNESS
    alike[alike < LEAST_WEIGHT] = 0
    newer = alike[::-1].cumsum()[::-1] - alike
    return np.clip(MOST_WEIGHT - newer, 0, alike)


def _means(
    network: np.ndarray, weights: np.ndarray, said: np.ndarray, strengths: np.ndarray
) -> np.ndarray:
    """(k, 7) posterior means of Dirichlet priors of (k, 1) strengths centred on `network`."""
    observed = np.bincount(said, weights=weights, minlength=len(EMOTIONS))
    means: np.ndarray = (strengths * network + observed) / (strengths + observed.sum())
    return means
