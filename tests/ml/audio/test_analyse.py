import numpy as np
import pytest
import soundfile

from ml.audio.analyse import FEATURE_NAMES, Features, analyse_file, analyse_signal

RATE = 22_050


def tones(pitches, seconds=6.0, level=0.1):
    """Return steady tones of the given MIDI pitches with three harmonics each."""
    time = np.arange(int(seconds * RATE)) / RATE
    y = np.zeros_like(time)
    for pitch in pitches:
        hz = 440 * 2 ** ((pitch - 69) / 12)
        y += sum(np.sin(2 * np.pi * hz * k * time) / k**2 for k in (1, 2, 3))
    return (level * y).astype(np.float32)


def cadence(chords):
    return np.concatenate([tones(chord, 1.5) for chord in chords])


def clicks(per_minute, seconds=12.0):
    rng = np.random.default_rng(0)
    y = np.zeros(int(seconds * RATE), dtype=np.float32)
    burst = (rng.standard_normal(1200) * np.exp(-np.arange(1200) / 200)).astype(np.float32)
    for start in np.arange(0, seconds - 0.1, 60 / per_minute):
        at = int(start * RATE)
        y[at : at + 1200] += 0.5 * burst
    return y


def measured(y, rate=RATE):
    return analyse_signal(y, rate).as_dict()


def test_the_order_of_features_is_fixed():
    assert len(FEATURE_NAMES) == len(set(FEATURE_NAMES)) == 32
    assert FEATURE_NAMES[:3] == ("tempo_bpm", "pulse_clarity", "loudness_db")
    assert FEATURE_NAMES[-1] == "mfcc_13"


@pytest.mark.parametrize("per_minute", [90, 120])
def test_tempo_and_onsets_of_a_click_track(per_minute):
    found = measured(clicks(per_minute))
    assert found["tempo_bpm"] == pytest.approx(per_minute, rel=0.03)
    assert found["onset_rate"] == pytest.approx(per_minute / 60, rel=0.15)
    assert found["pulse_clarity"] > 0.5


def test_half_and_double_tempo_read_the_same():
    slow, fast = measured(clicks(60))["tempo_bpm"], measured(clicks(120))["tempo_bpm"]
    assert slow == pytest.approx(fast, rel=0.03)


def test_mode_tells_major_from_minor():
    major = cadence([(48, 60, 64, 67), (53, 60, 65, 69), (55, 59, 62, 67), (48, 60, 64, 67)])
    minor = cadence([(45, 57, 60, 64), (50, 57, 62, 65), (52, 56, 59, 64), (45, 57, 60, 64)])
    assert measured(major)["mode"] > 0.1
    assert measured(minor)["mode"] < -0.1


def test_brightness_follows_the_spectrum():
    low, high = measured(tones([45])), measured(tones([93]))
    assert low["centroid_hz"] < 400 < 1500 < high["centroid_hz"] < 3000
    assert low["rolloff_hz"] < high["rolloff_hz"]
    assert low["low_share"] > 0.4 > 0.01 > high["low_share"]


def test_loudness_is_the_rms_level():
    time = np.arange(5 * RATE) / RATE
    sine = np.sin(2 * np.pi * 440 * time).astype(np.float32)
    assert measured(sine)["loudness_db"] == pytest.approx(-3.0, abs=0.1)
    assert measured(sine * 0.1)["loudness_db"] == pytest.approx(-23.0, abs=0.1)


def test_noise_is_flat_and_percussive_beside_a_tone():
    noise = 0.1 * np.random.default_rng(2).standard_normal(5 * RATE)
    assert measured(noise)["flatness"] > 0.3 > 0.01 > measured(tones([60]))["flatness"]
    assert measured(noise)["chroma_entropy"] > measured(tones([60]))["chroma_entropy"]
    assert measured(clicks(120))["percussiveness"] > measured(tones([60]))["percussiveness"]


