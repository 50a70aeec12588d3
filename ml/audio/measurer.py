"""Measuring in a process of its own, so that a file which breaks a decoder breaks nothing else.

libsndfile and compiled code in librosa have both been seen to take their process with them. A
`Measurer` keeps one child process that reads paths and answers with numbers; a child that dies or
takes too long costs one file, and the next file gets a new child.
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import select
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from ml.audio.measures import Measured
from ml.audio.reading import AudioError

#: Seconds for one file, and for a child to load its libraries (compiling them, the first time).
LIMIT_S = 60.0
START_LIMIT_S = 240.0
#: Seconds without work after which a child ends and gives back its memory, about 250 MB.
IDLE_S = 60.0
#: Bytes of address space of a child; a file that makes a decoder ask for more is damaged.
MEMORY = 4 * 1024**3
_ROOT = Path(__file__).resolve().parents[2]


class Measurer:
    """Measures files one after another in a child process; safe to use from several threads.

    Parameters
    ----------
    limit_s, start_limit_s : seconds for one file, and for the child's start
    command : starts the child; given by tests
    """

    def __init__(
        self,
        *,
        limit_s: float = LIMIT_S,
        start_limit_s: float = START_LIMIT_S,
        command: list[str] | None = None,
    ) -> None:
        self._limit_s, self._start_limit_s = limit_s, start_limit_s
        self._command = command or [sys.executable, "-m", "ml.audio", "measure-files"]
        self._child: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self._lock = threading.Lock()

    def __enter__(self) -> Measurer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Of the child, None while there is none."""
        return None if self._child is None else self._child.pid

    def measure(self, path: str | os.PathLike[str]) -> Measured:
        """Measure one file; see `ml.audio.measures.measure_file`.

        Raises
        ------
        AudioError
            as `measure_file`; too_slow and crashed besides.
        """
        question = json.dumps({"path": str(Path(path).resolve())}).encode() + b"\n"
        with self._lock:
            answer = self._asked(question)
        if "reason" in answer:
            raise AudioError(answer["reason"], answer["detail"])
        return Measured.from_json(answer["measured"])

    def close(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            self._end()

    def _asked(self, question: bytes) -> dict[str, Any]:
        for last in (False, True):
            child = self._started()
            try:
                assert child.stdin is not None  # noqa: S101 (opened as a pipe)
                child.stdin.write(question)
                child.stdin.flush()
                return self._line(self._limit_s)
            except (BrokenPipeError, EOFError) as error:
                status = child.wait()
                self._end()
                # A child that had just ended for want of work is no crash.
                if status != 0 or last:
                    raise AudioError("crashed", _ended(status)) from error
            except TimeoutError as error:
                self._end()
                words = f"measuring took more than {self._limit_s:.0f} s"
                raise AudioError("too_slow", words) from error
        raise AssertionError("unreachable")

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
        self._child = subprocess.Popen(
            self._command,
            cwd=_ROOT,
            env={**os.environ, **threads},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._line(self._start_limit_s)
        except (EOFError, TimeoutError) as error:
            self._end()
            raise AudioError("crashed", "measuring could not be started") from error
        return self._child

    def _line(self, limit_s: float) -> dict[str, Any]:
        """The child's next line; EOFError when it has ended, TimeoutError when none comes."""
        assert self._child is not None  # noqa: S101
        assert self._child.stdout is not None  # noqa: S101
        handle, until = self._child.stdout.fileno(), time.monotonic() + limit_s
        while b"\n" not in self._unread:
            ready, _, _ = select.select([handle], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            some = os.read(handle, 65_536)
            if not some:
                raise EOFError
            self._unread += some
        line, _, self._unread = self._unread.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _end(self) -> None:
        child, self._child, self._unread = self._child, None, b""
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                _close(pipe)


def _close(pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError):  # an unsent question to a child that is gone
        pipe.close()


def _ended(status: int) -> str:
    return f"measuring ended by signal {-status}" if status < 0 else f"measuring ended ({status})"


# --- The child ------------------------------------------------------------------------------------


def serve(idle_s: float = IDLE_S) -> int:
    """Answer questions on standard input until it ends, or none comes for `idle_s`."""
    from ml.audio.measures import measure_file

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Whatever a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _warm_up()
    _say(answers, {"ready": True})
    unread = b""
    while True:
        while b"\n" not in unread:
            ready, _, _ = select.select([0], [], [], idle_s)
            some = os.read(0, 65_536) if ready else b""
            if not some:
                return 0
            unread += some
        line, _, unread = unread.partition(b"\n")
        try:
            _say(answers, {"measured": measure_file(json.loads(line)["path"]).as_json()})
        except AudioError as error:
            _say(answers, {"reason": error.reason, "detail": str(error)[:500]})
        except MemoryError:
            _say(answers, {"reason": "corrupt", "detail": "reading it needs too much memory"})
        except Exception as error:
            # An odd file must cost itself only, and its reason must be seen.
            _say(answers, {"reason": "crashed", "detail": f"{type(error).__name__}: {error}"[:500]})


def _say(answers: Any, value: dict[str, Any]) -> None:
    answers.write(json.dumps(value) + "\n")
    answers.flush()


def _warm_up() -> None:
    """Load the libraries. Numba's cache must not be filled by two processes at the same time."""
    import numpy as np

    from ml.audio.measures import measure_window
    from ml.audio.reading import Window

    with (Path(tempfile.gettempdir()) / f"moodmusic-numba-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        noise = np.random.default_rng(0).standard_normal((4 * 44_100, 1)).astype(np.float32)
        measure_window(Window(0.1 * noise, 44_100, 4.0))
