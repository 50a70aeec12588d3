"""The situation that songs are heard in, beside the mood."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Activity(models.TextChoices):
    """What the listener does meanwhile, where the listener says so."""

    WORKING = "working", _("Working")
    EXERCISING = "exercising", _("Exercising")
    RELAXING = "relaxing", _("Relaxing")
    TRAVELLING = "travelling", _("On the way")
    SOCIAL = "social", _("With others")
    FALLING_ASLEEP = "falling_asleep", _("Falling asleep")


class DayPart(models.TextChoices):
    """A quarter of the listener's day: from midnight, 6, 12 and 18 o'clock."""

    NIGHT = "night"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
