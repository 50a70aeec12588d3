"""Many songs at once: choose, preview, apply, undo."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from catalog import services
from catalog.desk.access import curator_of, curators, songs_of_all
from catalog.desk.cards import moods_by_key
from catalog.desk.choosing import Choice, ChoiceForm, choice_of
from catalog.models import Edit, Mood, Song
from catalog.services.bulk import MOST_SONGS, Action, Found, seal_of
from moodmusic.problems import DomainError
from moodmusic.templatetags.words import mood_names
from moodmusic.web import see_other, tell

#: Songs named in a preview, and edits on a page.
EXAMPLES, PAGE = 20, 50
ACTIONS = {
    Action.ADD: gettext_lazy("Add"),
    Action.REMOVE: gettext_lazy("Take away"),
    Action.SET: gettext_lazy("Have exactly"),
}


@curators
@require_http_methods(["GET", "HEAD", "POST"])
def songs(request: HttpRequest) -> HttpResponse:
    """Songs by filter, and what a change to them would do; a POST does it as previewed.

    A refused POST shows the preview as it is now, with the reason.
    """
    asked = request.POST if request.method == "POST" else request.GET
    form = ChoiceForm(asked)
    if not form.is_valid():
        context = {"form": form, "moods": moods_by_key(), "asked": asked}
        return render(request, "catalog/desk_songs.html", context, status=400)
    choice, refusal = choice_of(form), None
    if request.method == "POST":
        try:
            edit = services.bulk_apply(
                find=choice.found,
                seal=asked.get("seal", ""),
                action=asked.get("action", ""),
                moods=_moods(asked),
                by=curator_of(request),
                words=choice.words,
            )
        except DomainError as error:
            refusal = error
        else:
            words = _("The moods of %(changed)d of %(songs)d songs changed.")
            tell(request, words % {"changed": edit.changed, "songs": edit.songs})
            return see_other(reverse("desk_edits"))
    context = {
        "form": form,
        "asked": asked,
        "refusal": refusal,
        "moods": moods_by_key(),
        "most": MOST_SONGS,
        **_preview(choice, asked),
    }
    return render(
        request, "catalog/desk_songs.html", context, status=refusal.status if refusal else 200
    )


@curators
@require_safe
def edits(request: HttpRequest) -> HttpResponse:
    """What was done at the desk, newest first."""
    done = Edit.objects.select_related("by", "undone_by", "song__artist").defer("song__features")
    if request.GET.get("kind") == Edit.Kind.BULK:
        done = done.filter(kind=Edit.Kind.BULK)
    page = Paginator(done, PAGE).get_page(request.GET.get("page"))
    names = dict(Mood.objects.values_list("slug", "name"))
    rows = [(edit, _said(edit, names)) for edit in page]
    return render(request, "catalog/desk_edits.html", {"edits": page, "rows": rows})


def _said(edit: Edit, names: dict[str, str]) -> str:
    """What a label says, or a change of many did."""
    what = edit.what
    slugs = what.get("moods", ())
    moods = mood_names(names.get(slug, slug) for slug in slugs).lower() or _("no mood")
    match what.get("action"):
        case Action.ADD:
            return _("add %(moods)s") % {"moods": moods}
        case Action.REMOVE:
            return _("remove %(moods)s") % {"moods": moods}
        case Action.SET:
            return _("set %(moods)s") % {"moods": moods}
    return _("%(moods)s, ambiguous") % {"moods": moods} if what.get("ambiguous") else moods


def _preview(choice: Choice, asked: QueryDict) -> dict[str, Any]:
    found = choice.found()
    action, moods = asked.get("action", ""), _moods(asked)
    ready = action in Action.values and bool(moods or action == Action.SET)
    context: dict[str, Any] = {
        "choice": choice,
        "count": len(found),
        "too_many": len(found) > MOST_SONGS,
        "examples": _examples(found),
        "actions": [(one.value, words) for one, words in ACTIONS.items()],
        "action": action,
        "named": {mood.slug for mood in moods},
        "named_words": mood_names(moods),
    }
    if ready and found and len(found) <= MOST_SONGS:
        context["change"] = _change(found, action, {mood.pk for mood in moods})
        context["seal"] = seal_of(found)
        context["action_words"] = dict(ACTIONS)[Action(action)]
    return context


def _examples(found: Found) -> list[Song]:
    keys = sorted(song_id for song_id, _revision in found)[:EXAMPLES]
    return list(
        songs_of_all().filter(pk__in=keys).prefetch_related("moods").order_by("title", "pk")
    )


def _change(found: Found, action: str, named: set[int]) -> dict[str, Any]:
    """What applying would change: songs, and for each mood how many gain and lose it.

    A curator's latest word always stands, so the outcome needs no trying.
    """
    names = dict(Mood.objects.values_list("pk", "name"))
    held: dict[UUID, set[int]] = {song_id: set() for song_id, _revision in found}
    links: Any = Song.moods.through.objects
    for song_id, mood_id in links.filter(song_id__in=held).values_list("song_id", "mood_id"):
        held[song_id].add(mood_id)
    gained: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    changed = 0
    for now in held.values():
        after = {"add": now | named, "remove": now - named, "set": named}[action]
        changed += after != now
        gained.update(after - now)
        lost.update(now - after)
    moods = [
        {"name": names[pk], "gained": gained[pk], "lost": lost[pk]}
        for pk in sorted(gained.keys() | lost.keys(), key=lambda pk: names[pk])
    ]
    return {"songs": changed, "same": len(held) - changed, "moods": moods}


def _moods(asked: QueryDict) -> list[Mood]:
    return list(Mood.objects.filter(slug__in=asked.getlist("moods")[:50]))
