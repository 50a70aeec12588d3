"""Pages of the catalogue, and the addresses that pages load songs and covers from."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from catalog import import_pages
from catalog.opinion_page import opinion
from catalog.streaming import cover, song_audio

urlpatterns: list[URLPattern | URLResolver] = [
    path("songs/<uuid:song_id>/audio", song_audio, name="song_audio"),
    path("songs/<uuid:song_id>/opinion/", opinion, name="song_opinion"),
    path("covers/<str:name>", cover, name="cover"),
    path("curate/imports/", import_pages.imports, name="imports"),
    path("curate/imports/<uuid:run_id>/", import_pages.import_detail, name="import_detail"),
    path("curate/imports/<uuid:run_id>/stop/", import_pages.import_stop, name="import_stop"),
    path("curate/imports/<uuid:run_id>/again/", import_pages.import_repeat, name="import_repeat"),
    path("curate/", include("catalog.desk.urls")),
]
