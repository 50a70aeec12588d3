"""Addresses of library, playlists and taste under /api/v1/."""

from __future__ import annotations

from django.urls import path

from recommendations.beliefs.api import TasteEditDetail, TasteEdits, TasteReset, TasteView
from recommendations.library.api import FavouriteSongs, History, HistoryPlay, MostPlayed
from recommendations.library.playlists_api import (
    PlaylistDetail,
    PlaylistExport,
    PlaylistLink,
    Playlists,
    PlaylistSong,
    PlaylistSongs,
)

urlpatterns = [
    path("playlists", Playlists.as_view(), name="api_playlists"),
    path("playlists/<uuid:playlist_id>", PlaylistDetail.as_view(), name="api_playlist"),
    path("playlists/<uuid:playlist_id>/songs", PlaylistSongs.as_view(), name="api_playlist_songs"),
    path(
        "playlists/<uuid:playlist_id>/songs/<uuid:song_id>",
        PlaylistSong.as_view(),
        name="api_playlist_song",
    ),
    path("playlists/<uuid:playlist_id>/link", PlaylistLink.as_view(), name="api_playlist_link"),
    path(
        "playlists/<uuid:playlist_id>/export",
        PlaylistExport.as_view(),
        name="api_playlist_export",
    ),
    path("library/favourites", FavouriteSongs.as_view(), name="api_library_favourites"),
    path("library/most-played", MostPlayed.as_view(), name="api_library_played"),
    path("library/history", History.as_view(), name="api_library_history"),
    path("library/history/<uuid:play_id>", HistoryPlay.as_view(), name="api_library_play"),
    path("taste", TasteView.as_view(), name="api_taste"),
    path("taste/edits", TasteEdits.as_view(), name="api_taste_edits"),
    path("taste/edits/<uuid:edit_id>", TasteEditDetail.as_view(), name="api_taste_edit"),
    path("taste/reset", TasteReset.as_view(), name="api_taste_reset"),
]
