import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from ml.audio import effects
from ml.audio.drums import DRUMS, strike
from ml.audio.instruments import PATCHES, SAMPLE_RATE, hertz, play
from ml.audio.synth import BLOCK, render, render_blocks


def level_db(y):
    return 10 * np.log10(np.mean(np.square(y, dtype=np.float64)) + 1e-12)


def spectrum_peak_hz(y):
    power = np.abs(np.fft.rfft(y * np.hanning(len(y)))) ** 2
    return np.fft.rfftfreq(len(y), 1 / SAMPLE_RATE)[power.argmax()]


def test_pieces_never_clip_and_carry_no_offset(sample, rendered):
    for spec in sample:
        y = rendered[spec.slug]
        assert y.dtype == np.float32
        assert y.shape == (int(spec.duration_s * SAMPLE_RATE), 2)
        assert np.isfinite(y).all()
        assert 0.2 < np.abs(y).max() <= effects.CEILING
        assert np.abs(y.mean(axis=0)).max() < 0.003


def test_pieces_have_the_level_of_their_arousal(sample, rendered, scores):
    for spec in sample:
        assert level_db(rendered[spec.slug]) == pytest.approx(
            scores[spec.slug].loudness_db, abs=1.2
        )


def test_no_piece_falls_silent_before_its_end(sample, rendered):
    for spec in sample:
        second = rendered[spec.slug][: -3 * SAMPLE_RATE]
        count = len(second) // SAMPLE_RATE
        frames = second[: count * SAMPLE_RATE].reshape(count, -1)
        assert min(level_db(frame) for frame in frames) > -45, spec.slug


def test_pieces_begin_at_once_and_fade_to_nothing(sample, rendered):
    for spec in sample:
        y = rendered[spec.slug]
        assert level_db(y[: 2 * SAMPLE_RATE]) > -45
        assert np.abs(y[-1]).max() < 1e-4
        assert level_db(y[-SAMPLE_RATE // 4 :]) < level_db(y) - 15


def test_pieces_are_stereo_but_fold_down_to_mono(sample, rendered):
    for spec in sample:
        left, right = rendered[spec.slug].T
        assert level_db(left - right) > level_db(left + right) - 30
        assert level_db(left + right) > level_db(left - right)
        assert abs(level_db(left) - level_db(right)) < 3


def test_little_lies_in_the_harsh_top(sample, rendered):
    for spec in sample:
        power = np.abs(np.fft.rfft(rendered[spec.slug].mean(axis=1))) ** 2
        hz = np.fft.rfftfreq(len(rendered[spec.slug]), 1 / SAMPLE_RATE)
        limit = 0.02 if spec.arousal > 0 else 0.005
        assert power[hz > 10_000].sum() / power.sum() < limit


def test_rendering_again_gives_the_same_samples(sample, rendered, scores):
    slug = sample[2].slug
    assert np.array_equal(render(scores[slug]), rendered[slug])


def test_another_process_gives_the_same_samples(sample, rendered):
    slug = sample[4].slug
    code = (
        "import hashlib\nfrom ml.audio.catalogue import piece\n"
        "from ml.audio.compose import compose\nfrom ml.audio.synth import render\n"
        f"print(hashlib.sha256(render(compose(piece({slug!r}))).tobytes()).hexdigest())"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert found.stdout.strip() == hashlib.sha256(rendered[slug].tobytes()).hexdigest()


def test_blocks_joined_are_the_piece(sample, rendered, scores):
    slug = sample[0].slug
    blocks = list(render_blocks(scores[slug]))
    assert {len(block) for block in blocks[:-1]} == {BLOCK}
    assert np.array_equal(np.concatenate(blocks), rendered[slug])


@pytest.mark.parametrize("name", PATCHES)
def test_every_instrument_is_in_tune_and_ends_softly(name):
    wave = play(name, 57, 1.0)
    assert wave.ndim == 2
    assert wave.shape[0] in (1, 2)
    assert np.isfinite(wave).all()
    assert 0.05 < np.abs(wave).max() <= 1.0
    assert np.abs(wave[:, -1]).max() < 0.01
    # the strongest partial is a harmonic (or, for a bell, one of its modes) of 220 Hz
    if not PATCHES[name].partials:
        ratio = spectrum_peak_hz(wave[0]) / hertz(57)
        assert ratio == pytest.approx(round(ratio), abs=0.03)
        assert round(ratio) >= 1


@pytest.mark.parametrize("name", DRUMS)
def test_every_drum_is_short_and_dies_away(name):
    wave = strike(name)
    assert np.isfinite(wave).all()
    assert 0.1 < np.abs(wave).max() <= 1.3
    assert len(wave) <= 2.5 * SAMPLE_RATE
    assert level_db(wave[-len(wave) // 8 :]) < level_db(wave) - 6


def test_the_limiter_bounds_any_level_and_leaves_quiet_samples_alone():
    loud = np.linspace(-20, 20, 1001, dtype=np.float32)[None, :]
    quiet = np.linspace(-0.5, 0.5, 101, dtype=np.float32)[None, :]
    assert np.abs(effects.limit(loud.copy())).max() <= effects.CEILING
    assert np.array_equal(effects.limit(quiet.copy()), quiet)


def test_the_room_gives_the_same_echo_whatever_the_block_size():
    rng = np.random.default_rng(1)
    send = rng.standard_normal(4096).astype(np.float32)
    whole = effects.Room(0.05, 4096, seed=3).process(send)
    room = effects.Room(0.05, 4096, seed=3)
    # a short last block is what the end of a piece looks like
    first = room.process(send)
    assert np.allclose(first, whole, atol=1e-5)
    tail = room.process(np.zeros(100, dtype=np.float32))
    assert tail.shape == (2, 100)
    assert np.abs(tail).max() > 0


def test_ducking_dips_at_each_stroke_and_recovers():
    gains = effects.ducking([0.5], SAMPLE_RATE)
    assert gains[SAMPLE_RATE // 2] == pytest.approx(0.35)
    assert gains[SAMPLE_RATE // 2 - 1] == 1.0
    assert gains[-1] == 1.0
