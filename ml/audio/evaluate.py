"""How plainly the demo moods differ, measured on the committed features.

Reproduce with ``python -m ml.audio evaluate-demo --json``.
"""

from __future__ import annotations

from typing import Any

from ml.audio.analyse import FEATURE_NAMES
from ml.audio.catalogue import MOOD_POINTS, pieces
from ml.audio.features_file import demo_features

FOLDS = 5


def evaluate_demo() -> dict[str, Any]:
    """Return what a simple classifier and plain correlations say about the demo catalogue.

    A logistic regression on standardised features guesses the mood in ``FOLDS`` folds; all pieces
    of an artist lie in the same fold.

    Returns
    -------
    dict
        ``n``; ``accuracy``; ``chance``; ``per_mood`` recall; ``confusion`` (rows true, columns
        guessed, in the order of ``moods``); ``arousal`` and ``valence``: Pearson correlation of
        features with the intended value; ``means``: mood -> feature -> mean; ``spread``: the share
        of each feature's variance that lies within moods

    Raises
    ------
    FeaturesFileError
        if the committed features are missing or of another version.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import confusion_matrix
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    features = demo_features()
    specs = pieces()
    moods = list(MOOD_POINTS)
    matrix = np.array([[features[spec.slug][name] for name in FEATURE_NAMES] for spec in specs])
    truth = np.array([spec.mood for spec in specs])
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    artists = [spec.artist for spec in specs]
    guess = cross_val_predict(
        model, matrix, truth, groups=artists, cv=GroupKFold(n_splits=FOLDS), method="predict"
    )
    confusion = confusion_matrix(truth, guess, labels=moods)

    def correlations(wanted: list[float], names: tuple[str, ...]) -> dict[str, float]:
        columns = (matrix[:, FEATURE_NAMES.index(name)] for name in names)
        return {
            name: round(float(np.corrcoef(column, wanted)[0, 1]), 3)
            for name, column in zip(names, columns, strict=True)
        }

    within = np.mean([matrix[truth == mood].var(axis=0) for mood in moods], axis=0)
    return {
        "n": len(specs),
        "accuracy": round(float((guess == truth).mean()), 4),
        "chance": round(1 / len(moods), 4),
        "folds": FOLDS,
        "moods": moods,
        "per_mood": {
            mood: round(float(row[number] / row.sum()), 3)
            for number, (mood, row) in enumerate(zip(moods, confusion, strict=True))
        },
        "confusion": confusion.tolist(),
        "arousal": correlations(
            [spec.arousal for spec in specs],
            ("energy", "loudness_db", "onset_rate", "percussiveness", "tempo_bpm"),
        ),
        "valence": correlations(
            [spec.valence for spec in specs], ("mode", "centroid_hz", "key_strength")
        ),
        "means": {
            mood: {
                name: round(float(value), 3)
                for name, value in zip(
                    FEATURE_NAMES, matrix[truth == mood].mean(axis=0), strict=True
                )
            }
            for mood in moods
        },
        "spread": {
            name: round(float(share), 3)
            for name, share in zip(FEATURE_NAMES, within / matrix.var(axis=0), strict=True)
        },
    }
