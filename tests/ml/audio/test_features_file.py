import json

import numpy as np
import pytest

from ml.audio import build
from ml.audio.analyse import ANALYSER_VERSION, FEATURE_NAMES, analyse_file, analyse_signal
from ml.audio.catalogue import piece, pieces
from ml.audio.encode import render_mp3
from ml.audio.features_file import (
    FEATURES_PATH,
    GENERATOR_VERSION,
    FeaturesFileError,
    demo_features,
    header,
    read_features,
)
from ml.audio.instruments import SAMPLE_RATE

CURE = "python -m ml.audio build-features"


def test_every_piece_is_measured_in_catalogue_order():
    features = demo_features()
    assert list(features) == [spec.slug for spec in pieces()]
    for row in features.values():
        assert tuple(row) == FEATURE_NAMES
        assert np.isfinite(list(row.values())).all()


def test_the_file_is_small_and_names_its_versions():
    assert FEATURES_PATH.stat().st_size < 600_000
    first = json.loads(FEATURES_PATH.read_text(encoding="utf-8").splitlines()[0])
    assert first == {
        "generator": GENERATOR_VERSION,
        "analyser": ANALYSER_VERSION,
        "features": list(FEATURE_NAMES),
    }


def test_the_committed_features_are_those_of_the_music(tmp_path, sample):
    # given one piece of each mood, when rendered and measured now, then the file says the same
    for spec in sample:
        found = analyse_file(render_mp3(spec, tmp_path / "piece.mp3")).as_dict()
        for name, value in demo_features()[spec.slug].items():
            assert found[name] == pytest.approx(value, rel=2e-3, abs=2e-3), (spec.slug, name)


def test_encoding_moves_no_feature_far_within_its_spread(sample, rendered):
    # given the samples that went into the encoder, then they measure like the listener's file
    spread = {
        name: float(np.std([row[name] for row in demo_features().values()]))
        for name in FEATURE_NAMES
    }
    for spec in (sample[3], sample[6]):
        found = analyse_signal(rendered[spec.slug], SAMPLE_RATE).as_dict()
        for name, value in demo_features()[spec.slug].items():
            assert abs(found[name] - value) < 0.5 * spread[name], (spec.slug, name)


def test_no_two_pieces_sound_alike():
    # given features in units of their spread, then every piece is some way from its nearest one
    matrix = np.array([list(row.values()) for row in demo_features().values()])
    matrix = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
    square = (matrix**2).sum(axis=1)
    distances = square[:, None] + square[None, :] - 2 * matrix @ matrix.T
    np.fill_diagonal(distances, np.inf)
    nearest = np.sqrt(np.maximum(distances.min(axis=1), 0))
    assert nearest.min() > 0.4
    assert np.median(nearest) > 1.0


def test_a_missing_file_names_cause_and_cure(tmp_path):
    with pytest.raises(FeaturesFileError, match=f"is missing.*{CURE}"):
        read_features(tmp_path / "none.csv")


@pytest.mark.parametrize("text", ["", "\n", "slug,tempo\nhappy-001,120\n"])
def test_a_foreign_file_is_refused(tmp_path, text):
    path = tmp_path / "features.csv"
    path.write_text(text)
    with pytest.raises(FeaturesFileError, match=f"is not a features file.*{CURE}"):
        read_features(path)


@pytest.mark.parametrize("key", ["generator", "analyser"])
def test_another_version_is_refused_with_both_numbers(tmp_path, key):
    path = tmp_path / "features.csv"
    path.write_text(json.dumps({**header(), key: 99}) + "\n")
    with pytest.raises(FeaturesFileError, match=f"99.*{CURE}"):
        read_features(path)


def test_an_interrupted_build_goes_on_where_it_stopped(tmp_path, monkeypatch):
    # given a partial file with one finished and one torn row
    specs = (piece("calm-001"), piece("sad-001"))
    monkeypatch.setattr(build, "pieces", lambda: specs)
    path = tmp_path / "features.csv"
    done = ",".join(["calm-001", *["0.5"] * len(FEATURE_NAMES)])
    partial = tmp_path / "features.csv.part"
    partial.write_text(json.dumps(header()) + "\n" + done + "\nsad-001,1.5,2")

    # when the build is started again
    progress = list(build.build_features(path))

    # then the finished row is kept, the torn one measured, and nothing else is left
    assert progress == [1, 2]
    rows = read_features(path)
    assert set(rows["calm-001"].values()) == {0.5}
    assert rows["sad-001"] == pytest.approx(demo_features()["sad-001"], rel=2e-3, abs=2e-3)
    assert [file.name for file in tmp_path.iterdir()] == ["features.csv"]
