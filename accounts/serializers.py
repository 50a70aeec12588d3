"""Shapes of the account endpoints."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts import consent
from accounts.models import User
from accounts.selectors import consent_of, is_curator


class ConsentPointSerializer(serializers.Serializer[Any]):
    heading = serializers.CharField()
    text = serializers.CharField()


class ConsentTextSerializer(serializers.Serializer[consent.ConsentText]):
    """What a client must show, whole, before it asks."""

    version = serializers.IntegerField()
    title = serializers.CharField()
    summary = serializers.CharField()
    points = serializers.SerializerMethodField()
    question = serializers.CharField()

    @extend_schema_field(ConsentPointSerializer(many=True))
    def get_points(self, text: consent.ConsentText) -> list[dict[str, str]]:
        return [{"heading": heading, "text": body} for heading, body in text.points]


class ConsentSerializer(serializers.Serializer[Any]):
    """Where a listener stands; `text` is the notice in force."""

    standing = serializers.BooleanField(
        help_text="Whether a face may be read now: given to the current text, not withdrawn."
    )
    granted_at = serializers.DateTimeField(allow_null=True)
    text = ConsentTextSerializer()

    @classmethod
    def of(cls, user: User) -> dict[str, Any]:
        """The body for one listener."""
        standing = consent_of(user=user)
        state = {
            "standing": standing is not None,
            "granted_at": standing and standing.granted_at,
            "text": consent.CURRENT,
        }
        return cls(state).data


class ConsentGrantSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        required=False,
        help_text="Version of the text that was shown; 409 `consent_outdated` if it has changed.",
    )


class MeSerializer(serializers.ModelSerializer[User]):
    """The signed-in listener."""

    joined_at = serializers.DateTimeField(source="date_joined", read_only=True)
    curator = serializers.SerializerMethodField(help_text="May enter the admin.")
    consent = serializers.SerializerMethodField(
        help_text="Whether a face may be read now; see /me/consent."
    )

    class Meta:
        model = User
        fields = ("email", "joined_at", "curator", "consent")
        read_only_fields = fields

    def get_curator(self, user: User) -> bool:
        return is_curator(user=user)

    def get_consent(self, user: User) -> bool:
        return consent_of(user=user) is not None


class ErasureSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)
