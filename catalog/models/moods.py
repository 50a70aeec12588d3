"""The moods that songs have, and the catalogue's revision."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Mood(models.Model):
    """A mood of songs, with its point on the circumplex; admins may add more."""

    slug = models.SlugField(unique=True, max_length=30)
    name = models.CharField(max_length=40)
    valence = models.FloatField(help_text="-1 (unpleasant) to 1 (pleasant)")
    arousal = models.FloatField(help_text="-1 (calm) to 1 (excited)")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valence__range=(-1, 1), arousal__range=(-1, 1)),
                name="mood_on_the_plane",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Revision(models.Model):
    """A single row that counts changes to the catalogue, so that caches reload what changed."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
