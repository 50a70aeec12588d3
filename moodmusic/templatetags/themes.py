"""Dark or light, in pages: see moodmusic.theme."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.translation import gettext_lazy as _

from moodmusic import theme

register = template.Library()

WORDS = ((theme.SYSTEM, _("System")), ("light", _("Light")), ("dark", _("Dark")))


@register.simple_tag(takes_context=True)
def chosen_theme(context: Context) -> str:
    """`light`, `dark` or `system`; also on pages without a request."""
    return theme.chosen(context.get("request"))


@register.inclusion_tag("partials/theme.html", takes_context=True)
def theme_form(context: Context) -> dict[str, Any]:
    """Three buttons, of which one is pressed."""
    return {"themes": WORDS, "chosen": theme.chosen(context.get("request"))}
