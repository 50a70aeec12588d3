"""Pages about lists, and what listeners say of songs on them."""

from __future__ import annotations

from django.urls import include, path

from recommendations import (
    favourites_page,
    feedback,
    home_page,
    list_export,
    list_page,
    reading_page,
    tail_pages,
    views,
)
from recommendations.journal import urls as journal_urls

urlpatterns = [
    *journal_urls.urlpatterns,
    path("", home_page.home, name="home"),
    path("welcome/favourites/", favourites_page.favourites, name="favourites"),
    path("readings/<uuid:reading_id>/", reading_page.reading_detail, name="reading_detail"),
    path(
        "readings/<uuid:reading_id>/correction/",
        reading_page.reading_correct,
        name="reading_correct",
    ),
    path("readings/<uuid:reading_id>/lists/", list_page.list_create, name="list_create"),
    path("lists/", views.list_index, name="list_index"),
    path("lists/wishes/", views.wishes_set, name="wishes_set"),
    path("lists/<uuid:list_id>/", list_page.list_detail, name="list_detail"),
    path("lists/<uuid:list_id>/export/", list_export.list_export, name="list_export"),
    path("lists/<uuid:list_id>/tail/", tail_pages.tail_create, name="tail_create"),
    path("nudges/", tail_pages.nudge_create, name="nudge_create"),
    path("nudges/<uuid:nudge_id>/undo/", tail_pages.nudge_undo, name="nudge_undo"),
    path("songs/<uuid:song_id>/rating/", feedback.rating_set, name="rating_set"),
    path("songs/<uuid:song_id>/verdicts/", feedback.verdict_create, name="verdict_create"),
    path("verdicts/<uuid:verdict_id>/undo/", feedback.verdict_undo, name="verdict_undo"),
    path("lists/private/", feedback.private_set, name="private_set"),
    path("", include("recommendations.library.urls")),
    path("about/recommender/", views.about_recommender, name="about_recommender"),
]
