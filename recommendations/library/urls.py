"""Pages of the library, playlists and their links, and taste."""

from __future__ import annotations

from django.urls import path

from recommendations import taste_page
from recommendations.library import pages, playlist_pages, shared_page

urlpatterns = [
    path("library/", pages.overview, name="library"),
    path("library/favourites/", pages.favourites, name="library_favourites"),
    path("library/most-played/", pages.played, name="library_played"),
    path("library/history/", pages.history, name="library_history"),
    path("library/history/clear/", pages.history_clear, name="history_clear"),
    path("library/history/<uuid:play_id>/remove/", pages.history_remove, name="history_remove"),
    path("library/history/<uuid:play_id>/use/", pages.play_use, name="play_use"),
    path("library/playlists/", playlist_pages.playlists, name="playlists"),
    path("library/playlists/<uuid:playlist_id>/", playlist_pages.playlist, name="playlist"),
    path(
        "library/playlists/<uuid:playlist_id>/songs/",
        playlist_pages.playlist_songs,
        name="playlist_songs",
    ),
    path(
        "library/playlists/<uuid:playlist_id>/share/",
        playlist_pages.playlist_share,
        name="playlist_share",
    ),
    path(
        "library/playlists/<uuid:playlist_id>/delete/",
        playlist_pages.playlist_delete,
        name="playlist_delete",
    ),
    path(
        "library/playlists/<uuid:playlist_id>/export/",
        playlist_pages.playlist_export,
        name="playlist_export",
    ),
    path("lists/<uuid:list_id>/playlist/", playlist_pages.list_keep, name="list_keep"),
    path("songs/<uuid:song_id>/playlists/", playlist_pages.playlist_add, name="playlist_add"),
    path("shared/<str:token>/", shared_page.shared, name="shared_playlist"),
    path("taste/", taste_page.taste, name="taste"),
    path("taste/change/", taste_page.taste_change, name="taste_change"),
    path("taste/undo/<uuid:edit_id>/", taste_page.taste_undo, name="taste_undo"),
    path("taste/reset/", taste_page.taste_reset, name="taste_reset"),
]
