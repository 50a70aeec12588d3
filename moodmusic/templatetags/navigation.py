"""The main navigation: which sections there are, and in which of them a page lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()


@dataclass(frozen=True, slots=True)
class Section:
    """A link of the main navigation; a page whose path starts with one of `paths` lies in it."""

    name: str
    words: str | Promise
    icon: str
    paths: tuple[str, ...]
    #: Who needs this permission to see it; "" is every listener.
    permission: str = ""


SECTIONS = (
    Section("mood", _("Mood"), "mood", ("/mood/", "/captures/", "/readings/")),
    Section("music", _("Music"), "note", ("/music/", "/songs/")),
    Section("library", _("Library"), "library", ("/library/", "/lists/", "/shared/")),
    Section("journal", _("Journal"), "journal", ("/journal/",)),
    Section("desk", _("Desk"), "scale", ("/curate/",), "catalog.change_song"),
)


@register.inclusion_tag("partials/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """The sections that this listener may enter, with the one that holds the present page."""
    user, path = context["user"], context["request"].path
    links = []
    for section in SECTIONS:
        if section.permission and not user.has_perm(section.permission):
            continue
        address = reverse(section.name)
        inside = path.startswith(section.paths)
        # The page itself, or (of a page further in) the section that it belongs to.
        current = ("page" if path == address else "true") if inside else ""
        links.append({"section": section, "address": address, "current": current})
    return {"links": links}
