"""Any file: read in bounded memory, measured to finite values, or refused with its reason."""

from __future__ import annotations

import base64
import json
import stat
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from ml.audio.__main__ import main
from ml.audio.analyse import FEATURE_NAMES
from ml.audio.estimates import RULES, SCALES, estimates
from ml.audio.features_file import demo_features
from ml.audio.fingerprint import SIZE, distance, distances, fingerprint, matches
from ml.audio.measures import Measured, measure_file, measure_window
from ml.audio.reading import REASONS, WINDOW_S, AudioError, Window, read_window

RATE = 22_050


def music(
    seconds: float = 6.0, rate: int = RATE, seed: int = 0, chord_s: float = 0.5
) -> np.ndarray:
    """(n,) chords that change, with a click on every beat: cheap, but no two seeds alike."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    y = np.zeros(len(time))
    for start in np.arange(0, seconds, chord_s):
        part = slice(int(start * rate), int((start + chord_s) * rate))
        for pitch in rng.choice([48, 52, 55, 57, 60, 64, 67, 71], 3, replace=False):
            y[part] += np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time[part])
        y[int(start * rate) :][:200] += rng.standard_normal(len(y[int(start * rate) :][:200]))
    return (0.1 * y).astype(np.float32)


# --- Files of every kind --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.wav", {"subtype": "PCM_U8"}),
        ("a.wav", {"subtype": "FLOAT"}),
        ("a.flac", {}),
        ("a.ogg", {}),
        ("a.mp3", {}),
        ("a.aiff", {}),
        ("a.unknown", {"format": "WAV"}),
    ],
)
def test_formats_read_alike(tmp_path: Path, name: str, options: dict[str, str]) -> None:
    soundfile.write(tmp_path / name, music(), RATE, **options)

    found = measure_file(tmp_path / name)

    plain = measure_window(Window(music()[:, None], RATE, 6.0))
    assert found.duration_s == pytest.approx(6.0, abs=0.2)
    assert np.isfinite(list(found.features.values())).all()
    assert found.features["lufs"] == pytest.approx(plain.features["lufs"], abs=0.6)
    assert found.features["tempo"] == pytest.approx(plain.features["tempo"], rel=0.03)


def test_opus_is_read(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.opus", music(rate=48_000), 48_000, format="OGG", subtype="OPUS")

    assert measure_file(tmp_path / "a.opus").duration_s == pytest.approx(6.0, abs=0.2)


def test_a_high_rate_is_resampled_as_it_is_read(tmp_path: Path) -> None:
    y = music(rate=48_000)
    soundfile.write(tmp_path / "hi.wav", soxr.resample(y, 48_000, 192_000), 192_000)

    window = read_window(tmp_path / "hi.wav")

    assert window.rate == 48_000
    assert len(window.samples) == pytest.approx(6 * 48_000, abs=10)
    low = measure_window(Window(y[:, None], 48_000, 6.0)).features
    high = measure_window(window).features
    assert high["lufs"] == pytest.approx(low["lufs"], abs=0.1)
    assert high["centroid_hz"] == pytest.approx(low["centroid_hz"], rel=0.02)


def test_of_a_long_recording_the_middle_is_read(tmp_path: Path) -> None:
    # Given an hour of which only the middle two minutes sound
    rate, path = 8_000, tmp_path / "mix.wav"
    with soundfile.SoundFile(path, "w", rate, 1, subtype="PCM_U8") as file:
        minute = np.zeros(60 * rate)
        for number in range(60):
            tone = 0.5 * np.sin(2 * np.pi * 220 * np.arange(60 * rate) / rate)
            file.write(tone if number in (29, 30) else minute)

    window = read_window(path)

    assert window.duration_s == 3600.0
    assert len(window.samples) == WINDOW_S * rate
    assert np.abs(window.samples[rate::100]).max() > 0.45
    assert np.sqrt(np.mean(window.samples**2)) == pytest.approx(0.354, abs=0.01)


def test_channels_beyond_two_are_left_out_and_cancelling_ones_still_heard(tmp_path: Path) -> None:
    y = music()
    soundfile.write(tmp_path / "six.wav", np.stack([y] * 6, axis=1), RATE)
    soundfile.write(tmp_path / "anti.wav", np.stack([y, -y], axis=1), RATE)
    soundfile.write(tmp_path / "mono.wav", y, RATE)

    assert read_window(tmp_path / "six.wav").samples.shape[1] == 2
    anti, mono = (measure_file(tmp_path / f"{name}.wav").features for name in ("anti", "mono"))
    assert anti["tempo"] == mono["tempo"]
    assert anti["loudness_db"] == pytest.approx(mono["loudness_db"], abs=0.1)


def test_an_offset_and_loudness_follow_their_definitions() -> None:
    sine = 0.1 * np.sin(2 * np.pi * 997 * np.arange(5 * 48_000) / 48_000)[:, None]
    both = np.concatenate([sine, sine], axis=1).astype(np.float32)

    found = measure_window(Window(both + np.float32(0.3), 48_000, 5.0)).features

    # BS.1770: a 997 Hz sine of 0 dB in one channel reads -3.01 LUFS; two channels 3.01 more.
    assert found["lufs"] == pytest.approx(-20.0, abs=0.1)
    assert found["loudness_db"] == pytest.approx(-23.0, abs=0.1)
    assert found["low_share"] < 0.01


# --- Refusals -------------------------------------------------------------------------------------


def refused(path: Path) -> AudioError:
    with pytest.raises(AudioError) as caught:
        measure_file(path)
    assert caught.value.reason in REASONS
    return caught.value


@pytest.mark.parametrize(
    ("name", "y", "reason"),
    [
        ("short.wav", music(2.0), "too_short"),
        ("none.wav", music(0.0), "too_short"),
        ("silent.wav", np.zeros(4 * RATE), "silent"),
        ("offset.wav", np.full(4 * RATE, 0.7), "silent"),
        ("faint.wav", 1e-5 * music(), "silent"),
        ("nan.wav", np.where(np.arange(4 * RATE) == 9, np.nan, 0.1), "corrupt"),
        ("huge.wav", 1e20 * music(), "corrupt"),
    ],
)
def test_sound_that_cannot_be_measured_is_refused(
    tmp_path: Path, name: str, y: np.ndarray, reason: str
) -> None:
    soundfile.write(tmp_path / name, y, RATE, subtype="FLOAT")

    assert refused(tmp_path / name).reason == reason


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.mp3", b"", "corrupt"),
        ("noise.wav", bytes(range(256)) * 40, "corrupt"),
        ("noise.flac", b"fLaC" + b"\0" * 4000, "corrupt"),
        ("page.mp3", b"<html>not found</html>" * 50, "corrupt"),
        ("notes.txt", b"these are notes, not music\n" * 50, "unsupported_format"),
        ("tune.mid", b"MThd\0\0\0\6\0\1\0\2\1\xe0" + b"\0" * 400, "unsupported_format"),
    ],
)
def test_files_that_are_no_sound_are_refused(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)

    assert refused(tmp_path / name).reason == reason


def test_what_is_not_there_or_no_file_is_missing(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.mp3").reason == "missing"
    assert refused(tmp_path).reason == "missing"


def test_what_may_not_be_opened_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundfile.write(tmp_path / "a.wav", music(), RATE)

    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)

    assert refused(tmp_path / "a.wav").reason == "unreadable"


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_truncated_file_ends_in_values_or_a_reason(
    tmp_path: Path, name: str, share: float
) -> None:
    soundfile.write(tmp_path / name, music(12.0), RATE)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(share * len(whole))])

    try:
        found = measure_file(tmp_path / name)
    except AudioError as error:
        ended = error.reason
    else:
        ended = "measured" if np.isfinite(list(found.features.values())).all() else "not finite"
    assert ended in ({"measured"} if share == 0.9 else {"measured", "corrupt", "too_short"})


def test_a_header_that_promises_too_much_costs_only_what_is_not_there(tmp_path: Path) -> None:
    # Given a FLAC of six minutes that was cut after one: its middle is gone, its beginning is not
    soundfile.write(tmp_path / "a.flac", np.tile(music(12.0, 8_000), 30), 8_000)
    whole = (tmp_path / "a.flac").read_bytes()
    (tmp_path / "a.flac").write_bytes(whole[: len(whole) // 6])

    window = read_window(tmp_path / "a.flac")

    assert 40.0 < len(window.samples) / window.rate < 70.0
    assert window.duration_s == pytest.approx(len(window.samples) / window.rate)


# --- Formats that need ffmpeg ---------------------------------------------------------------------

FFMPEG = """#!{python}
import sys
import numpy as np
arguments = sys.argv[1:]
open({log!r}, "a").write(" ".join(arguments) + "\\n")
if "-ss" not in arguments:
    print("  Duration: 00:05:00.50, start: 0.000000", file=sys.stderr)
    sys.exit(1)
