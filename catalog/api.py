"""Moods and songs over the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend  # type: ignore[import-untyped]
from django_filters.utils import translate_validation  # type: ignore[import-untyped]
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.personal import PersonalView, listener_of
from catalog.filters import SongFilter
from catalog.models import Mood, Song
from catalog.paging import Ranked
from catalog.search.matching import Search
from catalog.selectors import songs_browsable
from catalog.serializers import MoodSerializer, SongSerializer


class MoodList(generics.ListAPIView[Mood]):
    """The moods that songs have, each with its point on the circumplex."""

    serializer_class = MoodSerializer
    queryset = Mood.objects.all()
    pagination_class = None
    filter_backends = []


class SearchBackend(DjangoFilterBackend):
    """Filters as ever; a search then ranks what the filters left."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Song], view: Any) -> Any:
        filters = self.get_filterset(request, queryset, view)
        if not filters.is_valid():
            raise translate_validation(filters.errors)
        if not filters.query:
            return filters.qs
        return Ranked(filters.qs, Search(filters.query).songs(filters.qs))


class SongList(PersonalView, generics.ListAPIView[Song]):
    """Songs that I may hear."""

    serializer_class = SongSerializer
    filter_backends = [SearchBackend]
    filterset_class = SongFilter
    queryset = Song.objects.none()  # for the schema; songs come from the selector

    def get_queryset(self) -> QuerySet[Song]:
        songs = songs_browsable(user=listener_of(self.request))
        return songs.prefetch_related("moods").defer("features")

    @extend_schema(
        operation_id="songs_list",
        description="Everybody's songs and my own, by title, without those of artists that I have "
        "hidden; with `q`, best matches first.",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class SongDetail(PersonalView, generics.RetrieveAPIView[Song]):
    """One song."""

    serializer_class = SongSerializer
    lookup_url_kwarg = "song_id"
    queryset = Song.objects.none()  # for the schema; songs come from the selector

    def get_queryset(self) -> QuerySet[Song]:
        songs = songs_browsable(user=listener_of(self.request))
        return songs.prefetch_related("moods").defer("features")
