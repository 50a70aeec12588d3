"""Shapes of the account endpoints."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts import consent
from accounts.models import Language, User
from accounts.selectors import account_key, consent_of, is_curator


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

    account = serializers.SerializerMethodField(
        help_text="Opaque; tells the accounts on one device apart (`X-Account`)."
    )
    joined_at = serializers.DateTimeField(source="date_joined", read_only=True)
    curator = serializers.SerializerMethodField(help_text="May enter the admin.")
    consent = serializers.SerializerMethodField(
        help_text="Whether a face may be read now; see /me/consent."
    )
    language = serializers.CharField(
        read_only=True, help_text="`en` or `hi`; empty for what the browser asks for."
    )

    class Meta:
        model = User
        fields = ("email", "account", "joined_at", "curator", "consent", "language", "time_zone")
        read_only_fields = fields

    def get_account(self, user: User) -> str:
        return account_key(user=user)

    def get_curator(self, user: User) -> bool:
        return is_curator(user=user)

    def get_consent(self, user: User) -> bool:
        return consent_of(user=user) is not None


class LocalSerializer(serializers.Serializer[Any]):
    """What the account speaks, and whose midnight ends its days."""

    language = serializers.ChoiceField(
        choices=Language.choices,
        allow_blank=True,
        required=False,
        help_text="Empty: what the request's Accept-Language asks for.",
    )
    time_zone = serializers.CharField(
        allow_blank=True,
        required=False,
        help_text="A name of the IANA database, such as Asia/Kolkata; empty: the browser's.",
    )


class GoingSerializer(serializers.Serializer[Any]):
    """Rows of one kind that are too old."""

    name = serializers.CharField(help_text="readings, captures, lists, ratings, plays, verdicts …")
    count = serializers.IntegerField()
    words = serializers.CharField()


class KeepForSerializer(serializers.Serializer[Any]):
    """How long moods are kept, and what of it went or would go."""

    days = serializers.ChoiceField(
        choices=[30, 90], allow_null=True, help_text="30, 90, or null: for ever."
    )
    went = GoingSerializer(
        many=True,
        read_only=True,
        help_text="Of a change: what it deleted. Of a look: what the `days` asked about would.",
    )


class ErasureSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)