if {broken!r}:
    print("moov atom not found", file=sys.stderr)
    sys.exit(1)
time = np.arange(int(float(arguments[arguments.index("-t") + 1]) * 48_000)) / 48_000
tone = (0.2 * np.sin(2 * np.pi * 220 * time) * (time % 0.5 < 0.3)).astype("<f4")
sys.stdout.buffer.write(np.stack([tone, tone], axis=1).tobytes())
"""


@pytest.fixture
def fake_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in that answers as ffmpeg does and notes how it was called."""
    return install(tmp_path, monkeypatch, broken=False)


def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, broken: bool) -> Path:
    log, program = tmp_path / "calls", tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text(FFMPEG.format(python=sys.executable, log=str(log), broken=broken))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent))
    return log


def test_without_ffmpeg_its_formats_are_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + b"\0" * 500)

    error = refused(tmp_path / "a.m4a")

    assert error.reason == "unsupported_format"
    assert "needs ffmpeg" in str(error)


def test_with_ffmpeg_the_middle_is_asked_of_one_demuxer_and_files_only(
    tmp_path: Path, fake_ffmpeg: Path
) -> None:
    (tmp_path / "-a.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + b"\0" * 500)

    window = read_window(tmp_path / "-a.m4a")

    assert window.duration_s == 300.5
    assert window.samples.shape == (120 * 48_000, 2)
    asked = fake_ffmpeg.read_text().splitlines()[1]
    assert "-ss 90.250" in asked
    assert "-protocol_whitelist file -f mov -i file:/" in asked


def test_what_ffmpeg_cannot_read_is_corrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, broken=True)
    (tmp_path / "a.m4a").write_bytes(b"\0" * 500)

    error = refused(tmp_path / "a.m4a")

    assert error.reason == "corrupt"
    assert "moov atom not found" in str(error)


