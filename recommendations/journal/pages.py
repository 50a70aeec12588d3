"""The journal's pages: a period, a note, deleting a reading, songs of a mood, how are you now."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from emotions.journal.notes import note_set
from emotions.journal.periods import stretch_of
from emotions.models import NOTE_MOST, Emotion, Reading
from emotions.selectors import readings_of
from emotions.views import FACES
from moodmusic.web import local_address, personal, see_other, tell, wants_fragment
from recommendations.journal.after import (
    after_put_away,
    after_set,
    asking_set,
    question_for,
    question_shown,
)
from recommendations.journal.deleting import entry_delete, lists_made_from
from recommendations.journal.export import journal_file
from recommendations.journal.page import journal_context, period_at
from recommendations.journal.pictures import day_address
from recommendations.journal.played import songs_again
from recommendations.selectors import lists_of


@personal
@require_safe
def journal(request: HttpRequest, view: str = "week", on: str = "") -> HttpResponse:
    """A day, week, month or year of the journal; this week's without an address."""
    try:
        period = period_at(view, on)
    except ValueError as error:
        raise Http404 from error
    context = journal_context(user=cast("User", request.user), period=period)
    return render(request, "journal/journal.html", context)


@personal
@require_POST
def note(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """Write, change or empty the note of a reading; htmx gets the note alone."""
    reading = _reading(request, reading_id)
    note_set(reading=reading, note=request.POST.get("note", ""))
    if wants_fragment(request):
        back = _back(request, reading)
        context = {"reading": reading, "note_most": NOTE_MOST, "saved": True, "next": back}
        return render(request, "journal/_note.html", context)
    tell(request, _("Note saved.") if reading.note else _("The note is gone."))
    return see_other(f"{_back(request, reading)}#reading-{reading.pk}")


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """Ask whether a reading should go, and say what goes with it; a POST deletes it."""
    reading = _reading(request, reading_id)
    back = _back(request, reading)
    if request.method == "POST":
        entry_delete(reading=reading)
        tell(request, _("Deleted. The reading is gone from your journal."))
        return see_other(back)
    context = {"reading": reading, "lists": lists_made_from(reading=reading), "back": back}
    return render(request, "journal/delete.html", context)


@personal
@require_safe
def mood_songs(request: HttpRequest, emotion: str) -> HttpResponse:
    """What the listener heard in a mood, to play it again; `?play=1` begins at once."""
    if emotion not in Emotion.values:
        raise Http404
    songs = songs_again(user=cast("User", request.user), emotion=emotion)
    context = {
        "emotion": emotion,
        "emotions": FACES,
        "songs": songs,
        "minutes": round(sum(song.duration_s for song in songs) / 60),
        "begin": request.GET.get("play") == "1",
    }
    return render(request, "journal/mood.html", context)


@personal
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The whole journal as a file; `?format=` is csv or json."""
    return journal_file(
        user=cast("User", request.user),
        period=stretch_of(None, None),
        format=request.GET.get("format", "csv"),
    )


@personal
@require_safe
def question(request: HttpRequest) -> HttpResponse:
    """The question about the list that has just ended, or nothing."""
    user = cast("User", request.user)
    song_list = question_for(user=user, now=timezone.now(), ended=True)
    if song_list is None:
        return HttpResponse(status=204)
    question_shown(song_list=song_list)
    return render(request, "journal/_question.html", {"song_list": song_list})


@personal
@require_POST
def answer(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Better, the same or worse, perhaps with an emotion; without an answer it is put away."""
    song_list = get_object_or_404(lists_of(cast("User", request.user)), pk=list_id)
    said, emotion = request.POST.get("answer", ""), request.POST.get("emotion", "")
    if said:
        after = after_set(song_list=song_list, answer=said, emotion=emotion)
    else:
        after_put_away(song_list=song_list)
    if wants_fragment(request):
        if not said or request.POST.get("done"):
            return HttpResponse()
        context = {"song_list": song_list, "after": after, "emotions": FACES}
        return render(request, "journal/_answered.html", context)
    tell(request, _("Noted in your journal.") if said else _("Not kept, and not asked again."))
    return see_other(local_address(request, request.POST.get("next", ""), reverse("journal")))


@personal
@require_POST
def asking(request: HttpRequest) -> HttpResponse:
    """Turn the question after a list on or off."""
    asks = request.POST.get("asks") == "yes"
    asking_set(user=cast("User", request.user), asks=asks)
    tell(request, _("You will be asked after a list.") if asks else _("You will not be asked."))
    return see_other(local_address(request, request.POST.get("next", ""), reverse("journal")))


def _reading(request: HttpRequest, reading_id: UUID) -> Reading:
    found: Reading = get_object_or_404(readings_of(cast("User", request.user)), pk=reading_id)
    return found


def _back(request: HttpRequest, reading: Reading) -> str:
    """The page a form or link came from, else the reading's day."""
    asked = request.POST if request.method == "POST" else request.GET
    day = day_address(timezone.localdate(reading.created_at))
    return local_address(request, asked.get("next", ""), day)
