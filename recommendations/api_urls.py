"""Addresses of lists and feedback under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from recommendations.api import (
    ListDetail,
    Lists,
    ListWishesView,
    PlayDetail,
    Plays,
    PrivateListening,
    SongRating,
    SongVerdicts,
    VerdictDetail,
)
from recommendations.favourites_api import FavouriteChoices, Favourites
from recommendations.list_export import ListExport

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/favourites", Favourites.as_view(), name="api_favourites"),
    path("me/favourites/choices", FavouriteChoices.as_view(), name="api_favourite_choices"),
    path("lists", Lists.as_view(), name="api_lists"),
    path("lists/wishes", ListWishesView.as_view(), name="api_list_wishes"),
    path("lists/<uuid:list_id>", ListDetail.as_view(), name="api_list"),
    path("lists/<uuid:list_id>/export", ListExport.as_view(), name="api_list_export"),
    path("songs/<uuid:song_id>/rating", SongRating.as_view(), name="api_song_rating"),
    path("songs/<uuid:song_id>/verdicts", SongVerdicts.as_view(), name="api_song_verdicts"),
    path("plays", Plays.as_view(), name="api_plays"),
    path("plays/<uuid:play_id>", PlayDetail.as_view(), name="api_play"),
    path("verdicts/<uuid:verdict_id>", VerdictDetail.as_view(), name="api_verdict"),
    path("me/private", PrivateListening.as_view(), name="api_private"),
]
