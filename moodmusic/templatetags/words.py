"""Numbers and codes in words, for pages."""

from __future__ import annotations

from django import template

register = template.Library()

#: Emotion codes as a listener would say them.
FEELINGS = {
    "angry": "angry",
    "disgust": "disgusted",
    "fear": "afraid",
    "happy": "happy",
    "sad": "sad",
    "surprise": "surprised",
    "neutral": "neutral",
}
GOALS = {"match": "Match", "lift": "Lift", "calm": "Calm", "focus": "Focus"}
#: Where a journey to a goal ends, after "From sad to".
DESTINATIONS = {"match": "where you are", "lift": "a lift", "calm": "calm", "focus": "focus"}
VERDICTS = {
    "not_now": "left out for a while",
    "not_for_this_mood": "left out for this mood",
    "never": "never again",
}
#: Confidence at or above which we say the words, highest first.
SURENESS = ((0.9, "very sure"), (0.7, "fairly sure"), (0.5, "not very sure"), (0.0, "a guess"))


@register.filter
def feeling(emotion: str) -> str:
    """`surprise` -> `surprised`."""
    return FEELINGS.get(emotion, emotion)


@register.filter
def goal_name(goal: str) -> str:
    """`lift` -> `Lift`."""
    return GOALS.get(goal, goal)


@register.filter
def destination(goal: str) -> str:
    """`lift` -> `a lift`, as the end of a journey."""
    return DESTINATIONS.get(goal, goal)


@register.filter
def verdict_words(kind: str) -> str:
    """What a "not this" does, in a few words."""
    return VERDICTS.get(kind, kind)


@register.filter
def sureness(confidence: float) -> str:
    """How sure a reading is, in two words."""
    return next(words for least, words in SURENESS if confidence >= least)


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
