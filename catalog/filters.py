"""How listeners narrow down the catalogue, on pages and over the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from catalog.heard import heard_by
from catalog.models import Artist, HiddenArtist, Mood, Song
from catalog.search.matching import LONGEST_QUERY

#: Stands for "nobody has said" where a song's own value is empty.
UNKNOWN = "unknown"
EXPLICIT = {"yes": True, "no": False, UNKNOWN: None}
#: Orders of songs; by title unless asked otherwise. Their keys continue a page, see `paging`.
ORDERINGS = {
    "title": ("title", "pk"),
    "-title": ("-title", "-pk"),
    "artist": ("artist__name", "title", "pk"),
    "-year": ("-year_listed", "title", "pk"),
    "newest": ("-created_at", "-pk"),
    "oldest": ("created_at", "pk"),
}
ORDERING_WORDS = {
    "title": gettext_lazy("Title, A to Z"),
    "-title": gettext_lazy("Title, Z to A"),
    "artist": gettext_lazy("Artist, A to Z"),
    "-year": gettext_lazy("Year, latest first"),
    "newest": gettext_lazy("Newest here first"),
    "oldest": gettext_lazy("Oldest here first"),
}


class SongFilter(django_filters.FilterSet):
    """`?mood=calm`, `?artist=Ambro Tide`, `?q=paper moon`; together they narrow further.

    Needs the request, whose listener's hidden artists are left out.
    """

    q = django_filters.CharFilter(
        method="searched",
        max_length=LONGEST_QUERY,
        help_text=gettext_lazy(
            "Words that must all be in the title, the artist's name or the album's title; "
            "their beginning is enough, and longer words may be misspelt. Best matches first."
        ),
    )
    mood = django_filters.ModelChoiceFilter(
        field_name="moods",
        to_field_name="slug",
        queryset=Mood.objects.all(),
        help_text=gettext_lazy("Slug of a mood; see /moods."),
    )
    artist = django_filters.CharFilter(
        method="by_artist", help_text=gettext_lazy("The artist's whole name.")
    )
    artist_id = django_filters.NumberFilter(
        method="by_key", min_value=1, max_value=2**53, help_text=gettext_lazy("See /artists.")
    )
    album_id = django_filters.NumberFilter(
        method="by_key", min_value=1, max_value=2**53, help_text=gettext_lazy("See /albums.")
    )
    genre = django_filters.CharFilter(
        field_name="genre", lookup_expr="iexact", help_text=gettext_lazy("The whole genre.")
    )
    language = django_filters.CharFilter(
        method="by_text", help_text=gettext_lazy("A BCP 47 tag such as `hi`, or `unknown`.")
    )
    licence = django_filters.CharFilter(
        method="by_text",
        help_text=gettext_lazy("An SPDX identifier such as `CC0-1.0`, or `unknown`."),
    )
    explicit = django_filters.ChoiceFilter(
        choices=[(name, name) for name in EXPLICIT], method="by_explicit"
    )
    decade = django_filters.NumberFilter(
        method="by_decade",
        min_value=1000,
        max_value=2990,
        help_text=gettext_lazy("Its first year, as 1990."),
    )
    unheard = django_filters.BooleanFilter(
        method="not_heard", help_text=gettext_lazy("Leave out what you have heard or rated.")
    )
    with_hidden = django_filters.BooleanFilter(
        method="unchanged",
        help_text=gettext_lazy("Show songs of artists that you have hidden, too."),
    )
    ordering = django_filters.ChoiceFilter(
        choices=list(ORDERING_WORDS.items()),
        method="ordered",
        help_text=gettext_lazy(
            "Without it, and always with `q`, by title or by how well they match."
        ),
    )

    class Meta:
        model = Song
        fields: list[str] = []

    def filter_queryset(self, songs: QuerySet[Song]) -> QuerySet[Song]:
        """All filters, and the one that nobody has to ask for."""
        if not self.form.cleaned_data.get("with_hidden"):
            hidden = HiddenArtist.objects.filter(user=self.request.user).values("artist")
            songs = songs.exclude(artist__in=hidden)
        filtered: QuerySet[Song] = super().filter_queryset(songs)
        return filtered

    @property
    def query(self) -> str:
        """What is searched for; "" when nothing is. The search ranks, so it is no filter."""
        return str(self.form.cleaned_data.get("q") or "") if self.form.is_valid() else ""

    def by_artist(self, songs: QuerySet[Song], name: str, value: str) -> QuerySet[Song]:
        """Songs of the artist, in any case; the names are searched once, not for every song."""
        return songs.filter(artist__in=Artist.objects.filter(name__iexact=value).order_by())

    def by_key(self, songs: QuerySet[Song], name: str, value: Decimal) -> QuerySet[Song]:
        return songs.filter(**{name: int(value)})

    def by_text(self, songs: QuerySet[Song], name: str, value: str) -> QuerySet[Song]:
        return songs.filter(**{name: "" if value == UNKNOWN else value})

    def by_explicit(self, songs: QuerySet[Song], name: str, value: str) -> QuerySet[Song]:
        return songs.filter(explicit=EXPLICIT[value])

    def by_decade(self, songs: QuerySet[Song], name: str, value: Decimal) -> QuerySet[Song]:
        """By the song's year, or the album's where the song has none."""
        years = range(int(value), int(value) + 10)
        own = Q(year__gte=years[0], year__lte=years[-1])
        return songs.filter(
            own | Q(year=None, album__year__gte=years[0], album__year__lte=years[-1])
        )

    def not_heard(self, songs: QuerySet[Song], name: str, value: bool) -> QuerySet[Song]:
        return songs.exclude(heard_by(self.request.user)) if value else songs

    def ordered(self, songs: QuerySet[Song], name: str, value: str) -> QuerySet[Song]:
        if value == "artist":
            # True of all; SQLite then goes by the index of names instead of sorting every song.
            songs = songs.filter(artist__name__gte="")
        return songs.order_by(*ORDERINGS[value])

    def searched(self, songs: QuerySet[Song], name: str, value: str) -> QuerySet[Song]:
        return songs  # see `query`

    def unchanged(self, songs: QuerySet[Song], name: str, value: Any) -> QuerySet[Song]:
        return songs  # see `filter_queryset`
