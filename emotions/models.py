"""Captures (attempts to read a face) and readings (what we believe about the listener's mood)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

#: Characters of a note on a reading.
NOTE_MOST = 4000


class Emotion(models.TextChoices):
    """The seven emotions, in FER2013 order."""

    ANGRY = "angry"
    DISGUST = "disgust"
    FEAR = "fear"
    HAPPY = "happy"
    SAD = "sad"
    SURPRISE = "surprise"
    NEUTRAL = "neutral"


class LiveSession(models.Model):
    """A stretch of music in which the listener lets the camera follow their face."""

    class End(models.TextChoices):
        STOPPED = "stopped"
        TIME = "time"
        AWAY = "away"
        CONSENT = "consent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="live_sessions")
    #: Readings go on and the list stays.
    locked = models.BooleanField(default=False)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=7, choices=End, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-started_at"], name="live_by_user")]

    def __str__(self) -> str:
        return f"live session {self.pk}"


class Capture(models.Model):
    """One attempt to read a face. This row, not the broker, is the queue's truth."""

    class State(models.TextChoices):
        PENDING = "pending"
        RUNNING = "running"
        READ = "read"
        REFUSED = "refused"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="captures")
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    #: Why it was refused or failed: a code of emotions.reasons.ADVICE.
    reason = models.CharField(max_length=20, blank=True)
    frame_count = models.PositiveSmallIntegerField()
    #: The live session it was taken in; null for a picture taken on purpose.
    live = models.ForeignKey(
        LiveSession, models.SET_NULL, null=True, blank=True, related_name="captures"
    )
    #: Faces of comparable size in the frame read; more than one is told to the listener.
    faces_seen = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(auto_now_add=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    frames_deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # What the sweeper looks through every few seconds: unfinished captures and those whose
            # frames are still there. (SQLite uses no partial index for a state given as parameter.)
            models.Index(
                fields=["state"],
                name="capture_with_frames",
                condition=Q(frames_deleted_at=None),
            ),
            models.Index(fields=["user", "-created_at"], name="capture_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.state} capture {self.pk}"

    @property
    def finished(self) -> bool:
        return self.state in (self.State.READ, self.State.REFUSED, self.State.FAILED)


class Reading(models.Model):
    """What we believe about the listener's mood, and what the listener says of it."""

    class Source(models.TextChoices):
        FACE = "face"
        MANUAL = "manual"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="readings")
    capture = models.OneToOneField(
        Capture, models.SET_NULL, null=True, blank=True, related_name="reading"
    )
    source = models.CharField(max_length=6, choices=Source)
    #: The live session it was taken in; null for a reading the listener asked for.
    live = models.ForeignKey(
        LiveSession, models.SET_NULL, null=True, blank=True, related_name="readings"
    )
    #: {"angry": 0.01, ..., "neutral": 0.2}, summing to 1.
    probabilities = models.JSONField()
    #: The same for a face before the listener's own corrections moved it; null by hand.
    network_probabilities = models.JSONField(null=True, blank=True)
    #: How the face changed over several frames (`ml.emotion.burst.Change`); null for one frame.
    burst = models.JSONField(null=True, blank=True)
    #: Corrections of the listener that moved this reading.
    corrections_used = models.PositiveSmallIntegerField(default=0)
    valence = models.FloatField()
    arousal = models.FloatField()
    #: The likeliest emotion; `unsure` says whether we would stand by it.
    label = models.CharField(max_length=8, choices=Emotion)
    confidence = models.FloatField()
    unsure = models.BooleanField(default=False)
    model_version = models.CharField(max_length=12, blank=True)
    #: What the listener said instead; the original stays for calibration.
    corrected_to = models.CharField(max_length=8, choices=Emotion, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    #: The listener's own words about it, plain text; read by nobody else and by no model.
    note = models.CharField(max_length=NOTE_MOST, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="reading_by_user")]

    def __str__(self) -> str:
        return f"{self.emotion} ({self.source})"

    @property
    def emotion(self) -> str:
        """The emotion in force: the listener's word where there is one."""
        return self.corrected_to or self.label
