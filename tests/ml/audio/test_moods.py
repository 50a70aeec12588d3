from statistics import mean

import pytest

from ml.audio.catalogue import MOOD_POINTS, pieces
from ml.audio.evaluate import evaluate_demo
from ml.audio.features_file import demo_features


@pytest.fixture(scope="module")
def report():
    return evaluate_demo()


def of_mood(name):
    features = demo_features()
    return {
        mood: mean(features[spec.slug][name] for spec in pieces() if spec.mood == mood)
        for mood in MOOD_POINTS
    }


def test_a_simple_classifier_tells_the_moods_apart(report):
    assert report["n"] == 1092
    assert report["accuracy"] >= 0.85
    assert min(report["per_mood"].values()) >= 0.75
    assert sum(map(sum, report["confusion"])) == 1092


def test_loud_and_dense_features_follow_the_intended_arousal(report):
    assert report["arousal"]["energy"] > 0.85
    assert report["arousal"]["loudness_db"] > 0.9
    assert report["arousal"]["onset_rate"] > 0.75


def test_mode_and_brightness_follow_the_intended_valence(report):
    assert report["valence"]["mode"] > 0.35
    assert report["valence"]["centroid_hz"] > 0.1


def test_pieces_of_one_mood_still_differ(report):
    # given the variance of each feature, then a fair part of it lies within moods
    assert mean(report["spread"].values()) > 0.3
    assert min(report["spread"].values()) > 0.02


def test_energy_orders_the_moods():
    energy = of_mood("energy")
    quiet = max(energy[mood] for mood in ("calm", "sad", "dark"))
    assert quiet < energy["romantic"] < energy["happy"]
    assert energy["happy"] < min(energy["energetic"], energy["angry"])


def test_brightness_orders_the_moods():
    bright = of_mood("centroid_hz")
    dull = max(bright[mood] for mood in ("sad", "calm", "dark"))
    assert dull < bright["romantic"] < min(bright[m] for m in ("happy", "energetic", "angry"))


def test_mode_separates_pleasant_from_unpleasant_moods():
    mode = of_mood("mode")
    pleasant = min(mode[mood] for mood, (valence, _) in MOOD_POINTS.items() if valence > 0)
    unpleasant = max(mode[mood] for mood, (valence, _) in MOOD_POINTS.items() if valence < 0)
    assert unpleasant < 0 <= pleasant


def test_angry_is_noisier_and_dark_lower_than_the_rest():
    flat, low = of_mood("flatness"), of_mood("low_share")
    assert max(flat, key=flat.__getitem__) == "angry"
    assert low["dark"] > 2 * low["sad"]
