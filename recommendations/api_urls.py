"""Addresses of lists and feedback under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from recommendations.api import (
    ListDetail,
    Lists,
    ListTail,
    ListWishesView,
    NudgeDetail,
    PlayDetail,
    Plays,
    PrivateListening,
    SongNudges,
    SongRating,
    SongVerdicts,
    VerdictDetail,
)
from recommendations.api.live import LiveDetail, LiveSessions
from recommendations.favourites_api import FavouriteChoices, Favourites
from recommendations.journal import api_urls as journal_api_urls
from recommendations.list_export import ListExport

urlpatterns: list[URLPattern | URLResolver] = [
    *journal_api_urls.urlpatterns,
    path("me/favourites", Favourites.as_view(), name="api_favourites"),
    path("me/favourites/choices", FavouriteChoices.as_view(), name="api_favourite_choices"),
    path("lists", Lists.as_view(), name="api_lists"),
    path("lists/wishes", ListWishesView.as_view(), name="api_list_wishes"),
    path("lists/<uuid:list_id>", ListDetail.as_view(), name="api_list"),
    path("lists/<uuid:list_id>/tail", ListTail.as_view(), name="api_list_tail"),
    path("lists/<uuid:list_id>/export", ListExport.as_view(), name="api_list_export"),
    path("songs/<uuid:song_id>/rating", SongRating.as_view(), name="api_song_rating"),
    path("songs/<uuid:song_id>/verdicts", SongVerdicts.as_view(), name="api_song_verdicts"),
    path("songs/<uuid:song_id>/nudges", SongNudges.as_view(), name="api_song_nudges"),
    path("nudges/<uuid:nudge_id>", NudgeDetail.as_view(), name="api_nudge"),
    path("plays", Plays.as_view(), name="api_plays"),
    path("plays/<uuid:play_id>", PlayDetail.as_view(), name="api_play"),
    path("verdicts/<uuid:verdict_id>", VerdictDetail.as_view(), name="api_verdict"),
    path("live", LiveSessions.as_view(), name="api_live_sessions"),
    path("live/<uuid:live_id>", LiveDetail.as_view(), name="api_live"),
    path("", include("recommendations.library.api_urls")),
    path("me/private", PrivateListening.as_view(), name="api_private"),
]
