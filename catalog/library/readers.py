"""Several reading processes at work for one import, each file within its time."""

from __future__ import annotations

import json
import os
import queue
import select
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from catalog.library.reading import ReadFile
from catalog.library.refusals import Refused
from catalog.library.scan import Entry

HOME = Path(__file__).resolve().parents[2]
#: Seconds for a file's tags, and bytes a second that any disk gives for the rest of it.
PATIENCE_S, SLOWEST = 20.0, 4 * 1024 * 1024
MOST_PROCESSES = 4


class Reader:
    """One reading process; started when it is first needed, and anew after it was ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, entry: Entry, covers: Path | None) -> ReadFile | Refused:
        """What is in a file, or why it is refused."""
        process = self._running()
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        request = {"path": entry.path, "covers": str(covers) if covers else None}
        until = time.monotonic() + PATIENCE_S + entry.size / SLOWEST
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], until - time.monotonic())
            line = process.stdout.readline() if ready else b""
        except OSError:
            ready, line = [process.stdout], b""
        if not line:
            self.close()
            if ready:
                return Refused("damaged", "Reading it ended the process that did so.")
            return Refused("too_slow", "Reading it took too long, so it was left.")
        answer = json.loads(line)
        if "refused" in answer:
            return Refused(*answer["refused"])
        found = answer["file"]
        notes = tuple((code, detail) for code, detail in found.pop("notes"))
        return ReadFile(**found, notes=notes)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "catalog.library.reading"],
                cwd=HOME,
                env={"PYTHONUTF8": "1"},  # it needs no password to read music
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def close(self) -> None:
        """End the process, wherever it is."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was still to be written has no reader


class Readers:
    """As many readers as there are processors, at most four; a context manager."""

    def __init__(self, covers: Path | None) -> None:
        self._covers = covers
        count = min(MOST_PROCESSES, os.cpu_count() or 1)
        self._readers = [Reader() for _ in range(count)]
        self._free: queue.SimpleQueue[Reader] = queue.SimpleQueue()
        for reader in self._readers:
            self._free.put(reader)
        self._threads = ThreadPoolExecutor(count)

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        for reader in self._readers:
            reader.close()

    def read(self, entries: Iterable[Entry]) -> list[tuple[Entry, Future[ReadFile | Refused]]]:
        """Each file with what will be known of it: what is in it, or why it is refused."""
        return [(entry, self._threads.submit(self._one, entry)) for entry in entries]

    def _one(self, entry: Entry) -> ReadFile | Refused:
        reader = self._free.get()
        try:
            return reader.read(entry, self._covers)
        finally:
            self._free.put(reader)