def test_an_ffmpeg_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ml.audio import ffmpeg

    install(tmp_path, monkeypatch, broken=False)
    (tmp_path / "bin" / "ffmpeg").write_text("#!/bin/sh\nexec /bin/sleep 30\n")
    monkeypatch.setattr(ffmpeg, "TIMEOUT_S", 0.3)
    (tmp_path / "a.m4a").write_bytes(b"\0" * 500)

    assert refused(tmp_path / "a.m4a").reason == "too_slow"


# --- Estimates ------------------------------------------------------------------------------------


def test_measures_have_the_names_of_tables_and_of_the_demo_catalogue() -> None:
    found = measure_window(Window(music()[:, None], RATE, 6.0))

    assert set(FEATURE_NAMES) | SCALES | {"lufs", "glide", "majorness"} == set(found.features)
    for name in RULES:
        assert 0.0 <= found.features[name] <= 1.0
    assert found.features["mode"] in (0.0, 1.0)
    assert found.features["key"] in range(12)
    assert -60.0 <= found.features["loudness"] <= 0.0
    assert [len(found.vectors[name]) for name in ("chroma", "mfcc_mean", "mfcc_sd")] == [12, 20, 20]
    assert sum(found.vectors["chroma"]) == pytest.approx(1.0)
    assert found.vectors["mfcc_mean"][0] == pytest.approx(found.features["mfcc_01"], rel=1e-3)
    assert Measured.from_json(json.loads(json.dumps(found.as_json()))).fingerprint == (
        found.fingerprint
    )
    assert base64.b64decode(found.as_json()["fingerprint"]) == found.fingerprint


@pytest.mark.parametrize(("root", "key"), [(60, 0), (62, 2), (69, 9)])
def test_the_key_is_the_tonic_of_a_scale(root: int, key: int) -> None:
    time = np.arange(int(0.5 * RATE)) / RATE
    steps = [0, 4, 7, 0, 5, 9, 7, 11, 2, 0, 4, 7, 0, 0]
    pitches = [root + step for step in steps]
    y = np.concatenate([
        np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time)
        + np.sin(2 * np.pi * 440 * 2 ** ((root - 12 - 69) / 12) * time)
        for pitch in pitches
    ])  # fmt: skip

    found = measure_window(Window((0.2 * y)[:, None].astype(np.float32), RATE, 7.0)).features

    assert (found["key"], found["mode"]) == (key, 1.0)


