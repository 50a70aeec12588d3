"""A list where the listener sees it: on its own page, and below the reading it was made for."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url

from accounts.models import User
from emotions.models import Reading
from emotions.selectors import readings_of
from moodmusic.problems import DomainError
from moodmusic.web import personal, see_other, wants_fragment
from recommendations import services
from recommendations.list_export import FORMATS
from recommendations.models import Goal, SongList
from recommendations.selectors import list_items, lists_of, wishes_of
from recommendations.situation import ACTIVITY_KEY
from recommendations.views import STARS, private_context, wishes_context


@personal
@require_safe
def list_detail(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """A list with its songs, to play, rate and turn down."""
    assert request.user.is_authenticated  # noqa: S101 - `personal` stands before this view
    song_list = get_object_or_404(lists_of(request.user), pk=list_id)
    context = block_context(user=request.user, reading=song_list.reading, song_list=song_list)
    return render(request, "recommendations/list.html", {**context, "on_list_page": True})


@personal
@require_POST
def list_create(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """Make a list for a reading and a goal; an activity is kept for the session.

    htmx gets the new list in the place of the one that it shows, any other form the list's page.
    Asked for a reading's `first` list, one that is there already is the answer, so that a page
    that is loaded twice makes one list.
    """
    assert request.user.is_authenticated  # noqa: S101
    reading = get_object_or_404(readings_of(request.user), pk=reading_id)
    first = request.POST.get("first") == "1"
    try:
        song_list = (_first_list if first else _new_list)(request.user, reading, request.POST)
    except DomainError as error:
        if not (first and wants_fragment(request)):
            raise
        context = block_context(user=request.user, reading=reading, song_list=None)
        return render(
            request, "recommendations/_list_block.html", {**context, "refused": error.detail}
        )
    if "activity" in request.POST:
        request.session[ACTIVITY_KEY] = song_list.activity
    address = reverse("list_detail", args=[song_list.pk])
    if not wants_fragment(request):
        return see_other(address)
    context = block_context(user=request.user, reading=reading, song_list=song_list)
    context["on_list_page"] = request.POST.get("page") == "list"
    answer = render(request, "recommendations/_list_swap.html", {**context, "first": first})
    return answer if first else push_url(answer, address)


def block_context(*, user: User, reading: Reading, song_list: SongList | None) -> dict[str, object]:
    """What `_list_block.html` and the wishes below it show; without a list, the way to one."""
    items = list_items(song_list) if song_list else []
    return {
        "reading": reading,
        "song_list": song_list,
        "items": items,
        "minutes": round(sum(item.song.duration_s for item in items) / 60),
        "taste_counts": any(item.parts.get("taste") for item in items),
        "new_count": sum(item.new is True for item in items),
        "star_values": STARS,
        "export_formats": FORMATS,
        **private_context(user),
        **wishes_context(wishes_of(user)),
    }


def latest_list(*, user: User, reading: Reading) -> SongList | None:
    """The list that stands for a reading, made last; None before the first."""
    return lists_of(user).filter(reading=reading, taken_back=False).first()


def shows_list(request: HttpRequest) -> bool:
    """Whether the page that htmx asks from has a list's address, as it has after a new goal."""
    htmx = getattr(request, "htmx", None)
    path: str = (htmx.current_url_abs_path if htmx else None) or "/"
    try:
        return resolve(path.partition("?")[0]).url_name == "list_detail"
    except Resolver404:
        return False


def _first_list(user: User, reading: Reading, form: QueryDict) -> SongList:
    """The list that a reading has already, or its first one."""
    with transaction.atomic():
        # Two windows at once: the second waits here, and finds the list of the first.
        User.objects.select_for_update().get(pk=user.pk)
        return latest_list(user=user, reading=reading) or _new_list(user, reading, form)


def _new_list(user: User, reading: Reading, form: QueryDict) -> SongList:
    goal, journey = _wanted(form)
    return services.list_make(
        user=user,
        reading=reading,
        goal=goal,
        journey=journey,
        activity=form.get("activity", ""),
    )


def _wanted(form: QueryDict) -> tuple[str, bool]:
    """The goal, and whether to go there step by step.

    `way` is the button that turns a journey on or off, beside the `goal` and `journey` that hold;
    there is no journey to where one is already, so turning it on there leads to a lift.
    """
    goal, way = form.get("goal", ""), form.get("way")
    if way is None:
        return goal, form.get("journey") == "1" and goal != Goal.MATCH
    journey = way == "journey"
    return (Goal.LIFT if journey and goal == Goal.MATCH else goal), journey
