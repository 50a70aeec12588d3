"""What the API tells of moods, songs, artists and albums."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from catalog.models import Album, Artist, HiddenArtist, Mood, Song
from moodmusic.templatetags.words import mood_name


class MoodSerializer(serializers.ModelSerializer[Mood]):
    class Meta:
        model = Mood
        fields = ["slug", "name", "valence", "arousal"]

    def to_representation(self, instance: Mood) -> dict[str, Any]:
        """With its name in the language of whoever asks; the slug is the same for all."""
        return {**super().to_representation(instance), "name": mood_name(instance.name)}


class AlbumNameSerializer(serializers.ModelSerializer[Album]):
    """The album a song is on."""

    class Meta:
        model = Album
        fields = ["id", "title"]
        read_only_fields = fields


class SongSerializer(serializers.ModelSerializer[Song]):
    """A song as listeners see it."""

    # Give it songs with `artist` and `album` selected and `moods` prefetched, or each costs three
    # queries more.
    artist = serializers.CharField(source="artist.name", read_only=True)
    artist_id = serializers.IntegerField(read_only=True)
    album = AlbumNameSerializer(read_only=True, allow_null=True)
    explicit = serializers.BooleanField(
        read_only=True, allow_null=True, help_text="null: nobody has said."
    )
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
            "artist_id",
            "album",
            "year",
            "genre",
            "language",
            "explicit",
            "duration_s",
            "moods",
            "licence",
            "credit",
            "audio",
        ]
        read_only_fields = fields

    def get_audio(self, song: Song) -> str | None:
        return reverse("api_song_audio", args=[song.pk]) if song.has_audio else None


class ArtistSerializer(serializers.ModelSerializer[Artist]):
    """An artist as one listener sees it."""

    hidden = serializers.BooleanField(
        source="put_away", read_only=True, help_text="You have hidden this artist."
    )

    class Meta:
        model = Artist
        fields = ["id", "name", "hidden"]
        read_only_fields = fields


class AlbumSerializer(serializers.ModelSerializer[Album]):
    """An album, with its artist."""

    artist = serializers.CharField(source="artist.name", read_only=True)
    artist_id = serializers.IntegerField(read_only=True)
    cover = serializers.SerializerMethodField(help_text="Path of the cover; null without one.")

    class Meta:
        model = Album
        fields = ["id", "title", "artist", "artist_id", "year", "cover"]
        read_only_fields = fields

    def get_cover(self, album: Album) -> str | None:
        return cover_address(album)


class ArtistDetailSerializer(ArtistSerializer):
    """An artist with albums; the songs are at /songs?artist_id=."""

    albums = AlbumSerializer(many=True, read_only=True, source="albums_shown")

    class Meta(ArtistSerializer.Meta):
        fields = ["id", "name", "hidden", "albums"]
        read_only_fields = fields


class TrackSerializer(SongSerializer):
    """A song on an album."""

    class Meta(SongSerializer.Meta):
        fields = ["track_number", *SongSerializer.Meta.fields]
        read_only_fields = fields


class AlbumDetailSerializer(AlbumSerializer):
    """An album with its songs in order."""

    songs = TrackSerializer(many=True, read_only=True, source="songs_shown")

    class Meta(AlbumSerializer.Meta):
        fields = [*AlbumSerializer.Meta.fields, "songs"]
        read_only_fields = fields


class HiddenArtistSerializer(serializers.ModelSerializer[HiddenArtist]):
    """An artist that a listener has hidden, and since when."""

    id = serializers.IntegerField(source="artist_id", read_only=True)
    name = serializers.CharField(source="artist.name", read_only=True)
    hidden_at = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = HiddenArtist
        fields: Any = ["id", "name", "hidden_at"]
        read_only_fields = fields


def cover_address(album: Album) -> str | None:
    """Where the album's cover is; None for an album without one."""
    return reverse("cover", args=[album.cover]) if album.cover else None
