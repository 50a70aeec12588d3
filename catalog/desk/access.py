"""Who may sit at the desk."""

from __future__ import annotations

from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from catalog.models import Song
from moodmusic.web import View, personal

#: What curators may do, and others not.
PERMISSION = "catalog.change_song"


def curators(view: View) -> View:
    """A page for curators: asks visitors to sign in, and answers listeners with 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not curator_of(request).has_perm(PERMISSION):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return personal(guarded)


def curator_of(request: HttpRequest) -> User:
    """Whoever is signed in; `personal` stands before every view."""
    return cast("User", request.user)


def songs_of_all() -> QuerySet[Song]:
    """What the desk is about: everybody's songs, hidden ones too; private ones are not."""
    return Song.objects.filter(owner=None).select_related("artist").defer("features")
