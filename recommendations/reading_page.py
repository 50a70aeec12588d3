"""The page of a reading: what was read and how sure we are, its correction, and its songs."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url

from accounts.models import User
from emotions.models import Reading
from emotions.personal import network_said
from emotions.points import point_in_words
from emotions.selectors import moved_from, pointed_at, readings_of
from emotions.services import reading_correct as correct
from emotions.services import reading_uncorrect as uncorrect
from emotions.views import FACES
from moodmusic.problems import DomainError
from moodmusic.web import personal, see_other, tell, wants_fragment
from recommendations import services
from recommendations.list_page import block_context, latest_list, shows_list
from recommendations.models import SongList

#: Emotions whose bars stand open; the others are folded.
LIKELIEST = 3


@personal
@require_safe
def reading_detail(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """What was read and how sure we are; correct it, choose what the music does, and hear it.

    The page shows the reading's latest list. Before there is one it asks for it by itself.
    """
    assert request.user.is_authenticated  # noqa: S101 - `personal` stands before this view
    readings = readings_of(request.user).select_related("capture")
    reading = get_object_or_404(readings, pk=reading_id)
    song_list = latest_list(user=request.user, reading=reading)
    context = reading_context(user=request.user, reading=reading, song_list=song_list)
    return render(request, "recommendations/reading.html", context)


@personal
@require_POST
def reading_correct(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """The listener's word instead of what was read; an empty word takes it back.

    A reading that has a list gets a new one, for the same goal.
    """
    assert request.user.is_authenticated  # noqa: S101
    readings = readings_of(request.user).select_related("capture")
    reading = get_object_or_404(readings, pk=reading_id)
    emotion, before = request.POST.get("emotion", ""), reading.corrected_to
    if emotion:
        correct(reading=reading, emotion=emotion)
    else:
        uncorrect(reading=reading)
    song_list = latest_list(user=request.user, reading=reading)
    if song_list and reading.corrected_to != before:
        try:
            song_list = _made_again(user=request.user, reading=reading, like=song_list)
        except DomainError as error:  # the correction stands without songs, too
            tell(request, error.detail, error=True)
    if not wants_fragment(request):
        return see_other(reverse("reading_detail", args=[reading.pk]))
    context = reading_context(user=request.user, reading=reading, song_list=song_list)
    answer = render(request, "recommendations/_reading_swap.html", context)
    if song_list and shows_list(request):
        return push_url(answer, reverse("list_detail", args=[song_list.pk]))
    return answer


def reading_context(
    *, user: User, reading: Reading, song_list: SongList | None
) -> dict[str, object]:
    """What the page of a reading shows, its list included."""
    ranked = [
        {"emotion": emotion, "share": share}
        for emotion, share in sorted(reading.probabilities.items(), key=lambda pair: -pair[1])
    ]
    return {
        "likeliest": ranked[:LIKELIEST],
        "others": ranked[LIKELIEST:],
        "network_said": network_said(reading),
        "moved_from": moved_from(reading),
        "pointed": point_in_words(*point) if (point := pointed_at(reading)) else "",
        "emotions": FACES,
        **block_context(user=user, reading=reading, song_list=song_list),
    }


def _made_again(*, user: User, reading: Reading, like: SongList) -> SongList:
    return services.list_make(
        user=user, reading=reading, goal=like.goal, journey=like.journey, activity=like.activity
    )
