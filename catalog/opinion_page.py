"""What a listener hears in a song, on a page of its own or in a row of a list."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from catalog import services
from catalog.desk.cards import moods_by_key
from catalog.judgements import opinion_of
from catalog.models import Mood
from catalog.selectors import songs_audible
from moodmusic.web import personal, see_other, tell, wants_fragment


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, song_id: UUID) -> HttpResponse:
    """The moods to tick; a POST says which, or takes back what was said before."""
    user = cast("User", request.user)
    song = get_object_or_404(songs_audible(user=user).defer("features"), pk=song_id)
    said = ""
    if request.method == "POST":
        if "clear" in request.POST:
            services.opinion_clear(user=user, song=song)
            said = _("Taken back.")
        else:
            named = Mood.objects.filter(slug__in=request.POST.getlist("moods")[:50])
            services.opinion_set(user=user, song=song, moods=named)
            said = _("Saved. It counts together with what others hear.")
        if not wants_fragment(request):
            tell(request, said)
            return see_other(request.path)
    own = opinion_of(user=user, song=song)
    held = list(song.moods.all())
    context = {
        "song": song,
        "held": held,
        "opinion": own,
        "ticked": set(own.moods) if own.given else {mood.slug for mood in held},
        "moods": moods_by_key(),
        "said": said,
    }
    part = wants_fragment(request)
    template = "catalog/_opinion.html" if part else "catalog/opinion.html"
    return render(request, template, context)
