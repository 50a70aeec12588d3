"""Pages about lists, and what listeners say of songs on them."""

from __future__ import annotations

from django.urls import path

from recommendations import favourites_page, feedback, list_export, views

urlpatterns = [
    path("", views.home, name="home"),
    path("welcome/favourites/", favourites_page.favourites, name="favourites"),
    path("readings/<uuid:reading_id>/lists/", views.list_create, name="list_create"),
    path("lists/", views.list_index, name="list_index"),
    path("lists/wishes/", views.wishes_set, name="wishes_set"),
    path("lists/<uuid:list_id>/", views.list_detail, name="list_detail"),
    path("lists/<uuid:list_id>/export/", list_export.list_export, name="list_export"),
    path("songs/<uuid:song_id>/rating/", feedback.rating_set, name="rating_set"),
    path("songs/<uuid:song_id>/verdicts/", feedback.verdict_create, name="verdict_create"),
    path("verdicts/<uuid:verdict_id>/undo/", feedback.verdict_undo, name="verdict_undo"),
    path("lists/private/", feedback.private_set, name="private_set"),
    path("about/recommender/", views.about_recommender, name="about_recommender"),
]