def test_every_rule_follows_its_measures() -> None:
    base = demo_features()["happy-001"] | {"glide": 0.5}
    for name, parts in RULES.items():
        for part in parts:
            if part.measure == "tempo_fit":
                low, high = {**base, "tempo_bpm": 70.0}, {**base, "tempo_bpm": 118.0}
            else:
                low = {**base, part.measure: part.low}
                high = {**base, part.measure: part.high}
            assert estimates(low)[name] < estimates(high)[name], (name, part)


def test_estimates_agree_with_what_the_pieces_were_composed_for() -> None:
    from ml.audio.catalogue import pieces

    told = [estimates(demo_features()[spec.slug]) for spec in pieces()]

    def agreement(name: str, wanted: list[float]) -> float:
        return float(np.corrcoef([row[name] for row in told], wanted)[0, 1])

    assert agreement("energy", [spec.arousal for spec in pieces()]) > 0.9
    assert agreement("valence", [spec.valence for spec in pieces()]) > 0.5
    assert agreement("acousticness", [spec.arousal for spec in pieces()]) < -0.8


def test_a_gliding_voice_is_told_from_plucked_notes() -> None:
    rng = np.random.default_rng(0)
    time = np.arange(6 * RATE) / RATE
    notes = np.repeat(rng.choice([0, 2, 4, 5, 7], 12), RATE // 2).astype(float)
    hertz = 220 * 2 ** ((notes + 0.5 * np.sin(2 * np.pi * 5.5 * time)) / 12)
    sung = sum(np.sin(h * 2 * np.pi * np.cumsum(hertz) / RATE) / h for h in range(1, 6))
    steady = 220 * 2 ** (notes / 12)
    decay = np.exp(-3 * (time % 0.5))
    plucked = decay * sum(np.sin(h * 2 * np.pi * np.cumsum(steady) / RATE) / h for h in range(1, 6))

    voice, strings = (
        measure_window(Window((0.1 * y)[:, None].astype(np.float32), RATE, 6.0)).features
        for y in (sung, plucked)
    )

    assert voice["instrumentalness"] == 0.1
    assert strings["instrumentalness"] == 0.9


# --- Fingerprints ---------------------------------------------------------------------------------


def print_of(y: np.ndarray, rate: int = RATE) -> bytes:
    return measure_window(Window(y.reshape(len(y), -1), rate, len(y) / rate)).fingerprint


def test_copies_are_near_and_other_songs_far(tmp_path: Path) -> None:
    songs = [music(60.0, 44_100, seed, 2.0) for seed in range(4)]
    prints = [print_of(song, 44_100) for song in songs]
    soundfile.write(tmp_path / "a.mp3", 0.3 * songs[0], 44_100, compression_level=0.67)
    late = np.concatenate([np.zeros(13_230, np.float32), songs[0]])

    for copy in (measure_file(tmp_path / "a.mp3").fingerprint, print_of(late, 44_100)):
        ((place, gap),) = matches(copy, prints)
        assert place == 0
        assert gap < 4.0
    apart = distances(prints[0], prints[1:])
    assert apart.min() > 6.0
    assert matches(prints[0], prints)[0] == (0, 0.0)


def test_a_fingerprint_is_small_and_of_another_length_is_another_song() -> None:
    mel, chroma = np.zeros((96, 200), np.float32), np.ones((12, 50), np.float32)

    one, longer = fingerprint(mel, chroma, 60.0), fingerprint(mel, chroma, 65.0)

    assert len(one) == SIZE <= 1000
    assert distance(one, fingerprint(mel, chroma, 61.0)) == 0.0
    assert distance(one, longer) == np.inf
    assert distances(one, [longer], any_length=True)[0] == 0.0
    assert distances(one, []).shape == (0,)
    assert fingerprint(mel, chroma, 1e9)[1:3] == b"\xff\xff"


@pytest.mark.parametrize("wrong", [b"", b"\1", b"\2" + b"\0" * (SIZE - 1)])
def test_what_is_no_fingerprint_is_refused(wrong: bytes) -> None:
    right = fingerprint(np.zeros((96, 200)), np.ones((12, 50)), 60.0)
    with pytest.raises(ValueError, match="not a fingerprint"):
        distance(right, wrong)


# --- The command ----------------------------------------------------------------------------------


def test_the_command_prints_a_line_for_each_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(tmp_path / "a.wav", music(), RATE)

    assert main(["measure", str(tmp_path / "a.wav"), str(tmp_path / "none.wav")]) == 1

    good, bad = map(json.loads, capsys.readouterr().out.splitlines())
    assert good["features"]["lufs"] < 0
    assert bad["reason"] == "missing"
