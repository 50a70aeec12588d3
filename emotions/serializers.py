"""Shapes of the capture and reading endpoints."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from emotions.models import Capture, Emotion, Reading
from emotions.reasons import advice_of, title_of
from emotions.uploads import MAX_FRAMES


class ProbabilitiesSerializer(serializers.Serializer[Any]):
    """One probability for each emotion, summing to 1."""

    angry = serializers.FloatField(min_value=0, max_value=1)
    disgust = serializers.FloatField(min_value=0, max_value=1)
    fear = serializers.FloatField(min_value=0, max_value=1)
    happy = serializers.FloatField(min_value=0, max_value=1)
    sad = serializers.FloatField(min_value=0, max_value=1)
    surprise = serializers.FloatField(min_value=0, max_value=1)
    neutral = serializers.FloatField(min_value=0, max_value=1)


class MomentSerializer(serializers.Serializer[Any]):
    """One frame of a burst."""

    frame = serializers.IntegerField(min_value=0, help_text="Its place among those sent, from 0.")
    label = serializers.ChoiceField(choices=Emotion.choices)  # type: ignore[assignment]
    probabilities = ProbabilitiesSerializer()


class BurstSerializer(serializers.Serializer[Any]):
    """How the expression changed over the frames, before corrections moved the reading."""

    frames = serializers.IntegerField(min_value=2, help_text="Frames that showed a usable face.")
    change = serializers.FloatField(
        min_value=0, max_value=1, help_text="0: onset and apex alike; 1: nothing in common."
    )
    onset = MomentSerializer(help_text="The calmest frame.")
    apex = MomentSerializer(help_text="The frame farthest from it.")


class ReadingSerializer(serializers.ModelSerializer[Reading]):
    """What we believe about the listener's mood, and what the listener says of it."""

    emotion = serializers.ChoiceField(
        choices=Emotion.choices,
        read_only=True,
        help_text="What counts: the listener's correction, or else `label`.",
    )
    probabilities = ProbabilitiesSerializer(read_only=True)
    network_probabilities = ProbabilitiesSerializer(
        read_only=True,
        allow_null=True,
        help_text="Of a face: what the network alone said, before earlier corrections moved it.",
    )
    burst = BurstSerializer(
        read_only=True, allow_null=True, help_text="Null for a single frame, and by hand."
    )
    live = serializers.UUIDField(
        source="live_id",
        read_only=True,
        allow_null=True,
        help_text="The live session it was taken in; null where the listener asked for it.",
    )
    corrected_to = serializers.SerializerMethodField()

    class Meta:
        model = Reading
        fields = (
            "id",
            "source",
            "live",
            "emotion",
            "label",
            "confidence",
            "unsure",
            "probabilities",
            "network_probabilities",
            "corrections_used",
            "burst",
            "valence",
            "arousal",
            "model_version",
            "corrected_to",
            "corrected_at",
            "created_at",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=Emotion.choices, allow_null=True))
    def get_corrected_to(self, reading: Reading) -> str | None:
        return reading.corrected_to or None


class CaptureSerializer(serializers.ModelSerializer[Capture]):
    """One attempt to read a face. Poll until `state` is read, refused or failed."""

    title = serializers.SerializerMethodField(help_text="The reason in a few words, or empty.")
    advice = serializers.SerializerMethodField(help_text="What the listener can do, or empty.")
    reading = ReadingSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Capture
        fields = (
            "id",
            "state",
            "reason",
            "title",
            "advice",
            "faces_seen",
            "reading",
            "created_at",
            "finished_at",
        )
        read_only_fields = fields

    def get_title(self, capture: Capture) -> str:
        return title_of(capture.reason)

    def get_advice(self, capture: Capture) -> str:
        return advice_of(capture.reason)


class FramesSerializer(serializers.Serializer[Any]):
    """The form of a capture, for the schema only: `emotions.uploads` reads the files."""

    frames = serializers.ListField(
        child=serializers.FileField(),
        min_length=1,
        max_length=MAX_FRAMES,
        help_text="JPEG, PNG or WebP, at most 8 MB and 25 million pixels each.",
    )
    live = serializers.UUIDField(
        required=False, help_text="The running live session it is part of (`POST /live`)."
    )


class EmotionSerializer(serializers.Serializer[Any]):
    """An emotion in the listener's own word."""

    emotion = serializers.ChoiceField(choices=Emotion.choices)


class HandSerializer(serializers.Serializer[Any]):
    """A mood by hand: an emotion, or a point of the plane."""

    emotion = serializers.ChoiceField(choices=Emotion.choices, required=False)
    valence = serializers.FloatField(
        min_value=-1, max_value=1, required=False, help_text="From unpleasant to pleasant."
    )
    arousal = serializers.FloatField(
        min_value=-1, max_value=1, required=False, help_text="From calm to excited."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if set(attrs) not in ({"emotion"}, {"valence", "arousal"}):
            raise serializers.ValidationError(
                {"emotion": [_("Give an emotion, or valence and arousal.")]}
            )
        return attrs
