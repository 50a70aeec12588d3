"""The addresses that pages load songs and covers from."""

from __future__ import annotations

from django.urls import path, re_path

from catalog.streaming import cover, song_audio

urlpatterns = [
    path("songs/<uuid:song_id>/audio", song_audio, name="song_audio"),
    re_path(r"^covers/(?P<name>[0-9a-f]{64}\.jpg)$", cover, name="cover"),
]
