"""What pages of the catalogue show of albums, licences and languages."""

from __future__ import annotations

from uuid import UUID

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext

from catalog.models import Album, Song
from catalog.serializers import cover_address
from moodmusic.templatetags.covers import cover_svg

register = template.Library()


@register.simple_tag
def album_cover(album: Album) -> SafeString:
    """The album's picture, or a drawing of our own that is always the same."""
    address = cover_address(album)
    if address is None:
        return mark_safe(cover_svg(UUID(int=album.pk), []))  # noqa: S308
    return format_html('<img class="cover" src="{}" alt="" loading="lazy">', address)


@register.filter
def playable(song: Song) -> bool:
    """Whether there is audio of it."""
    return song.has_audio


@register.filter
def language_name(tag: str) -> str:
    """`hi` -> `Hindi`; a tag that we have no name for stays as it is."""
    try:
        return str(get_language_info(tag.lower())["name_translated"])
    except KeyError:
        return tag


@register.filter
def licence_words(licence: str) -> str:
    """An SPDX identifier as it is; "" -> "unknown"."""
    return licence or gettext("unknown")
