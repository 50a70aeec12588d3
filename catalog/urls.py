"""Pages of the catalogue, and the address a page's player loads a song from."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from catalog.opinion_page import opinion
from catalog.streaming import song_audio

urlpatterns: list[URLPattern | URLResolver] = [
    path("songs/<uuid:song_id>/audio", song_audio, name="song_audio"),
    path("songs/<uuid:song_id>/opinion/", opinion, name="song_opinion"),
    path("curate/", include("catalog.desk.urls")),
]
