"""What one listener wants of the catalogue."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from catalog.models.songs import Artist


class HiddenArtist(models.Model):
    """An artist a listener wants neither in lists nor in pages of the catalogue."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="hidden_artists"
    )
    artist = models.ForeignKey(Artist, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "artist"], name="hidden_artist_once")
        ]

    def __str__(self) -> str:
        return str(self.artist)
