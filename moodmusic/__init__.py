"""The project package: settings, entry points and what every app shares."""

from moodmusic.celery import app as celery_app

__all__ = ["celery_app"]
