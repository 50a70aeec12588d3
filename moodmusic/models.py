"""Signs of life: what each worker process last said of itself."""

from __future__ import annotations

from django.db import models


class WorkerBeat(models.Model):
    """One row per worker process, written by that worker every few seconds.

    A row in the database, because a cache in memory is private to its process.
    """

    class Role(models.TextChoices):
        DEFAULT = "default"
        INFERENCE = "inference"
        ANALYSIS = "analysis"

    name = models.CharField(max_length=200, unique=True)
    role = models.CharField(max_length=9, choices=Role)
    #: What it is doing: "warming" while the network loads, "ready" after.
    detail = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.detail} at {self.at:%H:%M:%S}"
