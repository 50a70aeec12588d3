"""What an emotion and a goal ask for."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from emotions.models import Emotion


class Goal(models.TextChoices):
    """What the listener wants from the music."""

    MATCH = "match"
    LIFT = "lift"
    CALM = "calm"
    FOCUS = "focus"


#: A feature of almost all songs lies within so many standard deviations of the mean.
WISH_MOST = 3.0


def wishes_validate(wishes: object) -> None:
    """Refuse what is not {feature name: number of standard deviations}, naming the culprit."""
    if not isinstance(wishes, dict):
        raise ValidationError('Give an object of feature names and numbers: {"energy": -1}.')
    for name, value in wishes.items():
        if not name.strip():
            raise ValidationError("A feature has no name.")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError(f"{name}: give a number, in standard deviations from the mean.")
        if not 0 < abs(value) <= WISH_MOST:
            raise ValidationError(
                f"{name}: give a number from -{WISH_MOST:g} to {WISH_MOST:g}, and not 0; "
                "leave out a feature that does not matter."
            )


class Policy(models.Model):
    """The target that an emotion and a goal ask for; data an admin may edit.

    `wishes` are features of the sound that the goal prefers, in standard deviations above or below
    the catalogue's mean; a catalogue without a feature goes on without the wish.
    """

    emotion = models.CharField(max_length=8, choices=Emotion)
    goal = models.CharField(max_length=5, choices=Goal)
    valence = models.FloatField()
    arousal = models.FloatField()
    wishes = models.JSONField(
        default=dict,
        blank=True,
        validators=[wishes_validate],
        help_text='Sound that is preferred, e.g. {"instrumentalness": 1, "dynamic_range_db": -1}: '
        "standard deviations from the mean of the catalogue, -3 to 3. Songs and catalogues "
        "without the feature go on without it.",
    )

    class Meta:
        verbose_name_plural = "policies"
        ordering = ["emotion", "goal"]
        constraints = [
            models.UniqueConstraint(fields=["emotion", "goal"], name="one_target_each"),
            models.CheckConstraint(
                condition=Q(valence__range=(-1, 1), arousal__range=(-1, 1)),
                name="target_on_the_plane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.emotion}, {self.goal}"
