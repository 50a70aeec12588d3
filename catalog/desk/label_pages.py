"""The queue, one song a screen: show, label, skip, undo."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from catalog import services
from catalog.desk.access import curator_of, curators, songs_of_all
from catalog.desk.cards import card_of, label_read, moods_by_key
from catalog.desk.queue import blind_count, blind_next, queue_next, waiting_counts
from catalog.models import Edit, Mood, Song
from catalog.services.priority import Doubt
from moodmusic.problems import DomainError
from moodmusic.templatetags.words import mood_names
from moodmusic.web import see_other, tell, wants_fragment

#: Songs skipped in this session that come no more in it.
MOST_SKIPPED = 200


@curators
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The desk's first page: a song to label, and how many wait for what."""
    kind, blind = _mode(request)
    song = _next(request, kind, blind)
    context = {
        "kind": kind,
        "blind": blind,
        "counts": waiting_counts(),
        "blind_count": blind_count(user=curator_of(request)),
        "card": None if song is None else card_of(request, song, kind=kind, blind=blind),
    }
    return render(request, "catalog/desk_queue.html", context)


@curators
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """The next song's card, to fetch ahead; `not` names the songs already there. 204: no more."""
    kind, blind = _mode(request)
    song = _next(request, kind, blind)
    if song is None:
        return HttpResponse(status=204)
    return render(request, "catalog/desk_card.html", card_of(request, song, kind=kind, blind=blind))


@curators
@require_POST
def label(request: HttpRequest, song_id: UUID) -> HttpResponse:
    """Save a label; 409 shows the judgement that somebody else gave meanwhile beside this one."""
    song = get_object_or_404(songs_of_all(), pk=song_id)
    form = label_read(request.POST)
    data = form.cleaned_data
    try:
        edit = services.label_save(
            song=song,
            by=curator_of(request),
            moods=data["moods"],
            seen=data["seen"],
            point=form.point,
            ambiguous=data["ambiguous"],
            blind=data["blind"],
            seconds=data["seconds"],
        )
    except DomainError as error:
        if error.code != "label_conflict":
            raise
        return _conflict(request, song, error)
    if wants_fragment(request):
        undo = reverse("desk_undo", args=[edit.pk])
        return JsonResponse({"undo": undo, "title": song.title})
    tell(request, _("%(title)s is labelled.") % {"title": song.title})
    if request.POST.get("back") == "song":
        return see_other(reverse("desk_song", args=[song.pk]))
    return see_other(_queue_address(request))


@curators
@require_POST
def skip(request: HttpRequest, song_id: UUID) -> HttpResponse:
    """Leave a song for others, or for another day."""
    skipped = [name for name in request.session.get("desk_skipped", []) if name != str(song_id)]
    request.session["desk_skipped"] = [*skipped, str(song_id)][-MOST_SKIPPED:]
    return (
        HttpResponse(status=204) if wants_fragment(request) else see_other(_queue_address(request))
    )


@curators
@require_POST
def undo(request: HttpRequest, edit_id: UUID) -> HttpResponse:
    """Take back a label or a change of many songs; a label's song comes back before the curator."""
    edit = get_object_or_404(Edit.objects.select_related("song"), pk=edit_id)
    edit = services.edit_undo(edit=edit, by=curator_of(request))
    if wants_fragment(request) and edit.song_id is not None:
        song = get_object_or_404(songs_of_all(), pk=edit.song_id)
        kind, _blind = _mode(request)
        context = card_of(request, song, kind=kind, blind=edit.kind == Edit.Kind.BLIND)
        return render(request, "catalog/desk_card.html", context)
    words = ngettext(
        "Undone: %(number)d song as before.", "Undone: %(number)d songs as before.", edit.songs
    )
    tell(request, words % {"number": edit.songs})
    if edit.song_id is not None:
        return see_other(reverse("desk_song", args=[edit.song_id]))
    return see_other(reverse("desk_edits"))


def _conflict(request: HttpRequest, song: Song, error: DomainError) -> HttpResponse:
    names = dict(Mood.objects.values_list("slug", "name"))
    theirs, mine = error.extra["theirs"], error.extra["mine"]
    both = sorted({*theirs["moods"], *mine["moods"]})
    kind, _blind = _mode(request)
    context = {
        "song": song,
        "error": error,
        "theirs": theirs,
        "mine": mine,
        "theirs_named": [(slug, names.get(slug, slug)) for slug in theirs["moods"]],
        "mine_named": [(slug, names.get(slug, slug)) for slug in mine["moods"]],
        "both_named": [(slug, names.get(slug, slug)) for slug in both],
        "both_words": mood_names(names.get(slug, slug) for slug in both),
        "differ": both != mine["moods"],
        "seen": error.extra["seen"],
        "kind": kind,
        "moods": moods_by_key(),
    }
    part = wants_fragment(request)
    template = "catalog/desk_conflict.html" if part else "catalog/desk_conflict_page.html"
    return render(request, template, context, status=error.status)


def _mode(request: HttpRequest) -> tuple[str, bool]:
    """Kind of the queue ("" for all), and whether it is the blind one."""
    asked = request.POST if request.method == "POST" else request.GET
    kind = asked.get("kind", "")
    return (kind if kind in Doubt.values else ""), asked.get("blind") in {"1", "on", "True"}


def _next(request: HttpRequest, kind: str, blind: bool) -> Song | None:
    without = set(_keys(request.session.get("desk_skipped", [])))
    without.update(_keys(request.GET.get("not", "").split(",")[:20]))
    user = curator_of(request)
    if blind:
        return blind_next(user=user, without=without)
    return queue_next(user=user, kind=kind, without=without)


def _keys(names: list[str]) -> list[UUID]:
    found = []
    for name in names:
        try:
            found.append(UUID(name))
        except ValueError:
            continue
    return found


def _queue_address(request: HttpRequest) -> str:
    kind, blind = _mode(request)
    query = {name: value for name, value in (("kind", kind), ("blind", "1" * blind)) if value}
    return reverse("desk") + (f"?{urlencode(query)}" if query else "")
