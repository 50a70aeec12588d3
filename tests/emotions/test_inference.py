"""From frames to an outcome, through the real detector and a real network."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageFilter

from emotions import inference, services
from emotions.frames import frames_write
from emotions.inference import read_frames
from emotions.models import Reading
from emotions.reasons import advice_of, title_of
from ml.artifacts import ArtifactError
from ml.emotion import weights
from ml.emotion.labels import EMOTIONS, valence_arousal
from ml.faces import covers, find
from ml.faces.alignment import shares_of
from tests.emotions import pictures
from tests.emotions.factories import CaptureFactory
from tests.emotions.storage import files_in
from tests.ml.emotion.untrained import save_untrained


def jpeg(pixels: np.ndarray) -> bytes:
    return pictures.encoded(Image.fromarray(pixels), "JPEG", quality=92)


ASTRONAUT = skimage.data.astronaut()
SMILE, CAT = jpeg(ASTRONAUT), jpeg(skimage.data.chelsea())
DARK = jpeg((ASTRONAUT * 0.01).astype(np.uint8))


@pytest.fixture(scope="session")
def untrained_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_untrained(tmp_path_factory.mktemp("weights"), unsure_below=0.99)


@pytest.fixture
def untrained(settings: Any, untrained_home: Path) -> Path:
    settings.EMOTION_WEIGHTS = untrained_home
    return untrained_home


def test_a_face_gives_a_whole_reading(untrained: Path) -> None:
    outcome = read_frames([SMILE])

    row = np.array([outcome.probabilities[name] for name in EMOTIONS])
    assert outcome.reason == ""
    assert outcome.faces_seen == 1
    assert list(outcome.probabilities) == list(EMOTIONS)
    assert row.sum() == pytest.approx(1, abs=1e-9)
    assert (outcome.label, outcome.confidence) == (EMOTIONS[int(row.argmax())], row.max())
    assert [outcome.valence, outcome.arousal] == pytest.approx(list(valence_arousal(row)))
    assert outcome.unsure is True  # its manifest asks for 0.99
    assert outcome.model_version == weights.manifest(untrained).version


def test_probabilities_are_averaged_over_the_usable_frames(untrained: Path) -> None:
    # Given two different pictures of a face, and some without one
    mirrored = jpeg(np.roll(ASTRONAUT, 17, axis=1)[:, ::-1].copy())
    first, second = read_frames([SMILE]), read_frames([mirrored])

    # When all come as one burst
    both = read_frames([CAT, SMILE, DARK, mirrored, b"no picture"])

    # Then the faces are averaged and the rest is left out
    for name in EMOTIONS:
        mean = (first.probabilities[name] + second.probabilities[name]) / 2
        assert both.probabilities[name] == pytest.approx(mean, abs=1e-4)
    assert both.reason == ""


def test_a_blurred_frame_counts_less_than_a_sharp_one(untrained: Path) -> None:
    # Given a sharp frame, and one of the same face that is barely readable
    blurred = jpeg(np.asarray(Image.fromarray(ASTRONAUT).filter(ImageFilter.GaussianBlur(1.5))))
    sharp, poor, both = read_frames([SMILE]), read_frames([blurred]), read_frames([SMILE, blurred])

    # Then their mean lies nearer to the sharp one
    apart = {name: sharp.probabilities[name] - poor.probabilities[name] for name in EMOTIONS}
    name = max(apart, key=lambda emotion: abs(apart[emotion]))
    assert abs(apart[name]) > 1e-4
    share = (both.probabilities[name] - poor.probabilities[name]) / apart[name]
    assert 0.55 < share < 0.95


def test_a_burst_tells_how_the_face_changed(untrained: Path) -> None:
    mirrored = jpeg(np.roll(ASTRONAUT, 17, axis=1)[:, ::-1].copy())

    burst = read_frames([CAT, SMILE, mirrored]).burst

    assert burst is not None
    assert burst["frames"] == 2
    assert {burst["onset"]["frame"], burst["apex"]["frame"]} == {1, 2}
    assert 0 <= burst["change"] <= 1
    assert read_frames([SMILE]).burst is None


def in_poor_light(seed: int, share: float) -> bytes:
    """The portrait with `share` of its light, shot noise of four electrons a level, read noise."""
    random = np.random.default_rng(seed)
    light = random.poisson(ASTRONAUT * (share * 4)) / 4 + random.normal(0, 1.2, ASTRONAUT.shape)
    pixels = np.clip(np.round(light), 0, 255).astype(np.uint8)
    return pictures.encoded(Image.fromarray(pixels), "JPEG", quality=98)


def test_frames_too_dark_one_by_one_are_read_in_their_mean(untrained: Path) -> None:
    dim = [in_poor_light(seed, 0.08) for seed in range(8)]

    assert {read_frames([frame]).reason for frame in dim} == {"too_dark"}
    together = read_frames(dim)

    assert together.reason == ""
    assert together.faces_seen == 1
    assert together.burst is None  # one face was read, that of the mean


def test_frames_that_are_black_stay_too_dark_together(untrained: Path) -> None:
    assert read_frames([in_poor_light(seed, 0.01) for seed in range(8)]).reason == "too_dark"


@pytest.mark.parametrize(
    ("frames", "reason"),
    [
        ([DARK], "too_dark"),
        ([jpeg(np.full((480, 640, 3), 128, np.uint8))], "no_face"),
        ([b"no picture"], "unreadable"),
        ([SMILE[:3000]], "unreadable"),
        ([], "unreadable"),
        ([DARK, b"no picture", DARK], "too_dark"),
    ],
    ids=["dark", "plain", "no picture", "cut", "nothing", "the commonest"],
)
def test_without_a_face_there_is_a_reason_and_never_a_mood(
    settings: Any, tmp_path: Path, frames: list[bytes], reason: str
) -> None:
    # Given no network at all: a refusal must not even ask it
    settings.EMOTION_WEIGHTS = tmp_path
    outcome = read_frames(frames)
    assert (outcome.reason, outcome.probabilities, outcome.label) == (reason, {}, "")


def test_a_masked_face_is_refused_and_its_listener_told_why(settings: Any, tmp_path: Path) -> None:
    settings.EMOTION_WEIGHTS, settings.FACE_DETECTOR_MODEL = tmp_path, None
    random = np.random.default_rng(0)
    face = find(ASTRONAUT)[0]
    masked = covers.paint(ASTRONAUT, shares_of(face), [covers.mask(random)], covers.plain, random)

    outcome = read_frames([jpeg(masked)])

    assert (outcome.reason, outcome.probabilities) == ("covered", {})
    assert title_of(outcome.reason) == "Face covered"
    assert "mask" in advice_of(outcome.reason)


def test_a_cat_has_no_mood(settings: Any, tmp_path: Path) -> None:
    settings.EMOTION_WEIGHTS = tmp_path
    assert read_frames([CAT]).reason != ""


def test_missing_weights_are_an_error_that_names_the_file(settings: Any, tmp_path: Path) -> None:
    settings.EMOTION_WEIGHTS = tmp_path
    with pytest.raises(ArtifactError, match=r"manifest\.json is missing"):
        read_frames([SMILE])
    with pytest.raises(ArtifactError):
        inference.warm_up()


def test_the_network_is_loaded_once(untrained: Path) -> None:
    inference.warm_up()
    before = inference._predictor()
    read_frames([SMILE])
    assert inference._predictor() is before


def test_a_broken_detector_file_is_told_once_and_does_not_stop_reading(
    settings: Any, tmp_path: Path, untrained: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # Given a file that is not the model: a Git LFS pointer, as people often fetch
    model = tmp_path / "yunet.onnx"
    model.write_text("version https://git-lfs.github.com/spec/v1\n")
    settings.FACE_DETECTOR_MODEL = model

    # When several frames are read
    with caplog.at_level(logging.WARNING, "emotions.inference"):
        outcome = read_frames([SMILE, SMILE])
        read_frames([SMILE])

    # Then the Haar cascade found the face, and one warning names the file
    assert outcome.reason == ""
    (record,) = [record for record in caplog.records if record.name == "emotions.inference"]
    assert str(model) in record.getMessage()
    assert "Git LFS pointer" in record.getMessage()


@pytest.mark.django_db
def test_a_capture_is_read_to_its_end(
    untrained: Path, frames_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    # Given a submitted capture of a face and one of a wall
    face, wall = CaptureFactory(frame_count=2), CaptureFactory()
    frames_write(face.pk, [SMILE, SMILE])
    frames_write(wall.pk, [jpeg(np.full((480, 640, 3), 128, np.uint8))])

    # When the worker's one call is made for both, and again as if delivered twice
    with django_capture_on_commit_callbacks(execute=True):
        for capture in (face, wall, face, wall):
            services.capture_read(capture_id=capture.pk)

    # Then one has a reading, the other a reason, and no frame is left of either
    face.refresh_from_db()
    wall.refresh_from_db()
    assert (face.state, face.attempts, face.faces_seen) == ("read", 1, 1)
    assert (wall.state, wall.reason, wall.attempts) == ("refused", "no_face", 1)
    reading = Reading.objects.get()
    assert reading.capture == face
    assert reading.model_version == weights.manifest(untrained).version
    assert files_in(frames_folder) == []


@pytest.mark.django_db
def test_a_capture_without_a_network_fails_after_three(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # Given an installation whose weights are gone
    settings.EMOTION_WEIGHTS = tmp_path / "gone"
    capture = CaptureFactory()
    frames_write(capture.pk, [SMILE])

    # When the worker tries three times
    for _ in range(3):
        services.capture_read(capture_id=capture.pk)

    # Then the capture has failed, the log names the file, and holds nothing of the picture
    capture.refresh_from_db()
    assert (capture.state, capture.reason, capture.attempts) == ("failed", "failed", 3)
    assert "manifest.json is missing" in caplog.text
    assert repr(SMILE[:12])[2:-1] not in caplog.text


def test_the_committed_network_sees_the_astronaut_smile() -> None:
    # Needs ml/emotion/weights, which belong to the installation.
    outcome = read_frames([SMILE] * 3)
    assert outcome.label == "happy"
    assert outcome.confidence > 0.5
    assert outcome.unsure is False
    assert outcome.valence > 0.3
    assert outcome.model_version == weights.manifest().version


def test_importing_what_the_web_uses_loads_nothing_heavy() -> None:
    code = (
        "import os, sys\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'\n"
        "import django; django.setup()\n"
        "import emotions.api, emotions.api_urls, emotions.services, emotions.tasks\n"
        "import emotions.selectors, emotions.admin, emotions.uploads, emotions.inference\n"
        "import emotions.evidence, ml.emotion.pictures\n"
        "heavy = {'tensorflow', 'keras', 'implicit', 'librosa', 'cv2', 'sklearn', 'scipy', 'jax'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
