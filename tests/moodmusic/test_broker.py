"""The embedded broker under many writers and readers, broken files and half-written ones."""

from __future__ import annotations

import logging
import multiprocessing
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

import moodmusic.celery  # noqa: F401 - registers embedded://
from moodmusic.broker import BROKEN_KEPT, PART_STALE_S

PRODUCERS, CONSUMERS, EACH = 3, 3, 300


def connect(folder: Path) -> Connection:
    return Connection("embedded://", transport_options={"folder": str(folder)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "broker"


@pytest.fixture
def queue(folder: Path) -> Iterator[Any]:
    with connect(folder) as connection:
        yield connection.SimpleQueue("bells")


def produce(folder: Path, producer: int) -> None:
    with connect(folder) as connection:
        queue = connection.SimpleQueue("bells")
        for number in range(EACH):
            queue.put({"from": producer, "number": number, "padding": "x" * 5000})


def consume(folder: Path, log: Path, stop: Any) -> None:
    with connect(folder) as connection, log.open("w") as lines:
        queue = connection.SimpleQueue("bells")
        while True:
            try:
                message = queue.get(timeout=0.3)
            except queue.Empty:
                if stop.is_set():
                    return
                continue
            lines.write(f"{message.payload['from']}-{message.payload['number']}\n")
            message.ack()


@pytest.mark.stack
def test_three_producers_and_three_consumers_lose_and_double_nothing(
    folder: Path, tmp_path: Path
) -> None:
    spawn = multiprocessing.get_context("spawn")
    stop = spawn.Event()
    logs = [tmp_path / f"consumer-{number}" for number in range(CONSUMERS)]
    consumers = [spawn.Process(target=consume, args=(folder, log, stop)) for log in logs]
    producers = [spawn.Process(target=produce, args=(folder, n)) for n in range(PRODUCERS)]
    for process in consumers + producers:
        process.start()
    for process in producers:
        process.join(60)
    stop.set()
    for process in consumers:
        process.join(60)

    assert [process.exitcode for process in consumers + producers] == [0] * 6
    taken = [line for log in logs for line in log.read_text().splitlines()]
    assert len(taken) == PRODUCERS * EACH
    assert set(taken) == {f"{p}-{n}" for p in range(PRODUCERS) for n in range(EACH)}
    assert list(folder.rglob("*.*")) == []


def test_messages_come_in_the_order_they_were_sent(queue: Any) -> None:
    for number in range(20):
        queue.put(number)

    assert [queue.get(timeout=1).payload for _ in range(20)] == list(range(20))


def test_names_lead_with_the_wall_clock(folder: Path, queue: Any) -> None:
    before = time.time_ns()
    queue.put("now")

    (path,) = (folder / "bells").iterdir()
    assert before <= int(path.name.split("-")[0]) <= time.time_ns()


def test_a_half_written_message_is_never_read(folder: Path, queue: Any) -> None:
    # Given a writer that is still writing, as `_put` does, under the temporary name
    queue.put("whole")
    (whole,) = (folder / "bells").iterdir()
    part = whole.with_name("0" + whole.name[1:]).with_suffix(".part")
    part.write_text('{"body": "hal')

    assert queue.get(timeout=1).payload == "whole"
    with pytest.raises(queue.Empty):
        queue.get(timeout=0.2)
    assert part.exists()


@pytest.mark.parametrize("content", [b"", b'{"body": "torn', b"\xff\xfe\x00", b"[1]", b"null"])
def test_a_corrupt_message_is_moved_aside_and_the_next_one_read(
    folder: Path, queue: Any, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    queue.put("good")
    (folder / "bells" / "00000000000000000001-corrupt.json").write_bytes(content)

    with caplog.at_level(logging.WARNING, logger="moodmusic.broker"):
        assert queue.get(timeout=1).payload == "good"

    assert "moved an unreadable message aside" in caplog.text
    assert (folder / "bells" / "00000000000000000001-corrupt.broken").read_bytes() == content


def test_what_killed_writers_left_is_pruned(folder: Path) -> None:
    # Given an old and a new temporary file and too many broken messages
    home = folder / "bells"
    home.mkdir(parents=True)
    (home / "old.part").touch()
    import os

    stale = time.time() - PART_STALE_S - 60
    os.utime(home / "old.part", (stale, stale))
    (home / "new.part").touch()
    for number in range(BROKEN_KEPT + 5):
        (home / f"{number:03d}.broken").touch()

    # When a process opens the queue
    with connect(folder) as connection:
        connection.SimpleQueue("bells").close()

    names = sorted(path.name for path in home.iterdir())
    assert names == [*(f"{n:03d}.broken" for n in range(5, BROKEN_KEPT + 5)), "new.part"]


def test_an_unacknowledged_message_goes_back_when_the_worker_stops(folder: Path) -> None:
    with connect(folder) as connection:
        queue = connection.SimpleQueue("bells")
        queue.put("again")
        queue.get(timeout=1)  # and never acknowledged

    with connect(folder) as connection:
        message = connection.SimpleQueue("bells").get(timeout=1)
    assert message.payload == "again"
    assert message.delivery_info["routing_key"] == "bells"


def test_size_and_purge_count_whole_messages(queue: Any) -> None:
    for number in range(3):
        queue.put(number)

    assert queue.qsize() == 3
    assert queue.clear() == 3
    assert queue.qsize() == 0


def test_a_folder_that_vanished_is_made_again(folder: Path, queue: Any) -> None:
    import shutil

    shutil.rmtree(folder)
    queue.put("still")

    assert queue.get(timeout=1).payload == "still"


def test_a_disk_that_refuses_is_an_error_of_the_broker(folder: Path, queue: Any) -> None:
    import shutil

    shutil.rmtree(folder)
    folder.write_text("a file where the folder was")

    with pytest.raises(ChannelError, match=re.escape(str(folder))):
        queue.put("lost")


def test_no_folder_given_is_said_at_once() -> None:
    with pytest.raises(ChannelError, match="folder"), Connection("embedded://") as connection:
        connection.connect()


def test_a_queue_name_cannot_leave_the_folder(folder: Path) -> None:
    with connect(folder) as connection, pytest.raises(ChannelError, match="Invalid queue name"):
        connection.SimpleQueue("../outside")
