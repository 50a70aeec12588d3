"""A small process supervisor: starts children, restarts dead ones, stops all, leaves no orphan.

It knows nothing of Django. Each child leads a session of its own, so a Ctrl-C in the terminal
reaches the supervisor alone, which then stops the children in order and in time.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

logger = logging.getLogger(__name__)

#: Seconds that children get to stop by themselves before they are killed. Whoever asks must see
#: everything gone within 5 s, on a busy machine too; what is killed at work is repaired later.
GRACE_S = 3.0
#: Seconds to wait for killed children to be gone.
REAP_S = 1.0
#: Seconds between looks at the children.
LOOK_S = 0.2
#: Back-off of restarts, seconds: the first one, and the most.
BACK_OFF_FIRST_S = 0.5
BACK_OFF_MOST_S = 30.0
#: A child that ran this long, in seconds, starts again with the first back-off.
STEADY_S = 30.0

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    """What to run."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    #: Whether its standard output is shown; its errors always are.
    talks: bool = True


class Child:
    """One program and the process that runs it now."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_at = 0.0
        self.back_off_s = BACK_OFF_FIRST_S

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            list(self.program.command),
            env=dict(self.program.environment),
            stdin=subprocess.DEVNULL,
            stdout=None if self.program.talks else subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent(os.getpid()),
        )

    def tend(self) -> None:
        """Notice a death, and start again when its back-off is over."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        # What it started itself (Celery's beat, gunicorn's workers) must not outlive it.
        self.signal_group(signal.SIGKILL)
        self.process = None
        if now - self.started_at >= STEADY_S:
            self.back_off_s = BACK_OFF_FIRST_S
        self.start_at = now + self.back_off_s
        logger.warning(
            "%s ended (%s); starting it again in %.1f s",
            self.program.name,
            _why(code),
            self.back_off_s,
        )
        self.back_off_s = min(self.back_off_s * 2, BACK_OFF_MOST_S)

    def restart(self, reason: str) -> None:
        """Kill a child that lives but does not work; `tend` starts it again."""
        logger.warning("%s: %s; restarting it", self.program.name, reason)
        self.signal_group(signal.SIGKILL)

    def uptime_s(self) -> float:
        """Seconds since it was started; 0 when it does not run."""
        return time.monotonic() - self.started_at if self.process else 0.0

    def signal(self, number: int) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)

    def signal_group(self, number: int) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """Runs programs until SIGTERM or SIGINT.

    `on_look` is called with the supervisor about five times a second while all is running, and
    must be quick.
    """

    def __init__(
        self, programs: Sequence[Program], on_look: Callable[[Supervisor], None] | None = None
    ) -> None:
        self.children = [Child(program) for program in programs]
        self._on_look = on_look
        self._stopping = False

    def run(self) -> None:
        """Start everything, tend it until a signal, then stop everything."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        try:
            while not self._stopping:
                for child in self.children:
                    if not self._stopping:
                        child.tend()
                if self._on_look and not self._stopping:
                    self._on_look(self)
                time.sleep(LOOK_S)
        finally:
            self.stop()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def stop(self) -> None:
        """SIGTERM to all, SIGKILL to whatever remains after `GRACE_S`."""
        running = [child for child in self.children if child.process]
        for child in running:
            child.signal(signal.SIGTERM)
        _wait(running, GRACE_S)
        for child in running:
            child.signal_group(signal.SIGKILL)
        _wait(running, REAP_S)
        for child in running:
            child.process = None


def _wait(children: Sequence[Child], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    for child in children:
        if child.process:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))


def _why(code: int) -> str:
    if code < 0:
        with suppress(ValueError):
            return f"killed by {signal.Signals(-code).name}"
    return f"exit status {code}"


def _die_with_parent(parent: int) -> Callable[[], None] | None:
    """A function for the child: be stopped by the kernel when the supervisor dies, even by -9."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return None

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(0)

    return ask
