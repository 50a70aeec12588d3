"""Lists and feedback over the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.serializers import SongSerializer
from emotions.models import Emotion
from recommendations.favourites import OFFERED
from recommendations.models import Goal, ListItem, Play, Rating, SongList, Verdict
from recommendations.selectors import list_items
from recommendations.services.lists import LEAST_SIZE, MOST_SIZE, SIZE
from recommendations.services.private import LEAST_MINUTES, MINUTES, MOST_MINUTES


class PartsSerializer(serializers.Serializer[Any]):
    """The parts of a score; they sum to it."""

    mood = serializers.FloatField(help_text="Agreement with the mood and goal.")
    collaborative = serializers.FloatField(help_text="What listeners of like taste want.")
    taste = serializers.FloatField(help_text="This listener's own ratings, plays and verdicts.")
    fresh = serializers.FloatField(
        help_text="0 or less: heard today, or shown in this mood lately."
    )
    explore = serializers.FloatField(
        default=0.0,  # lists made before songs were tried out
        help_text="0 or more: what a song that is tried out needed to come into the list.",
    )


class VerdictSerializer(serializers.ModelSerializer[Verdict]):
    song = serializers.UUIDField(source="song_id", read_only=True)
    list = serializers.UUIDField(source="song_list_id", read_only=True, allow_null=True)
    kind = serializers.ChoiceField(choices=Verdict.Kind.choices, read_only=True)
    emotion = serializers.CharField(read_only=True, help_text="Empty when it holds in any mood.")
    right_emotion = serializers.CharField(
        read_only=True, help_text="What a wrong mood really was; else empty."
    )
    private = serializers.BooleanField(
        read_only=True,
        help_text="Said in a private stretch: it hides the song, and teaches nothing.",
    )

    class Meta:
        model = Verdict
        fields = ["id", "song", "kind", "emotion", "right_emotion", "private", "list", "created_at"]
        read_only_fields = fields


class ListItemSerializer(serializers.ModelSerializer[ListItem]):
    song = SongSerializer(read_only=True)
    parts = PartsSerializer(read_only=True)
    my_stars = serializers.IntegerField(
        source="song.my_stars", allow_null=True, read_only=True, min_value=1, max_value=5
    )
    my_verdicts = serializers.SerializerMethodField(
        help_text="Those that leave the song out of such lists now; a wrong mood leaves none out."
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
        ]
        read_only_fields = fields

    @extend_schema_field(VerdictSerializer(many=True))
    def get_my_verdicts(self, item: ListItem) -> Any:
        return VerdictSerializer(item.song.my_verdicts, many=True).data  # type: ignore[attr-defined]


class ListSummarySerializer(serializers.ModelSerializer[SongList]):
    """A list without its songs."""

    reading = serializers.UUIDField(source="reading_id", read_only=True)
    emotion = serializers.ChoiceField(choices=Emotion.choices, read_only=True)
    goal = serializers.ChoiceField(choices=Goal.choices, read_only=True)
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
            "valence",
            "arousal",
            "model",
            "collaborative_weight",
            "new_percent",
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


class ListMakeSerializer(serializers.Serializer[Any]):
    reading = serializers.UUIDField()
    goal = serializers.ChoiceField(choices=Goal.choices)
    journey = serializers.BooleanField(
        default=False,
        required=False,
        help_text="Lead from the mood read to the goal, song by song, instead of starting there.",
    )
    size = serializers.IntegerField(
        min_value=LEAST_SIZE, max_value=MOST_SIZE, default=SIZE, required=False
    )


class FavouritesSerializer(serializers.Serializer[Any]):
    """Names of artists and genres."""

    artists = serializers.ListField(
        child=serializers.CharField(max_length=200), default=list, max_length=OFFERED
    )
    genres = serializers.ListField(
        child=serializers.CharField(max_length=60), default=list, max_length=OFFERED
    )


class ListWishesSerializer(serializers.Serializer[Any]):
    new_percent = serializers.IntegerField(
        min_value=0,
        max_value=100,
        allow_null=True,
        default=None,
        help_text="Percent of songs that are new to me; null leaves it to the scores.",
    )
    familiar_first = serializers.BooleanField(
        default=False, help_text="Songs I know first, those I play most before the others."
    )


class RatingSetSerializer(serializers.Serializer[Any]):
    stars = serializers.IntegerField(min_value=1, max_value=5)
    list = serializers.UUIDField(
        required=False, allow_null=True, help_text="The list it was heard in; names the mood."
    )


class RatingSerializer(serializers.ModelSerializer[Rating]):
    song = serializers.UUIDField(source="song_id", read_only=True)
    list = serializers.UUIDField(source="song_list_id", read_only=True, allow_null=True)
    emotion = serializers.CharField(read_only=True, help_text="Empty when no list was named.")

    private = serializers.BooleanField(
        read_only=True, help_text="Given in a private stretch: a note that no list reads."
    )

    class Meta:
        model = Rating
        fields = ["song", "stars", "emotion", "private", "list", "updated_at"]
        read_only_fields = fields


class PlayStartSerializer(serializers.Serializer[Any]):
    song = serializers.UUIDField()
    list = serializers.UUIDField(required=False, allow_null=True)


class PlayUpdateSerializer(serializers.Serializer[Any]):
    position_s = serializers.FloatField(min_value=0, max_value=86_400, help_text="Seconds.")
    outcome = serializers.ChoiceField(
        choices=Play.Outcome.choices,
        required=False,
        help_text="How it ended, as the player sees it; the position has the last word.",
    )


class PlaySerializer(serializers.ModelSerializer[Play]):
    song = serializers.UUIDField(source="song_id", read_only=True)
    list = serializers.UUIDField(source="song_list_id", read_only=True, allow_null=True)
    outcome = serializers.ChoiceField(choices=Play.Outcome.choices, read_only=True)

    private = serializers.BooleanField(
        read_only=True, help_text="Started in a private stretch: no list and no model reads it."
    )

    class Meta:
        model = Play
        fields = ["id", "song", "list", "position_s", "outcome", "private", "started_at"]
        read_only_fields = fields


class VerdictSetSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Verdict.Kind.choices)
    list = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="Needed for not_for_this_mood and wrong_mood: it names the mood.",
    )
    right_emotion = serializers.ChoiceField(
        choices=Emotion.choices,
        required=False,
        help_text="With wrong_mood alone: which of the seven it really was.",
    )


class PrivateStartSerializer(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(
        min_value=LEAST_MINUTES, max_value=MOST_MINUTES, default=MINUTES, required=False
    )


class PrivateSerializer(serializers.Serializer[Any]):
    """The private stretch."""

    until = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When it ends; null when none is running."
    )
