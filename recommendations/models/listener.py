"""What a listener sets: wishes for lists, favourites, and a private stretch."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models import Artist


class ListWishes(models.Model):
    """How a listener wants lists to be made; without a row, as the scores have it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="wishes")
    #: Percent of songs that the listener has not met; None leaves it to the scores.
    new_percent = models.PositiveSmallIntegerField(null=True)
    #: Known songs first, those played most often before the others.
    familiar_first = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "list wishes"
        constraints = [
            models.CheckConstraint(
                condition=Q(new_percent__isnull=True) | Q(new_percent__range=(0, 100)),
                name="new_percent_0_to_100",
            )
        ]

    def __str__(self) -> str:
        return f"wishes of {self.user_id}"


class Favourite(models.Model):
    """An artist or a genre that a listener named as a favourite, as a first taste."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourites")
    artist = models.ForeignKey(Artist, models.CASCADE, null=True, related_name="+")
    genre = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(artist=None) & ~Q(genre="") | Q(artist__isnull=False, genre=""),
                name="favourite_artist_or_genre",
            ),
            models.UniqueConstraint(fields=["user", "artist"], name="an_artist_named_once"),
            models.UniqueConstraint(
                fields=["user", "genre"], condition=~Q(genre=""), name="a_genre_named_once"
            ),
        ]

    def __str__(self) -> str:
        return f"favourite {self.genre or self.artist_id} of {self.user_id}"


class PrivateStretch(models.Model):
    """The time until which nothing is learnt from a listener; the latest one of each."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="private_stretch"
    )
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"private until {self.until}"
