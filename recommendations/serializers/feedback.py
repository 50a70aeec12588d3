"""Ratings, plays and verdicts over the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from emotions.models import Emotion
from recommendations.models import Nudge, Play, Rating, Verdict

#: Said of every event that a device may have kept while it was offline.
AT_HELP = (
    "When it happened, for what was kept while offline; left out, now. The future counts as now, "
    "and what is older than 30 days as 30 days old."
)


class RatingSetSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField(required=False, help_text=AT_HELP)
    stars = serializers.IntegerField(min_value=1, max_value=5)
    list = serializers.UUIDField(
        required=False, allow_null=True, help_text="The list it was heard in; names the mood."
    )


class RatingSerializer(serializers.ModelSerializer[Rating]):
    song = serializers.UUIDField(source="song_id", read_only=True)
    list = serializers.UUIDField(source="song_list_id", read_only=True, allow_null=True)
    emotion = serializers.CharField(read_only=True, help_text="Empty when no list was named.")

    activity = serializers.CharField(read_only=True, help_text="As the list's.")
    private = serializers.BooleanField(
        read_only=True, help_text="Given in a private stretch: a note that no list reads."
    )

    class Meta:
        model = Rating
        fields = [
            "song",
            "stars",
            "emotion",
            "activity",
            "private",
            "list",
            "rated_at",
            "updated_at",
        ]
        read_only_fields = fields


class RatingClearSerializer(serializers.Serializer[Any]):
    """The query of taking a rating back."""

    at = serializers.DateTimeField(required=False, help_text=AT_HELP)


class PlayStartSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(
        required=False,
        help_text="Made by the device, so that a play told twice is one play.",
    )
    at = serializers.DateTimeField(required=False, help_text=AT_HELP)
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

    activity = serializers.CharField(read_only=True, help_text="As the list's.")
    private = serializers.BooleanField(
        read_only=True, help_text="Started in a private stretch: no list and no model reads it."
    )

    class Meta:
        model = Play
        fields = [
            "id",
            "song",
            "list",
            "position_s",
            "outcome",
            "activity",
            "private",
            "started_at",
        ]
        read_only_fields = fields


class NudgeSetSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Nudge.Kind.choices)
    list = serializers.UUIDField(
        required=False, allow_null=True, help_text="The list it is said in; names the mood."
    )


class NudgeSerializer(serializers.ModelSerializer[Nudge]):
    song = serializers.UUIDField(source="song_id", read_only=True)
    list = serializers.UUIDField(source="song_list_id", read_only=True, allow_null=True)
    kind = serializers.ChoiceField(choices=Nudge.Kind.choices, read_only=True)
    emotion = serializers.CharField(read_only=True, help_text="Empty when no list was named.")
    private = serializers.BooleanField(
        read_only=True, help_text="Said in a private stretch: it counts while that runs."
    )

    class Meta:
        model = Nudge
        fields = ["id", "song", "kind", "emotion", "private", "list", "created_at"]
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
