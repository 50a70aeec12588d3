"""Why a song is in a list, in one sentence that names the largest part of its score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from emotions.models import Emotion
from ml.recommend.nudges import MORE, SAME_ARTIST, asked_for
from ml.recommend.rank import PARTS
from ml.recommend.taste import Liking, Taste
from recommendations.history import Said
from recommendations.models import Activity, Goal
from recommendations.snapshot import Snapshot

#: Longest song or artist name in a sentence, characters.
NAME_LENGTH = 60
#: What nudges add to a song from which they are the reason: as much as "more" does to one that is
#: as like as another of its artist.
ASKED = MORE * SAME_ARTIST * 0.99

FITS: dict[str, Promise] = {
    Emotion.ANGRY: gettext_lazy("Fits an angry mood"),
    Emotion.DISGUST: gettext_lazy("Fits a disgusted mood"),
    Emotion.FEAR: gettext_lazy("Fits a fearful mood"),
    Emotion.HAPPY: gettext_lazy("Fits a happy mood"),
    Emotion.SAD: gettext_lazy("Fits a sad mood"),
    Emotion.SURPRISE: gettext_lazy("Fits a surprised mood"),
    Emotion.NEUTRAL: gettext_lazy("Fits a neutral mood"),
}
WISHES: dict[str, Promise] = {
    Goal.LIFT: gettext_lazy("Close to the lift you asked for"),
    Goal.CALM: gettext_lazy("Close to the calm you asked for"),
    Goal.FOCUS: gettext_lazy("Close to the focus you asked for"),
}
DOING: dict[str, Promise] = {
    Activity.WORKING: gettext_lazy("while working"),
    Activity.EXERCISING: gettext_lazy("while exercising"),
    Activity.RELAXING: gettext_lazy("while relaxing"),
    Activity.TRAVELLING: gettext_lazy("on the way"),
    Activity.SOCIAL: gettext_lazy("with others"),
    Activity.FALLING_ASLEEP: gettext_lazy("while falling asleep"),
}
SAID_THEN: dict[str, Promise] = {
    Activity.WORKING: gettext_lazy("What you said of songs while working speaks for it"),
    Activity.EXERCISING: gettext_lazy("What you said of songs while exercising speaks for it"),
    Activity.RELAXING: gettext_lazy("What you said of songs while relaxing speaks for it"),
    Activity.TRAVELLING: gettext_lazy("What you said of songs on the way speaks for it"),
    Activity.SOCIAL: gettext_lazy("What you said of songs with others speaks for it"),
    Activity.FALLING_ASLEEP: gettext_lazy(
        "What you said of songs while falling asleep speaks for it"
    ),
}
AT_THIS_TIME = gettext_lazy("What you said of songs at this time of day speaks for it")
ON_THE_WAY = gettext_lazy("A step on the way you asked for")
FROM_FAVOURITE = gettext_lazy("From a favourite that you named")
LIKE_FAVOURITE = gettext_lazy("Sounds like a favourite that you named")
NOTHING_POSITIVE = gettext_lazy("The next best of what is left for this mood")
LIKE_MINDED = gettext_lazy("Listeners with taste like yours rate it highly")
TRIED = gettext_lazy("One to try: drawn among songs that may suit this mood")
POPULAR = gettext_lazy("Many listeners here come back to it")
LIKED_HERE = gettext_lazy("Liked by others in this mood")
LIKED = gettext_lazy("Liked by others here")
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
    nudges = liking.nudges
    if nudges is not None and taste.asked is not None and taste.asked[index] >= ASKED:
        # Whatever else speaks for it, this is what the listener has just said.
        at = asked_for(index, songs.vectors, songs.carried, songs.artists, nudges)
        of = int(nudges.songs[at])
        return Cause("taste", "asked", None if of == index else songs.song_id(of))
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
    """The reason in the language in force, which the list keeps; at most 200 characters.

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
        return str(ON_THE_WAY)
    if cause.part == "mood":
        return str(WISHES.get(goal) or FITS[emotion])
    if cause.part == "collaborative":
        return str(LIKE_MINDED if personal else _POPULARITY[liked_here])
    if cause.part == "explore":
        return str(TRIED)
    if cause.part != "taste":
        return str(NOTHING_POSITIVE)
    if cause.term == "favourite":
        return str(FROM_FAVOURITE)
    if cause.term == "like_favourite":
        return str(LIKE_FAVOURITE)
    if cause.term == "activity":
        return str(SAID_THEN[activity])
    if cause.term == "daypart":
        return str(AT_THIS_TIME)
    if cause.term == "artist":
        return _("By %(artist)s, whose songs you liked before") % {"artist": _short(artist)}
    if cause.term == "asked":
        return _asked(name_of(cause.song) if cause.song else None)
    said = said_of(cause.song) if cause.song else Said()
    if cause.term == "own":
        return _of_itself(said)
    named = name_of(cause.song) if cause.song else None
    if named is None:
        return _("Like songs you liked before")
    title, by = named
    return _of_another(said) % {"title": _short(title), "artist": _short(by), "stars": said.stars}


def _asked(named: tuple[str, str] | None) -> str:
    if named is None:
        return _("You asked for more like this")
    title, artist = map(_short, named)
    words = {"title": title, "artist": artist}
    return _("You asked for more like %(title)s by %(artist)s") % words


def _of_itself(said: Said) -> str:
    """Of a song that the listener knows."""
    if not said.stars:
        return _("You played it to the end before")
    words = ngettext("You gave it %(stars)d star", "You gave it %(stars)d stars", said.stars)
    return words % {"stars": said.stars}


def _of_another(said: Said) -> str:
    """Of a song that is like, or unlike, one that the listener knows; names are put in later."""
    liked = said.liking > 0
    if said.stars is not None and said.stars != 3:
        if liked:
            return ngettext(
                "Like %(title)s by %(artist)s, which you gave %(stars)d star",
                "Like %(title)s by %(artist)s, which you gave %(stars)d stars",
                said.stars,
            )
        return ngettext(
            "Unlike %(title)s by %(artist)s, which you gave %(stars)d star",
            "Unlike %(title)s by %(artist)s, which you gave %(stars)d stars",
            said.stars,
        )
    if liked:
        return _("Like %(title)s by %(artist)s, which you played to the end")
    if said.skipped:
        return _("Unlike %(title)s by %(artist)s, which you skipped")
    return _("Unlike %(title)s by %(artist)s, which you turned down")


def _short(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1].rstrip() + "…"
