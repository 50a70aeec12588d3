"""Pages of the catalogue, and the address a page's player loads a song from."""

from __future__ import annotations

from django.urls import path

from catalog import pages
from catalog.streaming import song_audio

urlpatterns = [
    path("songs/<uuid:song_id>/audio", song_audio, name="song_audio"),
    path("music/", pages.songs, name="music"),
    path("music/songs/<uuid:song_id>/", pages.song, name="music_song"),
    path("music/artists/", pages.artists, name="music_artists"),
    path("music/artists/<int:artist_id>/", pages.artist, name="music_artist"),
    path("music/artists/<int:artist_id>/hidden/", pages.artist_hidden, name="artist_hidden"),
    path("music/albums/", pages.albums, name="music_albums"),
    path("music/albums/<int:album_id>/", pages.album, name="music_album"),
    path("music/moods/", pages.moods, name="music_moods"),
    path("music/moods/<slug:slug>/", pages.songs, name="music_mood"),
    path("settings/hidden-artists/", pages.hidden_artists, name="hidden_artists"),
]
