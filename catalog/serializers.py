"""What the API tells of moods and songs."""

from __future__ import annotations

from django.urls import reverse
from rest_framework import serializers

from catalog.models import Mood, Song


class MoodSerializer(serializers.ModelSerializer[Mood]):
    class Meta:
        model = Mood
        fields = ["slug", "name", "valence", "arousal"]


class SongSerializer(serializers.ModelSerializer[Song]):
    """A song as listeners see it."""

    # Give it songs with `artist` selected and `moods` prefetched, or each costs two queries more.
    artist = serializers.CharField(source="artist.name", read_only=True)
    moods = serializers.SlugRelatedField[Mood](many=True, read_only=True, slug_field="slug")
    duration_s = serializers.FloatField(help_text="Seconds.", read_only=True)
    audio = serializers.SerializerMethodField(
        help_text="Path of the audio on this server; null for a song without any."
    )

    class Meta:
        model = Song
        fields = [
            "id",
            "title",
            "artist",
            "genre",
            "duration_s",
            "moods",
            "licence",
            "credit",
            "audio",
        ]
        read_only_fields = fields

    def get_audio(self, song: Song) -> str | None:
        return reverse("api_song_audio", args=[song.pk]) if song.has_audio else None
