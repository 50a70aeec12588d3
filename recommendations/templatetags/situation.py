"""Asking what a listener is doing, on whatever page offers songs."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from recommendations.models import Activity
from recommendations.reasons import DOING
from recommendations.situation import ACTIVITY_KEY

register = template.Library()


@register.inclusion_tag("recommendations/_activity.html", takes_context=True)
def activity_chips(context: dict[str, Any]) -> dict[str, Any]:
    """A row of choices for a form, the one of this session chosen; nothing where turned off."""
    return {
        "asked": settings.CONTEXT,
        "activities": Activity.choices,
        "chosen": context["request"].session.get(ACTIVITY_KEY, ""),
    }


@register.filter
def doing(activity: str) -> str:
    """`exercising` -> `while exercising`; nothing for none."""
    return str(DOING[Activity(activity)]) if activity in Activity.values else ""
