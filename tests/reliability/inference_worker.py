"""A real inference worker in a process of its own, whose reading of frames misbehaves on order.

    python -m tests.reliability.inference_worker hang|die|raise|smile MARKER

Everything but `read_frames` and the length of the lease is the product's: settings, embedded
broker, task, claim, database. Each reading appends a line to MARKER before it does its worst.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

#: Short enough for a test to see leases run out.
LEASE = timedelta(seconds=2)


def main(manner: str, marker: Path) -> None:
    """Serve the inference queue until killed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "moodmusic.settings"
    import django

    django.setup()
    from emotions import captures, inference
    from moodmusic.celery import app
    from tests.emotions.factories import SMILE_READ

    def read_frames(frames: list[bytes]) -> inference.Outcome:
        with marker.open("a") as handle:
            handle.write(f"{os.getpid()} {len(frames)}\n")
        if manner == "hang":
            time.sleep(600)
        if manner == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if manner == "raise":
            raise RuntimeError("this frame is poison")
        return SMILE_READ

    captures.read_frames = read_frames
    captures.LEASE = LEASE
    inference.warm_up = lambda: None
    app.worker_main(["worker", "-Q", "inference", "-P", "solo", "-l", "WARNING"])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
