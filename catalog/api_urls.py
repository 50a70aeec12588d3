"""Addresses of the catalogue under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from catalog.api import MoodList, SongDetail, SongList
from catalog.streaming import CoverView, SongAudioView

urlpatterns: list[URLPattern | URLResolver] = [
    path("moods", MoodList.as_view(), name="api_moods"),
    path("songs", SongList.as_view(), name="api_songs"),
    path("songs/<uuid:song_id>", SongDetail.as_view(), name="api_song"),
    path("songs/<uuid:song_id>/audio", SongAudioView.as_view(), name="api_song_audio"),
    re_path(r"^covers/(?P<name>[0-9a-f]{64}\.jpg)$", CoverView.as_view(), name="api_cover"),
]
