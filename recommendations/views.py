"""All lists, and how they are made."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from emotions.views import FACES
from moodmusic.templatetags.words import feeling
from moodmusic.web import local_address, personal, see_other, tell
from recommendations import services
from recommendations.models import Goal, ListWishes, ModelVersion, Policy
from recommendations.proof_page import proofs
from recommendations.selectors import (
    lists_as_left,
    lists_of,
    model_active,
    private_until,
    wishes_of,
)
from recommendations.services.private import MINUTES, MOST_MINUTES

STARS = range(1, 6)
#: Lists on each page of all lists.
PAGE = 24
#: Minutes of a private stretch that the pages offer.
PRIVATE_TIMES = (
    (30, _("half hour")),
    (MINUTES, _("hour")),
    (180, _("three hours")),
    (MOST_MINUTES, _("twelve hours")),
)
#: Percentages of new songs that the page offers, this far apart.
PERCENT_STEP = 10


@personal
@require_safe
def list_index(request: HttpRequest) -> HttpResponse:
    """The listener's own lists, newest first."""
    assert request.user.is_authenticated  # noqa: S101
    page = Paginator(lists_as_left(request.user), PAGE).get_page(request.GET.get("page"))
    context = {
        "lists": page,
        **private_context(request.user),
        **wishes_context(wishes_of(request.user)),
    }
    return render(request, "recommendations/lists.html", context)


@personal
@require_POST
def wishes_set(request: HttpRequest) -> HttpResponse:
    """Set the dial from familiar to new, and go back to the list it was turned on."""
    assert request.user.is_authenticated  # noqa: S101
    given = request.POST.get("new_percent", "")
    percent = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else -1
    services.wishes_set(
        user=request.user,
        new_percent=percent if given else None,
        familiar_first=request.POST.get("familiar_first") == "yes",
    )
    tell(request, gettext("Saved. The next list follows it."))
    named = request.POST.get("list", "")
    if named and (song_list := lists_of(request.user).filter(pk__in=_uuids(named)).first()):
        return see_other(reverse("list_detail", args=[song_list.pk]))
    onward = local_address(request, request.POST.get("next", ""), reverse("list_index"))
    return see_other(onward)


def _uuids(text: str) -> list[UUID]:
    """The id that a form names, if it is one."""
    try:
        return [UUID(text)]
    except ValueError:
        return []


def wishes_context(wishes: ListWishes) -> dict[str, object]:
    """What `_wishes.html` needs to show and set the dial."""
    percents = {*range(0, 101, PERCENT_STEP), wishes.new_percent or 0}
    return {"wishes": wishes, "new_percents": sorted(percents)}


def private_context(user: User) -> dict[str, object]:
    """What `_private.html` needs to start or end a private stretch."""
    return {
        "private_until": private_until(user=user, now=timezone.now()),
        "private_times": PRIVATE_TIMES,
    }


@require_safe
def about_recommender(request: HttpRequest) -> HttpResponse:
    """How a list is made, the policy in force, the model in use and what was measured."""
    model = model_active()
    policies = list(Policy.objects.all())
    context = {
        "goals": Goal.values,
        "policies": _policy_rows(policies),
        "wishes": _wished_sounds(policies),
        "model": model,
        "metrics": _numbers(model),
        "proofs": proofs(),
        "asks_activity": settings.CONTEXT,
    }
    return render(request, "recommendations/about.html", context)


def _policy_rows(policies: list[Policy]) -> list[dict[str, object]]:
    """A row for each emotion with its aim under each goal; None where a policy is missing."""
    aims = {(policy.emotion, policy.goal): policy for policy in policies}
    if not aims:
        return []
    return [
        {"emotion": emotion, "aims": [aims.get((emotion, goal)) for goal in Goal.values]}
        for emotion in FACES
    ]


def _wished_sounds(policies: list[Policy]) -> list[dict[str, object]]:
    """Each set of wished sounds once, with the goal and the feelings that it holds for."""
    feelings: dict[tuple[str, tuple[tuple[str, float], ...]], list[str]] = {}
    for policy in policies:
        if policy.wishes:
            sounds = tuple(sorted(policy.wishes.items()))
            feelings.setdefault((policy.goal, sounds), []).append(policy.emotion)
    return [
        {
            "goal": goal,
            "when": gettext("whatever you feel")
            if len(of) == len(FACES)
            else gettext("when %(feelings)s") % {"feelings": ", ".join(map(feeling, of))},
            "values": sounds,
        }
        for (goal, sounds), of in feelings.items()
    ]


def _numbers(model: ModelVersion | None) -> list[tuple[str, float]]:
    """The model's figures that are plain numbers, for the page."""
    if model is None:
        return []
    return [
        (name.replace("_", " "), value)
        for name, value in model.metrics.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
