"""Whether two people hear the same moods: Cohen's kappa with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Half-width of a 95 % interval, in standard errors of a normal distribution.
NORMAL_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two raters agree beyond chance.

    Attributes
    ----------
    n : songs that both judged
    both, first, second, neither : songs that both raters, the first alone, the second alone and
        nobody gave the mood; of several moods together they are summed
    observed : share of equal judgements, 0..1; NaN without songs
    kappa : 1 for perfect agreement, 0 for chance; NaN where chance alone makes all equal
    low, high : 95 % interval of kappa, within -1..1; NaN where it cannot be told
    """

    n: int
    both: int
    first: int
    second: int
    neither: int
    observed: float
    kappa: float
    low: float
    high: float


def kappa_of(first: np.ndarray, second: np.ndarray) -> Agreement:
    """Cohen's kappa of one mood.

    Parameters
    ----------
    first, second : (n,) booleans, what each rater said of the same songs

    Notes
    -----
    kappa = (po - pe) / (1 - pe), with po the share of equal judgements and pe the share that two
    raters with these marginals would reach by chance (Cohen 1960). The interval takes the
    large-sample variance of Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72:323-327:

        [ sum_i p_ii ((1 - pe) - (p_.i + p_i.)(1 - po))^2
          + (1 - po)^2 sum_{i != j} p_ij (p_.i + p_j.)^2
          - (po pe - 2 pe + po)^2 ] / (n (1 - pe)^4)
    """
    first, second = _checked(first, second, 1)
    n = len(first)
    both, only_first, only_second, neither = _cells(first, second)
    if n == 0:
        return Agreement(0, 0, 0, 0, 0, *[float("nan")] * 4)
    table = np.array([[both, only_first], [only_second, neither]]) / n
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    observed, chance = float(np.trace(table)), float(rows @ columns)
    counts = (n, both, only_first, only_second, neither)
    if np.isclose(chance, 1.0):
        return Agreement(*counts, observed, *[float("nan")] * 3)
    kappa = (observed - chance) / (1 - chance)
    together = columns[:, None] + rows[None, :]
    equal = table.diagonal() * ((1 - chance) - together.diagonal() * (1 - observed)) ** 2
    unequal = table * together**2
    np.fill_diagonal(unequal, 0.0)
    variance = (
        equal.sum()
        + (1 - observed) ** 2 * unequal.sum()
        - (observed * chance - 2 * chance + observed) ** 2
    ) / (n * (1 - chance) ** 4)
    return Agreement(*counts, observed, *_interval(kappa, float(variance)))


def kappa_overall(first: np.ndarray, second: np.ndarray) -> Agreement:
    """Cohen's kappa of all moods' judgements together.

    Parameters
    ----------
    first, second : (n, moods) booleans

    Notes
    -----
    The judgements of one song are not independent, so the interval is a jackknife over songs: the
    variance is (n - 1) / n times the sum of squared deviations of the n kappas that each leave one
    song out.
    """
    first, second = _checked(first, second, 2)
    n = len(first)
    whole = kappa_of(first.ravel(), second.ravel())
    counts = (n, whole.both, whole.first, whole.second, whole.neither)
    if n < 3 or np.isnan(whole.kappa):
        return Agreement(*counts, whole.observed, whole.kappa, float("nan"), float("nan"))
    cells = np.stack(
        [(a & b).sum(axis=1) for a in (first, ~first) for b in (second, ~second)], axis=1
    )
    left = cells.sum(axis=0) - cells
    total = left.sum(axis=1)
    both, only_first, only_second, neither = left.T
    observed = (both + neither) / total
    yes = (both + only_first) / total * (both + only_second) / total
    no = (only_second + neither) / total * (only_first + neither) / total
    with np.errstate(divide="ignore", invalid="ignore"):
        kappas = (observed - yes - no) / (1 - yes - no)
    variance = float((n - 1) / n * ((kappas - kappas.mean()) ** 2).sum())
    return Agreement(*counts, whole.observed, *_interval(whole.kappa, variance))


def _checked(
    first: np.ndarray, second: np.ndarray, dimensions: int
) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    if first.shape != second.shape or first.ndim != dimensions:
        raise ValueError(
            f"two equal shapes of {dimensions} dimensions are wanted, not {first.shape} and"
            f" {second.shape}"
        )
    return first, second


def _cells(first: np.ndarray, second: np.ndarray) -> tuple[int, int, int, int]:
    return (
        int((first & second).sum()),
        int((first & ~second).sum()),
        int((~first & second).sum()),
        int((~first & ~second).sum()),
    )


def _interval(kappa: float, variance: float) -> tuple[float, float, float]:
    half = NORMAL_95 * float(np.sqrt(max(0.0, variance)))
    return kappa, max(-1.0, kappa - half), min(1.0, kappa + half)
