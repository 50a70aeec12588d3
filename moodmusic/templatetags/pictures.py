"""Our own drawings in pages: icons and the seven faces, from templates/icons and faces."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "play" %}`: a decorative icon; the words beside it carry the meaning."""
    return render_to_string(f"icons/{name}.svg")


@register.simple_tag
def face(emotion: str) -> SafeString:
    """`{% face "happy" %}`: the drawn face of an emotion, decorative, tinted by its class."""
    return render_to_string("faces/face.svg", {"emotion": emotion})
