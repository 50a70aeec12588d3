"""A playlist as a file for other players."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from moodmusic.problems import DomainError
from recommendations.library.selectors import playlist_items
from recommendations.list_export import FORMATS, songs_file
from recommendations.models import Playlist


def playlist_file(*, playlist: Playlist, format: str) -> HttpResponse:
    """The playlist's songs, in order, as M3U8, JSPF, XSPF or CSV.

    Raises
    ------
    DomainError
        unknown_format 400.
    """
    if format not in FORMATS:
        words = _("A playlist can be had as %(formats)s.") % {"formats": ", ".join(FORMATS)}
        raise DomainError("unknown_format", words)
    songs = (item.song for item in playlist_items(playlist))
    stem = slugify(playlist.name) or "playlist"
    return songs_file(songs, name=playlist.name, stem=stem, format=format)
