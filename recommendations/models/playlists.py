"""Playlists: songs in an order that their listener chose."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from catalog.models import Song

#: Characters of a playlist's name and of its description.
LONGEST_NAME, LONGEST_DESCRIPTION = 80, 500


class Playlist(models.Model):
    """A listener's songs under a name; whoever has the link may look at it while one is given."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="playlists")
    name = models.CharField(max_length=LONGEST_NAME)
    description = models.CharField(max_length=LONGEST_DESCRIPTION, blank=True)
    #: Grows with every change of the songs or their order; an order is given for one version.
    version = models.PositiveIntegerField(default=1)
    #: The unguessable part of the link to it; null while it is not shared. Not hashed: whoever can
    #: read this row can read the playlist beside it, and its owner wants to copy the link again.
    share_token = models.CharField(max_length=43, null=True, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-updated_at"], name="playlist_by_user")]

    def __str__(self) -> str:
        return self.name


class PlaylistItem(models.Model):
    """A song at a place of a playlist. Places have gaps; only their order has a meaning."""

    playlist = models.ForeignKey(Playlist, models.CASCADE, related_name="items")
    song = models.ForeignKey(Song, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["playlist", "position"], name="one_item_a_place"),
            models.UniqueConstraint(fields=["playlist", "song"], name="a_song_once_a_playlist"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.song_id}"
