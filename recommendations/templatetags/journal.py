"""The journal's question on other pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from moodmusic.templatetags.words import feeling
from recommendations.journal.after import question_for, question_shown
from recommendations.journal.pictures import day_address

register = template.Library()
register.filter("day_address", day_address)
register.filter("local_day", timezone.localdate)


@register.inclusion_tag("journal/_question.html", takes_context=True)
def how_are_you_now(context: dict[str, Any]) -> dict[str, Any]:
    """The question about the list heard last, on a later visit; nothing where none is due."""
    request = context["request"]
    song_list = question_for(user=request.user, now=timezone.now())
    if song_list is not None:
        question_shown(song_list=song_list)
    return {
        "song_list": song_list,
        "csrf_token": context.get("csrf_token"),
        "next": request.path,
    }


@register.filter
def feelings(emotions: list[str]) -> str:
    """`["sad", "surprise"]` -> `sad, surprised`."""
    return ", ".join(feeling(emotion) for emotion in emotions)
