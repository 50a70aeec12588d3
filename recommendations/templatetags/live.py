"""What pages need for live sessions, and to keep what is done without a network."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import template

from accounts import selectors
from emotions.live import EVERY_S

register = template.Library()


@register.simple_tag(takes_context=True)
def account_key(context: dict[str, Any]) -> str:
    """Whose page this is, in a word that tells nothing else; "" for nobody signed in."""
    user = context.get("user")
    return selectors.account_key(user=user) if user and user.is_authenticated else ""


@register.simple_tag
def live_every() -> int:
    """Seconds between two readings of a live session."""
    return EVERY_S


@register.inclusion_tag("partials/live_start.html", takes_context=True)
def live_start(context: dict[str, Any], list_id: UUID) -> dict[str, Any]:
    """`{% live_start song_list.pk %}`: the control "Follow my face", for who has agreed."""
    return {
        "consent": selectors.consent_standing(user=context["user"]),
        "every": EVERY_S,
        "list_id": list_id,
    }
