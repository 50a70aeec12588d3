"""Baselines without a deep network: hand-made features, principal components, an RBF SVM."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.emotion.baselines import features
from ml.emotion.baselines.task import Found, Say, Task
from ml.emotion.labels import EMOTIONS

SEED = 20261121
COMPONENTS = 120
#: Rows of Training on which candidates are fitted, and others on which they are compared.
TRY_ROWS, COMPARE_ROWS = 5000, 2000
PENALTIES = (1.0, 5.0)
#: Kernel widths, as multiples of one over the variance of a whole row.
GAMMAS = (0.5, 1.0, 2.0, 4.0)
#: MB of kernel rows that libsvm keeps.
CACHE_MB = 1000


@dataclass(frozen=True)
class Shallow:
    """`describe` turns (n, 48, 48) crops into (n, d) rows; whitened components all count alike."""

    words: str
    describe: Callable[[np.ndarray], np.ndarray]
    whiten: bool

    def fit(self, task: Task, say: Say) -> Found:
        """Fit on Training rows, once for each kind of label, and label the tested rows.

        Penalty and kernel width are chosen on Training rows held back for it, by FER2013 labels.
        """
        from sklearn.decomposition import PCA

        labels = task.training.labels
        rows = self.describe(task.training.pixels)
        rng = np.random.default_rng(SEED)
        order = rng.permutation(len(rows))
        reduce = PCA(
            min(COMPONENTS, *rows.shape), whiten=self.whiten, svd_solver="randomized",
            random_state=SEED,
        ).fit(rows)  # fmt: skip
        rows, others = reduce.transform(rows), reduce.transform(self.describe(task.tested.pixels))
        unit = 1 / (rows.shape[1] * float(rows.var()))
        share = TRY_ROWS / (TRY_ROWS + COMPARE_ROWS)
        tries = order[: min(TRY_ROWS, int(share * len(rows)))]
        compared = order[len(tries) : len(tries) + COMPARE_ROWS]
        scores = {}
        for penalty in PENALTIES:
            for gamma in GAMMAS:
                machine = _machine(penalty, gamma * unit).fit(rows[tries], labels[tries])
                scores[penalty, gamma] = machine.score(rows[compared], labels[compared])
                say(f"C {penalty:g}, gamma {gamma:g}: {scores[penalty, gamma]:.4f}")
        penalty, gamma = max(scores, key=lambda choice: scores[choice])

        theirs = _machine(penalty, gamma * unit).fit(rows, labels)
        seven = task.votes.seven_labels()
        plus = _machine(penalty, gamma * unit).fit(rows[seven >= 0], seven[seven >= 0])
        return Found(
            fer2013=np.eye(len(EMOTIONS))[theirs.predict(others)],
            served=np.eye(len(EMOTIONS))[plus.predict(others)],
            calibrated=False,
            arrays=[reduce.components_, theirs.dual_coef_, theirs.intercept_, plus.dual_coef_],
            facts={
                "chosen": {"C": penalty, "gamma": gamma, "components": int(rows.shape[1])},
                "chosen_on": f"{len(compared)} rows of Training held back",
                "support_vectors": len(theirs.support_),
            },
        )


def _machine(penalty: float, gamma: float) -> Any:
    from sklearn.svm import SVC

    return SVC(C=penalty, gamma=gamma, cache_size=CACHE_MB)


EIGENFACES = Shallow(
    "Eigenfaces: 120 principal components of the pixels, RBF SVM", features.pixels, whiten=True
)
LBP = Shallow(
    "Local binary patterns in 6 x 6 cells, 120 principal components, RBF SVM",
    features.lbp_histograms,
    whiten=False,
)
