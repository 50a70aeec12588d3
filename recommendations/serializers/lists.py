"""Lists over the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.serializers import SongSerializer
from emotions.models import Emotion
from recommendations.models import Activity, Goal, ListItem, SongList
from recommendations.selectors import list_items
from recommendations.serializers.feedback import NudgeSerializer, VerdictSerializer
from recommendations.services.lists import LEAST_SIZE, MOST_SIZE, SIZE
from recommendations.services.tails import MOST_PLAYED


class PartsSerializer(serializers.Serializer[Any]):
    """The parts of a score; they sum to it."""

    mood = serializers.FloatField(help_text="Agreement with the mood and goal.")
    collaborative = serializers.FloatField(
        help_text="What listeners of like taste want; what others like where no taste is known."
    )
    taste = serializers.FloatField(help_text="This listener's own ratings, plays and verdicts.")
    fresh = serializers.FloatField(
        help_text="0 or less: heard today, or shown in this mood lately."
    )
    explore = serializers.FloatField(
        default=0.0,  # lists made before songs were tried out
        help_text="0 or more: what a song that is tried out needed to come into the list.",
    )


class ListItemSerializer(serializers.ModelSerializer[ListItem]):
    song = SongSerializer(read_only=True)
    parts = PartsSerializer(read_only=True)
    reason = serializers.CharField(
        source="said", read_only=True, help_text="In the language of the request."
    )
    my_stars = serializers.IntegerField(
        source="song.my_stars", allow_null=True, read_only=True, min_value=1, max_value=5
    )
    my_verdicts = serializers.SerializerMethodField(
        help_text="Those that leave the song out of such lists now; a wrong mood leaves none out."
    )

    my_nudges = serializers.SerializerMethodField(
        help_text="What of it was asked for in lists of this mood, or in none: more, less now."
    )

    class Meta:
        model = ListItem
        fields = [
            "position",
            "song",
            "score",
            "parts",
            "reason",
            "propensity",
            "tried",
            "new",
            "my_stars",
            "my_verdicts",
            "my_nudges",
        ]
        read_only_fields = fields

    @extend_schema_field(VerdictSerializer(many=True))
    def get_my_verdicts(self, item: ListItem) -> Any:
        return VerdictSerializer(item.song.my_verdicts, many=True).data  # type: ignore[attr-defined]

    @extend_schema_field(NudgeSerializer(many=True))
    def get_my_nudges(self, item: ListItem) -> Any:
        return NudgeSerializer(item.song.my_nudges, many=True).data  # type: ignore[attr-defined]


class ListSummarySerializer(serializers.ModelSerializer[SongList]):
    """A list without its songs."""

    reading = serializers.UUIDField(source="reading_id", read_only=True)
    emotion = serializers.ChoiceField(choices=Emotion.choices, read_only=True)
    goal = serializers.ChoiceField(choices=Goal.choices, read_only=True)
    activity = serializers.CharField(
        read_only=True, help_text="What the listener was doing; empty where they did not say."
    )
    daypart = serializers.CharField(
        read_only=True,
        help_text="Time of day in the server's time zone: night, morning, afternoon or evening.",
    )
    began_as = serializers.UUIDField(
        source="began_as_id",
        read_only=True,
        allow_null=True,
        help_text="The list whose rest was ranked anew; null for one that is no tail.",
    )
    model = serializers.IntegerField(
        source="model.number",
        default=None,
        allow_null=True,
        read_only=True,
        help_text="Number of the collaborative model used; null without one.",
    )

    class Meta:
        model = SongList
        fields = [
            "id",
            "reading",
            "emotion",
            "goal",
            "journey",
            "activity",
            "daypart",
            "valence",
            "arousal",
            "model",
            "collaborative_weight",
            "new_percent",
            "began_as",
            "created_at",
        ]
        read_only_fields = fields


class ListSerializer(ListSummarySerializer):
    """A list with its songs."""

    items = serializers.SerializerMethodField()

    class Meta(ListSummarySerializer.Meta):
        fields = [*ListSummarySerializer.Meta.fields, "items"]
        read_only_fields = fields

    @extend_schema_field(ListItemSerializer(many=True))
    def get_items(self, song_list: SongList) -> Any:
        return ListItemSerializer(list_items(song_list), many=True, context=self.context).data


class TailMakeSerializer(serializers.Serializer[Any]):
    played = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=MOST_PLAYED,
        default=list,
        required=False,
        help_text="Songs heard or playing, in order: kept in front, and not chosen again.",
    )
    reading = serializers.UUIDField(
        required=False, allow_null=True, help_text="A newer reading of mine to follow."
    )


class ListMakeSerializer(serializers.Serializer[Any]):
    reading = serializers.UUIDField()
    goal = serializers.ChoiceField(choices=Goal.choices)
    journey = serializers.BooleanField(
        default=False,
        required=False,
        help_text="Lead from the mood read to the goal, song by song, instead of starting there.",
    )
    activity = serializers.ChoiceField(
        choices=Activity.choices,
        allow_blank=True,
        default="",
        required=False,
        help_text="What I am doing, if I want lists to learn from it; ignored where the operator "
        "has turned it off.",
    )
    size = serializers.IntegerField(
        min_value=LEAST_SIZE, max_value=MOST_SIZE, default=SIZE, required=False
    )
