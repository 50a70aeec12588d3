"""Moods and songs over the API."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import generics

from catalog.filters import SongFilter
from catalog.models import Mood, Song
from catalog.selectors import songs_visible
from catalog.serializers import MoodSerializer, SongSerializer


class MoodList(generics.ListAPIView[Mood]):
    """The moods that songs have, each with its point on the circumplex."""

    serializer_class = MoodSerializer
    queryset = Mood.objects.all()
    pagination_class = None
    filter_backends = []


class SongList(generics.ListAPIView[Song]):
    """The catalogue, by title."""

    serializer_class = SongSerializer
    filterset_class = SongFilter
    queryset = Song.objects.none()  # for the schema; songs come from the selector

    def get_queryset(self) -> QuerySet[Song]:
        return songs_visible().prefetch_related("moods").defer("features")


class SongDetail(generics.RetrieveAPIView[Song]):
    """One song."""

    serializer_class = SongSerializer
    lookup_url_kwarg = "song_id"
    queryset = Song.objects.none()  # for the schema; songs come from the selector

    def get_queryset(self) -> QuerySet[Song]:
        return songs_visible().prefetch_related("moods").defer("features")
