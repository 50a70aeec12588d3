"""Pages on which the catalogue is browsed: songs, artists, albums and moods."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from catalog import services
from catalog.facets import facets
from catalog.filters import ORDERING_WORDS, ORDERINGS, SongFilter
from catalog.models import Mood, Song
from catalog.opinions import opinions_of
from catalog.paging import Ranked, key_of, rows_after
from catalog.search.matching import LONGEST_QUERY, Search
from catalog.selectors import (
    albums_browsable,
    artists_browsable,
    artists_hidden,
    artists_reachable,
    songs_browsable,
)
from catalog.shelves import (
    LETTERS,
    OTHER,
    albums_listed,
    albums_of,
    artists_listed,
    tracks_of,
)
from catalog.templatetags.browse import playable
from moodmusic.web import local_address, personal, see_other, tell

#: Rows of a page.
PAGE = 50
#: Artists and albums shown above the songs that a search finds.
BESIDE = 6
#: Filters that a page offers in a fold, which stays open while one of them is used.
FOLDED = (
    "genre",
    "language",
    "licence",
    "explicit",
    "decade",
    "unheard",
    "with_hidden",
    "ordering",
)


@personal
@require_safe
def songs(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Songs by title or as searched and filtered; with a slug, those of one mood."""
    user = cast("User", request.user)
    mood = get_object_or_404(Mood, slug=slug) if slug else None
    asked = request.GET.copy()
    asked["q"] = asked.get("q", "").replace("\0", " ")[:LONGEST_QUERY].strip()
    if mood:
        asked["mood"] = mood.slug
    among = songs_browsable(user=user).prefetch_related("moods").defer("features")
    filters = SongFilter(asked, queryset=among, request=request)
    search = Search(filters.query)
    rows = _page_of_songs(filters, search, asked.get("after", ""))
    beside = bool(filters.query) and not asked.get("after")
    context = {
        "mood": mood,
        "asked": {name: asked.get(name, "") for name in ("q", "mood", *FOLDED)},
        "wrong": list(filters.errors),
        "folded": any(asked.get(name) for name in FOLDED),
        "songs": rows[:PAGE],
        "after": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "continued": bool(asked.get("after")),
        "artists": search.artists(artists_listed(user=user), BESIDE) if beside else [],
        "albums": search.albums(albums_listed(user=user), BESIDE) if beside else [],
        "facets": facets(),
        "orderings": ORDERING_WORDS,
        "any_songs": bool(rows) or among.exists(),
    }
    return render(request, "catalog/browse_songs.html", context)


def _page_of_songs(filters: SongFilter, search: Search, after: str) -> list[Song]:
    """The page's rows and one more where others follow."""
    last = key_of(after)
    if filters.query:
        keys = search.songs(filters.qs)
        start = keys.index(last) + 1 if last in keys else 0
        return Ranked(filters.qs, keys)[start : start + PAGE + 1]
    order = ORDERINGS[filters.form.cleaned_data.get("ordering") or "title"]
    before = songs_browsable(user=filters.request.user).filter(pk=last).first() if last else None
    return list(rows_after(filters.qs, order, before)[: PAGE + 1])


@personal
@require_safe
def song(request: HttpRequest, song_id: UUID) -> HttpResponse:
    """One song: where it is from, what it is like and who says so, under which terms."""
    user = cast("User", request.user)
    one = get_object_or_404(songs_browsable(user=user).prefetch_related("moods"), pk=song_id)
    context = {"song": one, "opinions": opinions_of(one)}
    return render(request, "catalog/browse_song.html", context)


@personal
@require_safe
def artists(request: HttpRequest) -> HttpResponse:
    """Artists by name or under a letter."""
    user = cast("User", request.user)
    letter = request.GET.get("letter", "")
    letter = letter if letter in (*LETTERS, OTHER) else ""
    shown = artists_listed(user=user, letter=letter)
    rows = _page_after(request, shown, artists_browsable(user=user), ("name",))
    context = {
        "letter": letter,
        "letters": LETTERS,
        "artists": rows[:PAGE],
        "after": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "any_songs": bool(rows) or songs_browsable(user=user).exists(),
    }
    return render(request, "catalog/browse_artists.html", context)


@personal
@require_safe
def artist(request: HttpRequest, artist_id: int) -> HttpResponse:
    """One artist: albums and songs, hidden or not."""
    user = cast("User", request.user)
    one = get_object_or_404(artists_browsable(user=user), pk=artist_id)
    own = songs_browsable(user=user).filter(artist=one).prefetch_related("moods").defer("features")
    key = key_of(request.GET.get("after", ""))
    last = own.filter(pk=key).first() if key else None
    rows = list(rows_after(own, ORDERINGS["title"], last)[: PAGE + 1])
    context = {
        "artist": one,
        "albums": albums_of(user=user, artist=one)[:PAGE] if last is None else [],
        "songs": rows[:PAGE],
        "any_audio": any(map(playable, rows[:PAGE])),
        "after": rows[PAGE - 1].pk if len(rows) > PAGE else None,
    }
    return render(request, "catalog/browse_artist.html", context)


@personal
@require_POST
def artist_hidden(request: HttpRequest, artist_id: int) -> HttpResponse:
    """Hide an artist from this listener, or show it again."""
    user = cast("User", request.user)
    one = get_object_or_404(artists_reachable(user=user), pk=artist_id)
    if request.POST.get("hidden") == "yes":
        services.artist_hide(user=user, artist=one)
        said = _("%(artist)s is hidden: in none of your lists, and not in Music.")
    else:
        services.artist_show(user=user, artist=one)
        said = _("%(artist)s is back.")
    tell(request, said % {"artist": one.name})
    onward = reverse("music_artist", args=[one.pk])
    return see_other(local_address(request, request.POST.get("next", ""), onward))


@personal
@require_safe
def hidden_artists(request: HttpRequest) -> HttpResponse:
    """The artists this listener has hidden, each with a way back."""
    hidden = artists_hidden(user=cast("User", request.user))
    return render(request, "catalog/browse_hidden.html", {"hidden": hidden})


@personal
@require_safe
def albums(request: HttpRequest) -> HttpResponse:
    """Albums by title."""
    user = cast("User", request.user)
    shown = albums_listed(user=user)
    rows = _page_after(request, shown, albums_browsable(user=user), ("title", "pk"))
    context = {
        "albums": rows[:PAGE],
        "after": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "any_songs": bool(rows) or songs_browsable(user=user).exists(),
    }
    return render(request, "catalog/browse_albums.html", context)


@personal
@require_safe
def album(request: HttpRequest, album_id: int) -> HttpResponse:
    """One album: its cover and its songs in order."""
    user = cast("User", request.user)
    one = get_object_or_404(albums_browsable(user=user), pk=album_id)
    tracks = list(tracks_of(user=user, album=one))
    context = {"album": one, "songs": tracks, "any_audio": any(map(playable, tracks))}
    return render(request, "catalog/browse_album.html", context)


@personal
@require_safe
def moods(request: HttpRequest) -> HttpResponse:
    """The moods, each with the way to its songs."""
    return render(request, "catalog/browse_moods.html", {"moods": facets().moods})


def _page_after(request: HttpRequest, rows: Any, all_rows: Any, order: tuple[str, ...]) -> Any:
    """The rows behind the one that the address names, and one more where others follow."""
    after = request.GET.get("after", "")
    last = all_rows.filter(pk=int(after)).first() if after.isdecimal() else None
    return list(rows_after(rows, order, last)[: PAGE + 1])
