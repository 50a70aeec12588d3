"""The page on which a listener sees what is believed of them, changes it and takes changes back."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from emotions.models import Emotion
from emotions.views import FACES
from moodmusic.problems import DomainError
from moodmusic.web import personal, see_other, tell
from recommendations.beliefs import edits
from recommendations.beliefs.changing import change
from recommendations.beliefs.events import events_of, hidden_things, nudges_on
from recommendations.beliefs.reading import Belief, Beliefs, beliefs_of
from recommendations.favourites import favourites_of
from recommendations.selectors import lists_of, wishes_of
from recommendations.views import STARS, private_context, wishes_context

#: What stands in an address for "in any mood", and for everything.
ANY, ALL = "any", "all"
#: Beliefs of a kind that are shown without unfolding the rest.
SHOWN = 8
#: Changes offered to be taken back.
UNDOABLE = 10
HEADINGS = {
    "asked": gettext_lazy("More or less like these"),
    "artist": gettext_lazy("Artists"),
    "genre": gettext_lazy("Genres"),
    "mood": gettext_lazy("Moods of songs"),
    "sound": gettext_lazy("How songs sound"),
    "song": gettext_lazy("Songs"),
}


@personal
@require_safe
def taste(request: HttpRequest) -> HttpResponse:
    """What is believed in one mood, where it comes from, and everything that is hidden."""
    user = cast("User", request.user)
    emotion = _mood(request.GET.get("mood"), user)
    found = beliefs_of(user=user, emotion=emotion, now=timezone.now())
    opened = _opened(found, request.GET.get("open", ""))
    verdicts, artists = hidden_things(user)
    context = {
        "faces": FACES,
        "emotion": emotion,
        "mood": emotion or ANY,
        "beliefs": found,
        "others": round(found.weight * 100),
        "kinds": [
            (HEADINGS[kind], kind, _folded(rows, opened))
            for kind, rows in found.by_kind.items()
            if rows
        ],
        "opened": opened.id if opened else "",
        "events": _events(user, opened, emotion),
        "favourites": _favourites(user, opened),
        "star_values": STARS,
        "verdicts": verdicts,
        "hidden_artists": artists,
        "edits": edits.edits_of(user)[:UNDOABLE],
        "days": edits.KEPT.days,
        **private_context(user),
        **wishes_context(wishes_of(user)),
    }
    return render(request, "taste/taste.html", context)


@personal
@require_POST
def taste_change(request: HttpRequest) -> HttpResponse:
    """Change the stars of a rating, remove an event, or use a play no more."""
    user = cast("User", request.user)
    asked = request.POST
    stars = asked.get("stars", "")
    edit = change(
        user=user,
        kind=asked.get("kind", ""),
        key=asked.get("key", ""),
        do=asked.get("do", ""),
        stars=int(stars) if stars.isascii() and stars.isdigit() and len(stars) == 1 else None,
    )
    if edit is not None:
        tell(request, _("Done. Your next list follows it. You can undo it below."))
    return see_other(_back(request))


@personal
@require_POST
def taste_undo(request: HttpRequest, edit_id: UUID) -> HttpResponse:
    """Take a change back."""
    user = cast("User", request.user)
    edit = get_object_or_404(edits.edits_of(user), pk=edit_id)
    try:
        edits.edit_undo(edit=edit)
    except DomainError as error:
        tell(request, error.detail, error=True)
    else:
        tell(request, _("Taken back. Your lists are what they were."))
    return see_other(_back(request))


@personal
@require_POST
def taste_reset(request: HttpRequest) -> HttpResponse:
    """Start over in a mood, or with everything; the form has to say that it is meant."""
    user = cast("User", request.user)
    what = request.POST.get("what", "")
    if request.POST.get("sure") != "yes":
        tell(request, _("Nothing was reset: tick the box to say that you mean it."), error=True)
        return see_other(_back(request))
    names = {ANY: "", ALL: None}
    edits.taste_reset(user=user, emotion=names.get(what, what or "unknown"))
    tell(request, _("You start over. You can undo it below for 30 days."))
    return see_other(_back(request))


def _mood(asked: str | None, user: User) -> str:
    """The mood of an address; without one that of the latest list."""
    if asked in Emotion.values:
        return str(asked)
    if asked is None:
        return lists_of(user).values_list("emotion", flat=True).first() or ""
    return ""


def _folded(rows: list[Belief], opened: Belief | None) -> dict[str, object]:
    """The strongest beliefs, and the others for a fold, which is open where one of them is."""
    rest = rows[SHOWN:]
    return {"first": rows[:SHOWN], "rest": rest, "opened": opened in rest}


def _opened(found: Beliefs, name: str) -> Belief | None:
    return next((one for each in found.by_kind.values() for one in each if one.id == name), None)


def _events(user: User, opened: Belief | None, emotion: str) -> object:
    if opened is None:
        return []
    if opened.kind == "asked":
        now = timezone.now()
        return nudges_on(user=user, sources=opened.sources, emotion=emotion, now=now)
    return events_of(user=user, sources=opened.sources, emotion=emotion)


def _favourites(user: User, opened: Belief | None) -> object:
    """The favourites that a belief rests on."""
    if opened is None or not opened.favourite:
        return []
    mine = favourites_of(user)
    if opened.kind == "artist":
        return mine.filter(artist=int(opened.key))
    return mine.filter(genre=opened.key) if opened.kind == "genre" else mine


def _back(request: HttpRequest) -> str:
    asked = request.POST
    kept = {name: asked[name] for name in ("mood", "open") if asked.get(name)}
    return f"{reverse('taste')}?{urlencode(kept)}" if kept else reverse("taste")
