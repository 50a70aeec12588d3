"""Why a song is in a list, in one sentence that names the largest part of its score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from emotions.models import Emotion
from ml.recommend.rank import PARTS
from ml.recommend.taste import Liking, Taste
from recommendations.history import Said
from recommendations.models import Activity, Goal
from recommendations.snapshot import Snapshot

#: Longest song or artist name in a sentence, characters.
NAME_LENGTH = 60

MOOD_WORDS = {
    Emotion.ANGRY: "an angry mood",
    Emotion.DISGUST: "a disgusted mood",
    Emotion.FEAR: "a fearful mood",
    Emotion.HAPPY: "a happy mood",
    Emotion.SAD: "a sad mood",
    Emotion.SURPRISE: "a surprised mood",
    Emotion.NEUTRAL: "a neutral mood",
}
WISHES = {
    Goal.LIFT: "Close to the lift you asked for",
    Goal.CALM: "Close to the calm you asked for",
    Goal.FOCUS: "Close to the focus you asked for",
}
DOING = {
    Activity.WORKING: "while working",
    Activity.EXERCISING: "while exercising",
    Activity.RELAXING: "while relaxing",
    Activity.TRAVELLING: "on the way",
    Activity.SOCIAL: "with others",
    Activity.FALLING_ASLEEP: "while falling asleep",
}
AT_THIS_TIME = "What you said of songs at this time of day speaks for it"
ON_THE_WAY = "A step on the way you asked for"
FROM_FAVOURITE = "From a favourite that you named"
LIKE_FAVOURITE = "Sounds like a favourite that you named"
NOTHING_POSITIVE = "The next best of what is left for this mood"
LIKE_MINDED = "Listeners with taste like yours rate it highly"
TRIED = "One to try: drawn among songs that may suit this mood"
POPULAR = "Many listeners here come back to it"
LIKED_HERE = "Liked by others in this mood"
LIKED = "Liked by others here"
_POPULARITY = {None: POPULAR, True: LIKED_HERE, False: LIKED}


@dataclass(frozen=True, slots=True)
class Cause:
    """What the largest part rests on: `part` of PARTS or "", and for taste the term (or the
    name of the situation) and song."""

    part: str
    term: str = ""
    song: UUID | None = None


def largest_part(parts: np.ndarray) -> str:
    """The name of the largest positive part, or "" when none is positive."""
    best = int(np.argmax(parts))
    return PARTS[best] if parts[best] > 0 else ""


def cause_of(
    *,
    index: int,
    parts: np.ndarray,
    taste: Taste,
    liking: Liking,
    songs: Snapshot,
    ids: list[UUID],
) -> Cause:
    """Find what to name for the song at `index`; `ids` are the songs of the liking's rows."""
    part = largest_part(parts)
    if part != "taste":
        return Cause(part)
    if taste.own[index] > 0:
        # Whatever else speaks for it, a listener wants to be reminded of having liked it.
        return Cause(part, "own", ids[int(np.flatnonzero(liking.songs == index)[0])])
    did = taste.did(songs.vectors[index], songs.carried[index])
    named = float((taste.named @ songs.carried[index]).max(initial=0))
    favourite = taste.favourite[index]
    terms = {name: float(term[index]) for name, term in taste.contexts.items()}
    situation = max(terms, key=lambda name: terms[name], default="")
    others = (taste.artist[index], taste.profile[index], favourite + named)
    if situation and terms[situation] > max(others):
        return Cause(part, situation)
    if favourite > 0 and favourite + named > max(taste.artist[index], did.max(initial=0)):
        return Cause(part, "favourite")
    if taste.artist[index] > taste.profile[index]:
        return Cause(part, "artist")
    if named > did.max(initial=0):
        return Cause(part, "like_favourite")
    return Cause(part, "profile", ids[int(np.argmax(did))])


def sentence(
    *,
    cause: Cause,
    emotion: str,
    goal: str,
    journey: bool,
    personal: bool,
    artist: str,
    name_of: Callable[[UUID], tuple[str, str] | None],
    said_of: Callable[[UUID], Said],
    liked_here: bool | None = None,
    activity: str = "",
) -> str:
    """The reason, at most 200 characters.

    Parameters
    ----------
    personal : whether the collaborative scores are this listener's own
    artist : of the song in the list
    name_of : title and artist of a song, None when it is gone
    said_of : what the listener said of a song
    liked_here : whether others like the song in this mood; None where a model speaks for them
    activity : what the list is for
    """
    if cause.part == "mood" and journey:
        return ON_THE_WAY
    if cause.part == "mood":
        return WISHES.get(Goal(goal)) or f"Fits {MOOD_WORDS[Emotion(emotion)]}"
    if cause.part == "collaborative":
        return LIKE_MINDED if personal else _POPULARITY[liked_here]
    if cause.part == "explore":
        return TRIED
    if cause.part != "taste":
        return NOTHING_POSITIVE
    if cause.term == "favourite":
        return FROM_FAVOURITE
    if cause.term == "like_favourite":
        return LIKE_FAVOURITE
    if cause.term == "activity":
        return f"What you said of songs {DOING[Activity(activity)]} speaks for it"
    if cause.term == "daypart":
        return AT_THIS_TIME
    if cause.term == "artist":
        return f"By {_short(artist)}, whose songs you liked before"
    said = said_of(cause.song) if cause.song else Said()
    if cause.term == "own":
        return f"You gave it {_stars(said)}" if said.stars else "You played it to the end before"
    named = name_of(cause.song) if cause.song else None
    if named is None:
        return "Like songs you liked before"
    title, by = named
    likeness = "Like" if said.liking > 0 else "Unlike"
    return f"{likeness} {_short(title)} by {_short(by)}, which you {_deed(said)}"


def _deed(said: Said) -> str:
    if said.stars is not None and said.stars != 3:
        return f"gave {_stars(said)}"
    if said.liking > 0:
        return "played to the end"
    return "skipped" if said.skipped else "turned down"


def _stars(said: Said) -> str:
    return f"{said.stars} star" if said.stars == 1 else f"{said.stars} stars"


def _short(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1].rstrip() + "…"
