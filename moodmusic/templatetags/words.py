"""Numbers and codes in words, for pages."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()

#: Emotion codes as a listener would say them.
FEELINGS = {
    "angry": _("angry"),
    "disgust": _("disgusted"),
    "fear": _("afraid"),
    "happy": _("happy"),
    "sad": _("sad"),
    "surprise": _("surprised"),
    "neutral": _("neutral"),
}
GOALS = {"match": _("Match"), "lift": _("Lift"), "calm": _("Calm"), "focus": _("Focus")}
#: The moods that the catalogue begins with, by their names; others keep the name curators gave.
MOODS = {
    "Happy": pgettext_lazy("mood of songs", "Happy"),
    "Energetic": pgettext_lazy("mood of songs", "Energetic"),
    "Calm": pgettext_lazy("mood of songs", "Calm"),
    "Romantic": pgettext_lazy("mood of songs", "Romantic"),
    "Sad": pgettext_lazy("mood of songs", "Sad"),
    "Dark": pgettext_lazy("mood of songs", "Dark"),
    "Angry": pgettext_lazy("mood of songs", "Angry"),
}
#: Where a journey to a goal ends, after "From sad to".
DESTINATIONS = {
    "match": _("where you are"),
    "lift": _("a lift"),
    "calm": _("calm"),
    "focus": _("focus"),
}
VERDICTS = {
    "not_now": _("left out for a while"),
    "not_for_this_mood": _("left out for this mood"),
    "never": _("never again"),
}
#: Confidence at or above which we say the words, highest first.
SURENESS = (
    (0.9, _("very sure")),
    (0.7, _("fairly sure")),
    (0.5, _("not very sure")),
    (0.0, _("a guess")),
)


@register.filter
def feeling(emotion: str) -> str:
    """`surprise` -> `surprised`."""
    return str(FEELINGS.get(emotion, emotion))


@register.filter
def goal_name(goal: str) -> str:
    """`lift` -> `Lift`."""
    return str(GOALS.get(goal, goal))


@register.filter
def mood_name(name: object) -> str:
    """A mood of songs, or its name, as people read it: `Calm` -> `शांत` on a Hindi page."""
    return str(MOODS.get(str(name), name))


@register.filter
def mood_names(moods: Iterable[object]) -> str:
    """Several moods of songs, or their names: `Calm, Dark`."""
    return ", ".join(map(mood_name, moods))


@register.filter
def destination(goal: str) -> str:
    """`lift` -> `a lift`, as the end of a journey."""
    return str(DESTINATIONS.get(goal, goal))


@register.filter
def verdict_words(kind: str) -> str:
    """What a "not this" does, in a few words."""
    return str(VERDICTS.get(kind, kind))


@register.filter
def sureness(confidence: float) -> str:
    """How sure a reading is, in two words."""
    return str(next(words for least, words in SURENESS if confidence >= least))


@register.filter
def percent(share: float) -> str:
    """0.824 -> `82 %` (with a no-break space); never 0 or 100 for what is merely close to it."""
    whole = round(float(share) * 100)
    if whole == 0 and share > 0:
        return "< 1\N{NO-BREAK SPACE}%"
    if whole == 100 and share < 1:
        return "> 99\N{NO-BREAK SPACE}%"
    return f"{whole}\N{NO-BREAK SPACE}%"


@register.filter
def clock(seconds: float) -> str:
    """73.4 -> `1:13`."""
    minutes, rest = divmod(round(float(seconds)), 60)
    return f"{minutes}:{rest:02d}"


@register.filter
def signed(value: float) -> str:
    """0.412 -> `+0.41`, with a real minus sign below zero."""
    return f"{float(value):+.2f}".replace("-", "\N{MINUS SIGN}")


@register.filter
def plain_number(value: float) -> str:
    """73.4 -> `73.4`, in no language's notation: for attributes that programs read."""
    return f"{float(value):g}"
