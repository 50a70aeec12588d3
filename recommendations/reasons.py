"""Why a song is in a list: the sentence that names the largest part of its score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ml.recommend.nudges import MORE, SAME_ARTIST, asked_for
from ml.recommend.rank import PARTS
from ml.recommend.taste import Liking, Taste
from recommendations.history import Said
from recommendations.models import Activity, Goal
from recommendations.models.sentences import sentence_of
from recommendations.snapshot import Snapshot

#: Longest song or artist name in a sentence, characters.
NAME_LENGTH = 60
#: What nudges add to a song from which they are the reason: as much as "more" does to one that is
#: as like as another of its artist.
ASKED = MORE * SAME_ARTIST * 0.99

DOING: dict[str, Promise] = {
    Activity.WORKING: _("while working"),
    Activity.EXERCISING: _("while exercising"),
    Activity.RELAXING: _("while relaxing"),
    Activity.TRAVELLING: _("on the way"),
    Activity.SOCIAL: _("with others"),
    Activity.FALLING_ASLEEP: _("while falling asleep"),
}
_POPULARITY = {None: "popular", True: "liked_in_this_mood", False: "liked_by_others"}


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


@dataclass(frozen=True, slots=True)
class Reason:
    """One of SENTENCES by its key, and what is put into it."""

    key: str
    values: dict[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return sentence_of(self.key, self.values)


def reason_of(
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
) -> Reason:
    """What to say of a cause.

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
        return Reason("on_the_way")
    if cause.part == "mood":
        return Reason(f"fits_{emotion}" if goal == Goal.MATCH else f"close_to_{goal}")
    if cause.part == "collaborative":
        return Reason("like_minded" if personal else _POPULARITY[liked_here])
    if cause.part == "explore":
        return Reason("tried")
    if cause.part != "taste":
        return Reason("next_best")
    if cause.term == "favourite":
        return Reason("from_favourite")
    if cause.term == "like_favourite":
        return Reason("like_favourite")
    if cause.term == "activity":
        return Reason(f"said_{activity}")
    if cause.term == "daypart":
        return Reason("said_at_this_time")
    if cause.term == "artist":
        return Reason("by_artist", {"artist": _short(artist)})
    named = name_of(cause.song) if cause.song else None
    if cause.term == "asked":
        return Reason("asked_for_like_it", _names(*named)) if named else Reason("asked_for_it")
    said = said_of(cause.song) if cause.song else Said()
    if cause.term == "own":
        return Reason("rated", {"stars": said.stars}) if said.stars else Reason("played")
    return _of_another(said, _names(*named)) if named else Reason("like_liked")


def _of_another(said: Said, names: dict[str, str | int]) -> Reason:
    """Of a song that is like, or unlike, one that the listener knows."""
    liked = said.liking > 0
    if said.stars is not None and said.stars != 3:
        return Reason("like_rated" if liked else "unlike_rated", names | {"stars": said.stars})
    if liked:
        return Reason("like_played", names)
    return Reason("unlike_skipped" if said.skipped else "unlike_turned_down", names)


def _names(title: str, artist: str) -> dict[str, str | int]:
    return {"title": _short(title), "artist": _short(artist)}


def _short(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1].rstrip() + "…"
