"""Playlists, favourites, most played songs and the history over the API."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.serializers import SongSerializer
from recommendations.library.selectors import PERIODS, playlist_items
from recommendations.models import Play, Playlist
from recommendations.models.playlists import LONGEST_DESCRIPTION, LONGEST_NAME


class PlaylistSummarySerializer(serializers.ModelSerializer[Playlist]):
    """A playlist without its songs."""

    songs = serializers.IntegerField(read_only=True, help_text="How many songs it has.")
    link = serializers.SerializerMethodField(
        help_text="Where anybody may look at it; null while it is not shared."
    )

    class Meta:
        model = Playlist
        fields = [
            "id",
            "name",
            "description",
            "songs",
            "version",
            "link",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_link(self, playlist: Playlist) -> str | None:
        if not playlist.share_token:
            return None
        path = reverse("shared_playlist", args=[playlist.share_token])
        return str(self.context["request"].build_absolute_uri(path))


class PlaylistSerializer(PlaylistSummarySerializer):
    """A playlist with its songs in order."""

    items = serializers.SerializerMethodField()

    class Meta(PlaylistSummarySerializer.Meta):
        fields = [*PlaylistSummarySerializer.Meta.fields, "items"]
        read_only_fields = fields

    @extend_schema_field(SongSerializer(many=True))
    def get_items(self, playlist: Playlist) -> Any:
        songs = [item.song for item in playlist_items(playlist)]
        return SongSerializer(songs, many=True, context=self.context).data


class PlaylistMakeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=LONGEST_NAME)
    description = serializers.CharField(
        max_length=LONGEST_DESCRIPTION, allow_blank=True, default="", required=False
    )
    list = serializers.UUIDField(
        required=False, allow_null=True, help_text="A list of mine whose songs it begins with."
    )


class PlaylistDescribeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=LONGEST_NAME, required=False)
    description = serializers.CharField(
        max_length=LONGEST_DESCRIPTION, allow_blank=True, required=False
    )


class PlaylistAddSerializer(serializers.Serializer[Any]):
    song = serializers.UUIDField()


class PlaylistOrderSerializer(serializers.Serializer[Any]):
    songs = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=1000,
        help_text="All its songs, in their new order.",
    )
    version = serializers.IntegerField(
        min_value=0, help_text="Of the playlist as it was when it was looked at."
    )


class PlaylistLinkSerializer(serializers.Serializer[Any]):
    link = serializers.URLField(read_only=True)


class FavouriteSongSerializer(serializers.Serializer[Any]):
    song = SongSerializer(read_only=True)
    stars = serializers.IntegerField(
        read_only=True, min_value=4, max_value=5, help_text="The most it got in any mood."
    )


class MostPlayedQuerySerializer(serializers.Serializer[Any]):
    period = serializers.ChoiceField(choices=list(PERIODS), default="month", required=False)


class MostPlayedSerializer(serializers.Serializer[Any]):
    song = SongSerializer(read_only=True)
    plays = serializers.IntegerField(read_only=True)
    last = serializers.DateTimeField(read_only=True, help_text="When it was last played.")


class HeardSerializer(serializers.ModelSerializer[Play]):
    """A play of the history with its song; null once the song is hidden."""

    song = serializers.SerializerMethodField()
    emotion = serializers.CharField(read_only=True, help_text="Of the list it was heard in.")
    outcome = serializers.ChoiceField(choices=Play.Outcome.choices, read_only=True)
    used = serializers.SerializerMethodField(help_text="Whether lists learn from it.")

    class Meta:
        model = Play
        fields = ["id", "song", "emotion", "outcome", "position_s", "used", "started_at"]
        read_only_fields = fields

    @extend_schema_field(SongSerializer(allow_null=True))
    def get_song(self, play: Play) -> Any:
        gone: bool = play.gone  # type: ignore[attr-defined]
        return None if gone else SongSerializer(play.song, context=self.context).data

    def get_used(self, play: Play) -> bool:
        return not play.private


class HistoryQuerySerializer(serializers.Serializer[Any]):
    after = serializers.UUIDField(
        required=False, help_text="Of a play: what was played before it; from `after` of a page."
    )


class HistorySerializer(serializers.Serializer[Any]):
    plays = HeardSerializer(many=True, read_only=True)
    after = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="Asks for the next page; null on the last."
    )
