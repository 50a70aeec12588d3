"""How listeners narrow down the catalogue."""

from __future__ import annotations

import django_filters  # type: ignore[import-untyped]
from django.db.models import Q, QuerySet

from catalog.models import Artist, Mood, Song

#: Characters of a search; each of its words costs a pass over titles and artists.
LONGEST_SEARCH = 100
MOST_WORDS = 8


class SongFilter(django_filters.FilterSet):
    """`?mood=calm`, `?artist=Ambro Tide`, `?q=paper moon`; together they narrow further."""

    mood = django_filters.ModelChoiceFilter(
        field_name="moods",
        to_field_name="slug",
        queryset=Mood.objects.all(),
        help_text="Slug of a mood; see /moods.",
    )
    artist = django_filters.CharFilter(method="by_artist", help_text="The artist's whole name.")
    q = django_filters.CharFilter(
        method="search",
        max_length=LONGEST_SEARCH,
        help_text="Words that must all be in the title or the artist's name.",
    )

    class Meta:
        model = Song
        fields = ["mood", "artist", "q"]

    def by_artist(self, songs: QuerySet[Song], name: str, value: str) -> QuerySet[Song]:
        """Songs of the artist, in any case; the names are searched once, not for every song."""
        return songs.filter(artist__in=Artist.objects.filter(name__iexact=value).order_by())

    def search(self, songs: QuerySet[Song], name: str, value: str) -> QuerySet[Song]:
        """Songs with every word in title or artist, in any case."""
        for word in value.split()[:MOST_WORDS]:
            songs = songs.filter(Q(title__icontains=word) | Q(artist__name__icontains=word))
        return songs
