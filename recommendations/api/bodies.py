"""What a request's body says."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.serializers import Serializer

from accounts.models import User
from recommendations.models import SongList
from recommendations.selectors import lists_of


def given_in(serializer: Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data


def named_list(user: User, given: dict[str, Any]) -> SongList | None:
    """The listener's list named in a body, if any; 404 for one that is not theirs."""
    return get_object_or_404(lists_of(user), pk=given["list"]) if given.get("list") else None
