"""`manage.py doctor`: what is in force and how it is doing, for people who ask for help."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from moodmusic import beats, health
from moodmusic.models import WorkerBeat

PACKAGES = ("Django", "celery", "tensorflow", "keras", "opencv-python-headless", "implicit")


def without_password(url: str) -> str:
    """`url` as it may be shown to others."""
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@") if password else url


class Command(BaseCommand):
    help = "Print versions, settings, checks, queue depth and signs of life. Changes nothing."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self._line("Python", f"{platform.python_version()} on {platform.platform()}", "Python ")
        for package in PACKAGES:
            self._line(package, version(package))
        self._line("Address", settings.URL)
        self._line("Data directory", settings.DATA_DIR)
        self._line("Database", without_password(settings.DATABASE_URL))
        self._line("Broker", without_password(settings.BROKER_URL))
        self._line("Cache", without_password(settings.CACHE_URL))
        yunet = settings.FACE_DETECTOR_MODEL.is_file()
        self._line("Face finder", "YuNet" if yunet else "OpenCV's built-in (Haar)")
        self._state()
        found = checks.run_checks(include_deployment_checks=False)
        for message in found:
            self.stdout.write(str(message))
        self._line("Checks", f"{len(found)} remarks" if found else "all well")
        if any(message.is_serious() for message in found):
            sys.exit(1)

    def _line(self, name: str, value: object, prefix: str = "") -> None:
        self.stdout.write(f"{name:<24} {prefix}{value}")

    def _state(self) -> None:
        try:
            state = health.readiness()
            depth = health.queue_depth()
            seen = list(WorkerBeat.objects.order_by("name"))
        except DatabaseError as error:
            self._line("State", f"the database cannot be asked: {error}")
            return
        self._line("Songs", state["catalogue"])
        self._line("Captures", ", ".join(f"{name} {count}" for name, count in depth.items()))
        for beat in seen:
            self._line(beat.name, f"{beat.detail}, {beats.beat_age_s(beat):.0f} s ago")
        self._line("Ready", "yes" if state["ready"] else " ".join(state["reasons"]))
