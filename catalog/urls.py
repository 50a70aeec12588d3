"""Pages of the catalogue, and the addresses that pages load songs and covers from."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from catalog import import_pages, pages
from catalog.about_page import about_moods
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
    path("music/", pages.songs, name="music"),
    path("music/songs/<uuid:song_id>/", pages.song, name="music_song"),
    path("music/artists/", pages.artists, name="music_artists"),
    path("music/artists/<int:artist_id>/", pages.artist, name="music_artist"),
    path("music/artists/<int:artist_id>/hidden/", pages.artist_hidden, name="artist_hidden"),
    path("music/albums/", pages.albums, name="music_albums"),
    path("music/albums/<int:album_id>/", pages.album, name="music_album"),
    path("music/moods/", pages.moods, name="music_moods"),
    path("music/moods/<slug:slug>/", pages.songs, name="music_mood"),
    path("about/moods/", about_moods, name="about_moods"),
    path("settings/hidden-artists/", pages.hidden_artists, name="hidden_artists"),
]
