"""What is believed of a listener, and changing it, over the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from emotions.models import Emotion
from recommendations.beliefs.reading import KINDS
from recommendations.models import TasteEdit


class TasteQuerySerializer(serializers.Serializer[Any]):
    emotion = serializers.ChoiceField(
        choices=Emotion.choices,
        required=False,
        default="",
        help_text="The mood; left out for what was said without naming one.",
    )


class BeliefSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(read_only=True, help_text=f"One of {', '.join(KINDS)}.")
    key = serializers.CharField(
        read_only=True, help_text="Artist or song id, genre, mood slug or trait of sound."
    )
    name = serializers.CharField(read_only=True)
    strength = serializers.FloatField(
        read_only=True, help_text="What it adds to a score; below 0 it leans away."
    )
    degree = serializers.ChoiceField(choices=["strong", "clear", "slight"], read_only=True)
    favourite = serializers.BooleanField(
        read_only=True, help_text="Whether a favourite that was named is part of it."
    )
    left_out = serializers.BooleanField(
        read_only=True, help_text="Of a song: whether lists leave it out."
    )
    sources = serializers.DictField(
        child=serializers.FloatField(),
        read_only=True,
        help_text="{song id: what was said of it did for the strength}, the greatest first.",
    )


class TasteSerializer(serializers.Serializer[Any]):
    emotion = serializers.CharField(read_only=True)
    collaborative_weight = serializers.FloatField(
        source="weight", read_only=True, help_text="Share of other listeners in the choice, 0..1."
    )
    personal = serializers.BooleanField(
        read_only=True, help_text="Whether those are listeners of like taste."
    )
    most = serializers.FloatField(
        read_only=True, help_text="What my own word adds to the song it favours most."
    )
    beliefs = serializers.SerializerMethodField()

    def get_beliefs(self, found: Any) -> list[dict[str, Any]]:
        rows = [one for each in found.by_kind.values() for one in each]
        return list(BeliefSerializer(rows, many=True).data)


class TasteChangeSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(
        max_length=10,
        help_text="Of the event: rating, verdict, nudge, favourite, play or artist (hidden).",
    )
    key = serializers.CharField(max_length=40, help_text="The event's id.")
    do = serializers.ChoiceField(
        choices=["stars", "remove", "disuse"],
        help_text="`stars` changes a rating, `disuse` leaves a play in the history only.",
    )
    stars = serializers.IntegerField(min_value=1, max_value=5, required=False)


class TasteResetSerializer(serializers.Serializer[Any]):
    emotion = serializers.ChoiceField(
        choices=Emotion.choices,
        allow_blank=True,
        allow_null=True,
        help_text="A mood; empty for what holds in any; null for everything.",
    )


class TasteEditSerializer(serializers.ModelSerializer[TasteEdit]):
    kind = serializers.CharField(
        read_only=True, help_text=f"One of {', '.join(TasteEdit.Kind.values)}."
    )
    emotion = serializers.CharField(read_only=True, help_text="Of a reset.")

    class Meta:
        model = TasteEdit
        fields = ["id", "kind", "name", "emotion", "whole", "created_at"]
        read_only_fields = fields
