"""The embedded broker: a kombu transport whose queues are folders of small files.

Kombu's own filesystem transport opens a message under its final name and writes it afterwards, so
a reader may take a half-written file; its worker then dies. Here a message is written under a
temporary name and renamed, and taking one is an unlink, which succeeds for exactly one reader.

It serves one host. A message is gone once taken, even if its worker is killed: job rows, not
messages, are the truth, and the sweeper rings again.
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
import uuid
from collections import deque
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import virtual

logger = logging.getLogger(__name__)

#: Seconds between looks into a folder; half of it is the mean delay of a message.
POLLING_INTERVAL_S = 0.1
#: Seconds that one wait for messages lasts at most.
DRAIN_S = 0.5
#: Unreadable messages kept for a look; older ones are deleted.
BROKEN_KEPT = 50
#: Seconds after which a temporary file belongs to a writer that was killed.
PART_STALE_S = 3600

_QUEUE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*\Z")
_SUFFIX = ".json"
_PART = ".part"
_BROKEN = ".broken"


class Channel(virtual.Channel):
    """Puts and takes messages; exchanges and bindings live in the process, as in `memory://`.

    Broadcast is left out, and with it Celery's remote control, whose reply queues would leave
    files behind for every worker that ever ran.
    """

    supports_fanout = False

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        folder = connection.client.transport_options.get("folder")
        if not folder:
            raise ChannelError("The embedded broker needs the transport option 'folder'.")
        self.folder = Path(folder)
        self._seen: dict[str, deque[str]] = {}

    def _new_queue(self, queue: str, **kwargs: Any) -> None:
        path = self._path(queue)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _prune(path)

    def _path(self, queue: str) -> Path:
        if not _QUEUE_NAME.match(queue):
            raise ChannelError(f"Invalid queue name: {queue!r}")
        return self.folder / queue

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        """Publish atomically: readers see the whole message or none."""
        # The wall clock leads the name so that order survives a reboot.
        final = self._path(queue) / f"{time.time_ns():020d}-{uuid.uuid4().hex}{_SUFFIX}"
        part = final.with_suffix(_PART)
        data = json.dumps(message).encode()
        try:
            try:
                part.write_bytes(data)
            except FileNotFoundError:  # the folder was removed while we ran
                part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                part.write_bytes(data)
            part.rename(final)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise ChannelError(f"Cannot write a message to {final.parent}: {error}") from error

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        """Take the oldest message, or raise `queue.Empty`."""
        folder = self._path(queue)
        seen = self._seen.setdefault(queue, deque())
        # Names read by the last look come first: they are older than any name written since.
        while True:
            if not seen:
                seen.extend(_messages(folder))
                if not seen:
                    raise Empty
            path = folder / seen.popleft()
            with suppress(FileNotFoundError):  # another reader was faster: look at the next
                data = path.read_bytes()
                try:
                    message = json.loads(data)
                    if not isinstance(message, dict):
                        raise ValueError("not an object")
                except ValueError as error:
                    path.rename(path.with_suffix(_BROKEN))
                    logger.warning("moved an unreadable message aside: %s (%s)", path, error)
                    continue
                path.unlink()
                return message

    def _size(self, queue: str) -> int:
        return len(_messages(self._path(queue)))

    def _purge(self, queue: str) -> int:
        count = 0
        folder = self._path(queue)
        for name in _messages(folder):
            with suppress(FileNotFoundError):
                (folder / name).unlink()
                count += 1
        self._seen.pop(queue, None)
        return count

    def _delete(self, queue: str, *args: Any, **kwargs: Any) -> None:
        self._purge(queue)


class Transport(virtual.Transport):
    """`embedded://`; the transport option `folder` says where."""

    Channel = Channel
    polling_interval = POLLING_INTERVAL_S
    global_state = virtual.BrokerState()
    driver_type = "embedded"
    driver_name = "moodmusic.broker"
    implements = virtual.Transport.implements.extend(
        asynchronous=False, exchange_type=frozenset(["direct", "topic"])
    )

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.state = self.global_state

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """As usual, but return soon: Celery asks for 2 s, and obeys signals only in between."""
        super().drain_events(connection, timeout and min(timeout, DRAIN_S))

    def driver_version(self) -> str:
        return "1"


def _messages(folder: Path) -> list[str]:
    """Names of the whole messages in `folder`, oldest first."""
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(_SUFFIX))  # noqa: PTH208
    except FileNotFoundError:
        return []


def _prune(folder: Path) -> None:
    """Delete what killed writers left, and all but the newest unreadable messages."""
    stale_before = time.time() - PART_STALE_S
    for path in folder.glob(f"*{_PART}"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < stale_before:
                path.unlink()
    for path in sorted(folder.glob(f"*{_BROKEN}"))[:-BROKEN_KEPT]:
        path.unlink(missing_ok=True)
