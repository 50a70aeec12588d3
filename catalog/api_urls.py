"""Addresses of the catalogue under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.api import MoodList, SongDetail, SongList
from catalog.artists_api import (
    AlbumDetail,
    AlbumList,
    ArtistDetail,
    ArtistHidden,
    ArtistList,
    HiddenArtists,
)
from catalog.label_api import SongLabel
from catalog.opinion_api import SongOpinion
from catalog.streaming import CoverView, SongAudioView

urlpatterns: list[URLPattern | URLResolver] = [
    path("moods", MoodList.as_view(), name="api_moods"),
    path("artists", ArtistList.as_view(), name="api_artists"),
    path("artists/<int:artist_id>", ArtistDetail.as_view(), name="api_artist"),
    path("artists/<int:artist_id>/hidden", ArtistHidden.as_view(), name="api_artist_hidden"),
    path("albums", AlbumList.as_view(), name="api_albums"),
    path("albums/<int:album_id>", AlbumDetail.as_view(), name="api_album"),
    path("me/hidden-artists", HiddenArtists.as_view(), name="api_hidden_artists"),
    path("songs", SongList.as_view(), name="api_songs"),
    path("songs/<uuid:song_id>", SongDetail.as_view(), name="api_song"),
    path("songs/<uuid:song_id>/audio", SongAudioView.as_view(), name="api_song_audio"),
    path("covers/<str:name>", CoverView.as_view(), name="api_cover"),
    path("songs/<uuid:song_id>/opinion", SongOpinion.as_view(), name="api_song_opinion"),
    path("songs/<uuid:song_id>/label", SongLabel.as_view(), name="api_song_label"),
]