@pytest.mark.parametrize(
    "y",
    [
        np.zeros(4 * RATE, dtype=np.float32),
        np.full(4 * RATE, 0.5, dtype=np.float32),
        np.zeros((4 * RATE, 2)),
        1e-9 * np.ones(3 * RATE),
        np.eye(1, 4 * RATE)[0],
    ],
    ids=["silence", "constant", "stereo silence", "shortest", "one click"],
)
def test_degenerate_signals_give_finite_features(y):
    values = analyse_signal(y, RATE).values
    assert len(values) == len(FEATURE_NAMES)
    assert np.isfinite(values).all()


def test_silence_reads_as_no_energy_no_pulse_and_no_key():
    found = measured(np.zeros(5 * RATE))
    assert found["loudness_db"] == -80.0
    assert found["onset_rate"] == found["pulse_clarity"] == found["mode"] == found["energy"] == 0.0


def test_stereo_reads_as_its_mono_sum():
    y = cadence([(60, 64, 67), (65, 69, 72)])
    assert analyse_signal(np.stack([y, y], axis=1), RATE) == analyse_signal(y, RATE)


def test_measuring_twice_gives_the_same_numbers():
    y = clicks(100) + tones([60, 64, 67], 12.0)
    assert analyse_signal(y, RATE) == analyse_signal(y, RATE)


def test_another_sample_rate_changes_little():
    time = np.arange(6 * 44_100) / 44_100
    y = 0.2 * (np.sin(2 * np.pi * 440 * time) + np.sin(2 * np.pi * 660 * time))
    high, low = measured(y, 44_100), measured(y[::2], 22_050)
    for name in ("centroid_hz", "loudness_db", "chroma_entropy"):
        assert high[name] == pytest.approx(low[name], rel=0.02)


def test_only_the_middle_is_measured():
    # given a long quiet piece with noise at both ends, then the ends do not count
    quiet = tones([57], 36.0)
    ends = 0.5 * np.random.default_rng(0).standard_normal(2 * RATE).astype(np.float32)
    long = np.concatenate([ends, quiet, ends])
    assert measured(long)["loudness_db"] == pytest.approx(measured(quiet)["loudness_db"], abs=0.1)
    assert analyse_signal(long, RATE).duration_s == pytest.approx(40.0)


@pytest.mark.parametrize("seconds", [0.0, 0.5, 2.99])
def test_what_is_too_short_is_refused(seconds):
    with pytest.raises(ValueError, match="at least 3 s"):
        analyse_signal(np.zeros(int(seconds * RATE)), RATE)


def test_unusable_samples_are_refused():
    with pytest.raises(ValueError, match="not finite"):
        analyse_signal(np.full(4 * RATE, np.nan), RATE)
    with pytest.raises(ValueError, match="shape"):
        analyse_signal(np.zeros((2, 3, 4)), RATE)


def test_a_file_reads_as_its_samples(tmp_path):
    y = cadence([(60, 64, 67), (55, 59, 62), (57, 60, 64), (53, 57, 60)])
    path = tmp_path / "song.wav"
    soundfile.write(str(path), np.stack([y, y], axis=1), RATE, subtype="FLOAT")
    found = analyse_file(path)
    assert isinstance(found, Features)
    assert found.duration_s == pytest.approx(6.0)
    assert found.values == pytest.approx(analyse_signal(y, RATE).values, rel=1e-4, abs=1e-4)


def test_files_that_are_no_audio_are_refused_by_name(tmp_path):
    for name, content in (("text.mp3", b"not music" * 500), ("empty.wav", b"")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(ValueError, match=name):
            analyse_file(path)
    short = tmp_path / "short.wav"
    soundfile.write(str(short), np.zeros(RATE), RATE)
    with pytest.raises(ValueError, match=r"lasts 1\.0 s"):
        analyse_file(short)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"gone\.mp3"):
        analyse_file(tmp_path / "gone.mp3")
