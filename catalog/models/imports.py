"""Imports of folders and tables: how far they are, and what was wrong with their rows."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One import. This row, not the broker, says how far it is and whether somebody is at it."""

    class Kind(models.TextChoices):
        FOLDER = "folder"
        TABLE = "table"

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=6, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: Path of the folder or file on this machine, and the name it is shown by.
    path = models.CharField(max_length=1000)
    name = models.CharField(max_length=200)
    #: How, {option: value}, as the command takes them.
    options = models.JSONField(default=dict, blank=True)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(auto_now_add=True)
    #: Files or rows in all (null while unknown), and looked at so far.
    total = models.PositiveIntegerField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    #: Why the whole failed, for people; "" while it has not.
    message = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class ImportProblem(models.Model):
    """One row or file of an import that could not be taken, or not as it is."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="problems")
    #: Number of the line, or path below the folder.
    place = models.CharField(max_length=1000)
    #: Stable code of the reason, and the reason for people.
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=500)

    class Meta:
        ordering = ["pk"]
        constraints = [
            # A resumed import meets the same row again.
            models.UniqueConstraint(fields=["run", "place", "code"], name="problem_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.detail}"
