"""What is learnt from everyone's events, and the right to learn it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ModelVersion(models.Model):
    """One trained collaborative model; at most one is active."""

    number = models.PositiveIntegerField(unique=True)
    active = models.BooleanField(default=False)
    #: When it was last made active; never is what a trial found worse.
    activated_at = models.DateTimeField(null=True)
    #: Folder under settings.MODELS_DIR, with the sha256 of its manifest.
    artifact = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    users = models.PositiveIntegerField()
    songs = models.PositiveIntegerField()
    events = models.PositiveIntegerField()
    #: Time of the latest event the training saw.
    through = models.DateTimeField()
    metrics = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="one_active")
        ]

    def __str__(self) -> str:
        return f"model {self.number}"


class Lease(models.Model):
    """The right to do a job alone, until a time; whoever dies holding it loses it then."""

    job = models.CharField(max_length=20, unique=True)
    holder = models.UUIDField(null=True)
    until = models.DateTimeField(null=True)
    #: Events that came in since the job last began.
    waiting = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.job} until {self.until}"


class Taste(models.Model):
    """A listener's factors under the active model; always recomputable from the events."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="taste")
    model = models.ForeignKey(ModelVersion, models.CASCADE, null=True, related_name="+")
    #: Little-endian float32; empty while there is no model.
    factors = models.BinaryField(default=bytes)
    #: Events the factors know, and the time of the latest; a list compares them with the events.
    events = models.PositiveIntegerField(default=0)
    through = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"taste of {self.user_id}, version {self.version}"
