"""`manage.py serve`: everything MoodMusic needs, in one command."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from moodmusic import preparation
from moodmusic.env import child_environment
from moodmusic.supervisor import Program, Supervisor
from moodmusic.watch import Watch

WEB_THREADS = 8
INFERENCE_THREADS = 4
#: glibc keeps a heap per thread, and in it the 16 MB that hashing a password takes each time;
#: with these, the web process stays about 70 MB smaller.
SMALL_HEAP = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "262144"}
#: Seconds a request may run on after SIGTERM: a song being streamed would go on for minutes.
WEB_GRACE_S = 2


class Command(BaseCommand):
    help = "Prepare and run web, workers and schedule until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, default=None, help="default: MOODMUSIC_PORT or 8000"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"] or settings.PORT
        if not 1 <= port <= 65535:
            raise CommandError("--port: use a whole number from 1 to 65535.")
        # While preparing, a signal simply ends us; nothing has been started yet.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))
        try:
            lock = preparation.claim_data_dir()
            preparation.check_port(port)
        except preparation.PreparationError as error:
            raise CommandError(str(error)) from error
        with lock:
            self._prepare()
            self._say("Starting ...")
            Supervisor(programs(port), Watch(port, self._say)).run()
        self._say("MoodMusic has stopped.")
        # Nothing is left to do, and on a busy machine the interpreter takes a second to say so.
        os._exit(0)

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _prepare(self) -> None:
        fetching = preparation.start_fetching_face_finder()
        preparation.prepare_database(self._say)
        preparation.prepare_static_files(self._say)
        preparation.prepare_catalogue(self._say)
        preparation.finish_fetching_face_finder(fetching, self._say)
        connections.close_all()


def programs(port: int) -> list[Program]:
    """The processes of one host: web, default worker with beat, inference and analysis workers.

    A worker's program has the name that its signs of life begin with.
    """
    python = sys.executable
    threads = str(min(INFERENCE_THREADS, os.cpu_count() or 1))
    environment = child_environment(
        MOODMUSIC_PORT=str(port),
        PYTHONUNBUFFERED="1",
        # ALS is far slower when OpenBLAS starts threads of its own.
        OPENBLAS_NUM_THREADS="1",
        # One face at a time cannot use more.
        OMP_NUM_THREADS=threads,
        TF_NUM_INTRAOP_THREADS=threads,
    )
    celery = [python, "-m", "celery", "-A", "moodmusic", "-q", "worker", "-l", "WARNING"]
    # Workers need not know of each other: rows, not workers, hold the state.
    celery += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    web = [python, "-m", "gunicorn", "moodmusic.wsgi", "--bind", f"127.0.0.1:{port}"]
    web += ["--worker-class", "gthread", "--threads", str(WEB_THREADS)]
    web += ["--workers", str(settings.WEB_WORKERS), "--graceful-timeout", str(WEB_GRACE_S)]
    web += ["--log-level", "warning", "--no-control-socket"]
    default = [*celery, "-Q", "default", "-n", "default@%h", "-P", "threads", "-c", "2", "-B"]
    started = [
        Program("web", web, {**environment, **SMALL_HEAP}),
        Program("default", default, environment, talks=False),
    ]
    for number in range(1, settings.INFERENCE_WORKERS + 1):
        # Solo, because a network loaded before a fork hangs every child of it; never with beat,
        # which would be forked from this process.
        name = f"inference-{number}"
        command = [*celery, "-Q", "inference", "-n", f"{name}@%h", "-P", "solo"]
        started.append(Program(name, command, environment, talks=False))
    for number in range(1, settings.ANALYSIS_WORKERS + 1):
        # Solo: it only waits for the child process in which files are measured.
        name = f"analysis-{number}"
        command = [*celery, "-Q", "analysis", "-n", f"{name}@%h", "-P", "solo"]
        started.append(Program(name, command, environment, talks=False))
    return started
