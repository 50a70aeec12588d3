"""The addresses that pages load songs and covers from, and curators' pages of imports."""

from __future__ import annotations

from django.urls import path

from catalog import import_pages
from catalog.streaming import cover, song_audio

urlpatterns = [
    path("songs/<uuid:song_id>/audio", song_audio, name="song_audio"),
    path("covers/<str:name>", cover, name="cover"),
    path("curate/imports/", import_pages.imports, name="imports"),
    path("curate/imports/<uuid:run_id>/", import_pages.import_detail, name="import_detail"),
    path("curate/imports/<uuid:run_id>/stop/", import_pages.import_stop, name="import_stop"),
    path("curate/imports/<uuid:run_id>/again/", import_pages.import_repeat, name="import_repeat"),
]
