"""Audio files of songs, and the measuring of them."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models

from catalog.models.songs import Song


class AudioFile(models.Model):
    """A file with a song's audio; a song has several where a library holds copies of it."""

    song = models.ForeignKey(Song, models.CASCADE, related_name="files")
    #: Absolute where the file stays in its place; relative to settings.MUSIC_DIR where it was
    #: copied.
    path = models.CharField(max_length=1000, unique=True)
    copied = models.BooleanField(default=False)
    #: Of a copy: the printable path it was copied from; "" where the file stays in its place.
    source = models.CharField(max_length=1000, blank=True, db_index=True)
    #: As of the last look at the file, of a copy at its source; another size or time means another
    #: content.
    size = models.PositiveBigIntegerField()
    modified_ns = models.BigIntegerField()
    #: Hexadecimal SHA-256 of the content.
    digest = models.CharField(max_length=64, db_index=True)
    content_type = models.CharField(max_length=40)
    duration_s = models.FloatField(null=True, blank=True)
    sample_rate = models.PositiveIntegerField(null=True, blank=True)
    channels = models.PositiveSmallIntegerField(null=True, blank=True)
    bitrate_kbps = models.FloatField(null=True, blank=True)
    #: Of the sound, see ml.audio.fingerprint; null while unmeasured.
    fingerprint = models.BinaryField(null=True, blank=True)
    #: Since when the file was not where it should be; null while it is.
    missing_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.path

    @property
    def location(self) -> Path:
        """Where the file is, absolute."""
        return Path(settings.MUSIC_DIR) / self.path if self.copied else Path(self.path)


class Analysis(models.Model):
    """The measuring of a file. This row, not the broker, is the queue's truth."""

    class State(models.TextChoices):
        PENDING = "pending"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.OneToOneField(AudioFile, models.CASCADE, related_name="analysis")
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(auto_now_add=True)
    #: Why it failed: a code of catalog.analysis.REASONS.
    reason = models.CharField(max_length=20, blank=True)
    #: Of ml.audio's measures; an older one is measured anew.
    version = models.PositiveSmallIntegerField(default=0)
    #: All that was measured, {name: number or list of numbers}; a song's features are part of it.
    measured = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "analyses"
        indexes = [models.Index(fields=["state", "rung_at"], name="analysis_by_state")]

    def __str__(self) -> str:
        return self.state
