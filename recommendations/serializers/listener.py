"""What a listener sets, over the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from recommendations.favourites import OFFERED
from recommendations.services.private import LEAST_MINUTES, MINUTES, MOST_MINUTES


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


class PrivateStartSerializer(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(
        min_value=LEAST_MINUTES, max_value=MOST_MINUTES, default=MINUTES, required=False
    )


class PrivateSerializer(serializers.Serializer[Any]):
    """The private stretch."""

    until = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When it ends; null when none is running."
    )
