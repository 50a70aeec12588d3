"""A child process measures: its death or slowness costs one file, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ml.audio.measurer import Measurer
from ml.audio.measures import measure_file
from ml.audio.reading import AudioError

#: A child that does as the file's name says.
CHILD = textwrap.dedent("""
    import json, os, signal, sys, time
    print('{"ready": true}', flush=True)
    for line in sys.stdin:
        path = json.loads(line)["path"]
        if "crash" in path:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "hang" in path:
            time.sleep(60)
        if "leave" in path:
            sys.exit(3)
        print(json.dumps({"reason": "silent", "detail": str(os.getpid())}), flush=True)
        if "last" in path:
            sys.exit(0)
""")


@pytest.fixture
def measurer():
    with Measurer(limit_s=1.0, command=[sys.executable, "-c", CHILD]) as found:
        yield found


def asked(measurer: Measurer, name: str) -> AudioError:
    with pytest.raises(AudioError) as caught:
        measurer.measure(name)
    return caught.value


@pytest.mark.parametrize(
    ("name", "reason", "words"),
    [
        ("crash.mp3", "crashed", "signal 11"),
        ("leave.mp3", "crashed", "ended (3)"),
        ("hang.mp3", "too_slow", "more than 1 s"),
    ],
)
def test_a_bad_file_costs_itself_and_the_next_gets_a_new_child(
    measurer: Measurer, name: str, reason: str, words: str
) -> None:
    first = str(asked(measurer, "a.mp3"))

    error = asked(measurer, name)

    assert error.reason == reason
    assert words in str(error)
    after = asked(measurer, "b.mp3")
    assert after.reason == "silent"
    assert str(after) != first


def test_one_child_measures_many_files(measurer: Measurer) -> None:
    assert len({str(asked(measurer, f"{n}.mp3")) for n in range(3)}) == 1


def test_a_child_that_left_for_want_of_work_is_replaced(measurer: Measurer) -> None:
    asked(measurer, "last.mp3")
    time.sleep(0.2)

    assert asked(measurer, "a.mp3").reason == "silent"


@pytest.mark.parametrize("code", ["raise SystemExit(1)", "import time; time.sleep(60)"])
def test_a_child_that_does_not_start_is_a_crash(code: str) -> None:
    with Measurer(start_limit_s=0.5, command=[sys.executable, "-c", code]) as found:
        error = asked(found, "a.mp3")

    assert error.reason == "crashed"
    assert "could not be started" in str(error)
    assert found.pid is None


def test_the_real_child_measures_as_this_process_would(tmp_path: Path) -> None:
    time_s = np.arange(4 * 22_050) / 22_050
    y = 0.2 * np.sin(2 * np.pi * 330 * time_s) * (time_s % 0.5 < 0.3)
    soundfile.write(tmp_path / "a b.wav", y, 22_050)
    (tmp_path / "bad.wav").write_bytes(b"RIFF")

    with Measurer() as found:
        assert asked(found, str(tmp_path / "bad.wav")).reason == "corrupt"
        measured = found.measure(tmp_path / "a b.wav")
        pid = found.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.3)
        assert found.measure(tmp_path / "a b.wav") == measured
        assert found.pid != pid

    here = measure_file(tmp_path / "a b.wav")
    assert measured.features == pytest.approx(here.features, abs=1e-5)
    assert measured.fingerprint == here.fingerprint


def test_the_real_child_ends_with_its_parent_or_for_want_of_work() -> None:
    command = [sys.executable, "-m", "ml.audio", "measure-files", "--idle"]
    child = subprocess.run(
        [*command, "60"], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120
    )
    assert (child.returncode, child.stdout) == (0, b'{"ready": true}\n')

    with subprocess.Popen([*command, "0.1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as idle:
        assert idle.wait(timeout=120) == 0
