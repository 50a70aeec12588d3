"""What `serve` does before anything is served: database, static files, catalogue, face finder."""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

logger = logging.getLogger(__name__)

Say = Callable[[str], None]
#: Seconds that start-up waits for the face finder's file; offline it must not be slow.
FETCH_WAIT_S = 5.0


class PreparationError(Exception):
    """Something is in the way; the message says what and how to go on."""


def claim_data_dir() -> IO[str]:
    """Take the data directory for this process; it is free again when the file is closed.

    Raises
    ------
    PreparationError
        When another `serve` runs with the same directory.
    """
    lock = (settings.DATA_DIR / "serve.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise PreparationError(
            f"MoodMusic already runs with the data directory {settings.DATA_DIR}. "
            "Stop it first, or set MOODMUSIC_DATA_DIR to another folder."
        ) from None
    return lock


def check_port(port: int) -> None:
    """Raise PreparationError when the web server could not listen on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PreparationError(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Choose another one, e.g. MOODMUSIC_PORT={port + 1 if port < 65535 else 8000}."
            ) from error


def prepare_database(say: Say) -> None:
    """Apply outstanding migrations."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)


def prepare_static_files(say: Say) -> None:
    """Collect static files when any has changed since the last time."""
    stamp = settings.DATA_DIR / "static.stamp"
    state = _static_state()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if stamp.exists() and stamp.read_text() == state and manifest.exists():
        return
    say("Collecting the pages' files ...")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(state)


def _static_state() -> str:
    """A digest of names, sizes and times of all source files, and of the storage in use."""
    files = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            files.append([name, stat.st_size, stat.st_mtime_ns])
    state = json.dumps([settings.STORAGES["staticfiles"], sorted(files)])
    return hashlib.sha256(state.encode()).hexdigest()


def prepare_catalogue(say: Say) -> None:
    """Load the demo catalogue into an empty one."""
    from django.apps import apps

    if not apps.get_model("catalog", "Song").objects.exists():
        say("Loading the demo catalogue ...")
        call_command("load_demo", verbosity=0)


def start_fetching_face_finder() -> threading.Thread | None:
    """Begin to fetch YuNet where it is wanted and missing; None where there is nothing to do.

    Only the file of the default place is fetched: a path that was set is the owner's to fill.
    """
    path = settings.FACE_DETECTOR_MODEL
    if path.exists() or path.parent != settings.MODELS_DIR:
        return None

    def fetch() -> None:
        from ml.faces.fetch import fetch_yunet

        fetch_yunet(path)

    thread = threading.Thread(target=fetch, name="fetch-yunet", daemon=True)
    thread.start()
    return thread


def finish_fetching_face_finder(thread: threading.Thread | None, say: Say) -> None:
    """Wait a little for the fetch and say what will find faces if it did not come."""
    if thread is None:
        return
    thread.join(FETCH_WAIT_S)
    if not settings.FACE_DETECTOR_MODEL.exists():
        say("The YuNet face finder could not be fetched: using OpenCV's built-in face finder.")
