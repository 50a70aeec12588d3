"""Live sessions over the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from emotions.live import EVERY_S, LONGEST
from emotions.models import LiveSession
from emotions.serializers import ReadingSerializer
from recommendations.live import Look


class LiveSerializer(serializers.ModelSerializer[LiveSession]):
    """A stretch of music in which the camera follows the listener's face."""

    every_s = serializers.SerializerMethodField(help_text="Seconds between two pictures.")
    ends_at = serializers.SerializerMethodField(help_text="When it ends at the latest.")
    end = serializers.ChoiceField(
        choices=[("", ""), *LiveSession.End.choices],
        read_only=True,
        help_text="Why it ended; empty while it runs.",
    )

    class Meta:
        model = LiveSession
        fields = ["id", "locked", "every_s", "started_at", "ends_at", "ended_at", "end"]
        read_only_fields = fields

    def get_every_s(self, session: LiveSession) -> int:
        return EVERY_S

    @extend_schema_field(serializers.DateTimeField())
    def get_ends_at(self, session: LiveSession) -> str:
        return (session.started_at + LONGEST).isoformat()


class LiveLookSerializer(serializers.Serializer[Look]):
    """How a live session stands, and what should happen to the list."""

    session = LiveSerializer(read_only=True)
    busy = serializers.BooleanField(help_text="The latest picture is still being read.")
    reading = ReadingSerializer(read_only=True, allow_null=True, help_text="The latest one.")
    change = serializers.SerializerMethodField(
        help_text="The reading that the songs to come should follow; null: leave the list."
    )
    said = serializers.CharField(help_text="A sentence for the listener, or empty.")

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_change(self, look: Look) -> str | None:
        return str(look.change.pk) if look.change else None


class LiveLockSerializer(serializers.Serializer[Any]):
    locked = serializers.BooleanField(help_text="Readings go on, the list stays.")


class LiveListSerializer(serializers.Serializer[Any]):
    """The query of a look."""

    list = serializers.UUIDField(required=False)
