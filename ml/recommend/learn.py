"""Learning what is served: hyper-parameters that suit the data, then factors and walk by them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ml.recommend import als, factors, hybrid, neighbours
from ml.recommend.item_model import ItemModel, Walk
from ml.recommend.matrices import listeners_of

#: Listeners that a search needs, each with so many wants that some can be hidden. With 200 the
#: mean NDCG of two settings differs by chance by about .01 (one standard error of the paired
#: difference), as much as good settings differ; with fewer, a search chooses by luck.
SEARCH_LISTENERS, SEARCH_WANTS = 200, 5
#: One want of so many is hidden from the settings that are tried.
SEARCH_HIDES = 5
#: A search sees the events of listeners drawn by chance up to so many: one setting then takes
#: seconds, and the budget buys a choice among dozens rather than the first one tried.
SEARCH_EVENTS = 1_000_000


#: Factors of each start that a search may choose: with 256, folding a listener in takes 12 ms
#: instead of 1, and a list from 100,000 songs reads 300 MB instead of 80.
MOST_FACTORS = 128


@dataclass(frozen=True, slots=True)
class Plan:
    """Searched hyper-parameters, kept from training to training.

    Attributes
    ----------
    choice : as found
    share : its regularisation, as a share of the strongest direction of the confidences. This is
        what is carried over to a matrix that has grown (see `hybrid.SHARES`).
    """

    choice: hybrid.Choice
    share: float

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {**self.choice.to_json(), "share": self.share}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Plan:
        """The plan that `to_json` was made of.

        Raises
        ------
        KeyError, TypeError
            When the values are those of another version.
        """
        choice = {name: value for name, value in values.items() if name != "share"}
        return cls(hybrid.Choice.from_json(choice), float(values["share"]))

    def suited(self, matrix: Any) -> hybrid.Choice:
        """The choice, with the regularisation that suits a matrix of values."""
        setting = self.choice.setting
        penalty = self.share * als.strongest(setting.confidences(matrix))
        return replace(self.choice, setting=replace(setting, regularisation=penalty))


def careful(matrix: Any) -> hybrid.Choice:
    """Hyper-parameters for data too few to search: `als.recipe_for` alone, without the walk."""
    recipe = als.recipe_for(matrix)
    setting = factors.Setting(
        reading=factors.GIVEN,
        alpha=1.0,
        factors=recipe.factors,
        regularisation=recipe.regularisation,
    )
    return hybrid.Choice(setting, beta=hybrid.BETAS[0], walk_weight=0.0)


def searchable(matrix: Any) -> bool:
    """Whether a matrix of signed values holds enough for a search."""
    return int((_wants(matrix) >= SEARCH_WANTS).sum()) >= SEARCH_LISTENERS


def search(
    matrix: Any, *, seconds: float, threads: int, say: hybrid.Say = lambda line: None
) -> Plan:
    """Hyper-parameters by NDCG@10 on wants hidden by chance (`hybrid.choose`).

    Parameters
    ----------
    matrix : scipy.sparse.csr_matrix (listeners, songs) of signed values, `searchable`
    seconds : after these no further setting of the factors is tried
    threads : of each training
    """
    train, validation = _hidden(_sample(matrix))
    choice = hybrid.choose(
        train,
        validation,
        seconds=seconds,
        say=say,
        threads=threads,
        most_factors=MOST_FACTORS,
    )
    strongest = als.strongest(choice.setting.confidences(train))
    return Plan(choice, choice.setting.regularisation / strongest)


def learn(
    ids: np.ndarray,
    matrix: Any,
    choice: hybrid.Choice,
    *,
    threads: int,
    say: hybrid.Say = lambda line: None,
) -> ItemModel:
    """Factors of several starts and the walk, as `hybrid.fit` learns them.

    Parameters
    ----------
    ids : (m, 16) uint8 of the matrix's columns
    matrix : scipy.sparse.csr_matrix (listeners, m) of signed values
    say : told after each start, as a training of many events takes long

    Raises
    ------
    ValueError
        When no value is positive.
    ArithmeticError
        When the factors are not finite.
    """
    starts = []
    for start in range(hybrid.STARTS):
        starts.append(choice.setting.train(matrix, start, threads=threads).item)
        say(f"start {start + 1} of {hybrid.STARTS}")
    wide = (one.astype(np.float64) for one in starts)
    return ItemModel(
        ids=ids,
        factors=np.ascontiguousarray(np.concatenate(starts, axis=1), dtype=np.float32),
        grams=np.stack([one.T @ one for one in wide]),
        popularity=np.log1p(listeners_of(matrix).astype(np.float32)),
        walk=_walk(matrix, choice),
        choice=choice,
    )


def _walk(matrix: Any, choice: hybrid.Choice) -> Walk:
    if choice.walk_weight == 0:
        return Walk.empty(matrix.shape[1])
    found = neighbours.walk(matrix, alpha=1.0, beta=choice.beta)
    return Walk(
        found.indptr.astype(np.int64),
        found.indices.astype(np.int32),
        found.data.astype(np.float32),
    )


def _wants(matrix: Any) -> np.ndarray:
    """(listeners,) number of positive values of each."""
    return np.asarray((matrix > 0).sum(axis=1)).ravel()


def _sample(matrix: Any) -> Any:
    """Rows drawn by chance up to SEARCH_EVENTS values, and the columns that they touch."""
    if matrix.nnz <= SEARCH_EVENTS:
        return matrix
    order = np.random.default_rng(0).permutation(matrix.shape[0])
    taken = order[np.cumsum(np.diff(matrix.indptr)[order]) <= SEARCH_EVENTS]
    rows = matrix[np.sort(taken)]
    return rows[:, np.unique(rows.indices)]


def _hidden(matrix: Any) -> tuple[Any, Any]:
    """(train, validation): a fifth of the wants of each listener with five or more, by chance."""
    from scipy.sparse import csr_matrix

    whole = matrix.tocoo()
    chance = np.random.default_rng(0).random(whole.nnz)
    # Within each listener, wants come first, in the order of chance.
    order = np.lexsort((chance, whole.data <= 0, whole.row))
    listener = whole.row[order]
    place = np.arange(whole.nnz) - np.searchsorted(listener, listener)
    count = _wants(matrix)
    hide = np.zeros(whole.nnz, dtype=bool)
    hide[order] = (place < count[listener] // SEARCH_HIDES) & (count[listener] >= SEARCH_WANTS)

    def part(chosen: np.ndarray) -> Any:
        at = (whole.row[chosen], whole.col[chosen])
        return csr_matrix((whole.data[chosen], at), shape=matrix.shape)

    return part(~hide), part(hide)
