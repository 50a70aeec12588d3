"""The situation that songs are heard in, beside the mood."""

from __future__ import annotations

from django.db import models


class Activity(models.TextChoices):
    """What the listener does meanwhile, where the listener says so."""

    WORKING = "working", "Working"
    EXERCISING = "exercising", "Exercising"
    RELAXING = "relaxing", "Relaxing"
    TRAVELLING = "travelling", "On the way"
    SOCIAL = "social", "With others"
    FALLING_ASLEEP = "falling_asleep", "Falling asleep"


class DayPart(models.TextChoices):
    """A quarter of the day in the server's time zone: from midnight, 6, 12 and 18 o'clock."""

    NIGHT = "night"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
