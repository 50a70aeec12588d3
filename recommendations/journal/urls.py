"""Addresses of the journal's pages."""

from __future__ import annotations

from django.urls import path

from recommendations.journal import pages

urlpatterns = [
    path("journal/", pages.journal, name="journal"),
    path("journal/export/", pages.export, name="journal_export"),
    path("journal/asking/", pages.asking, name="journal_asking"),
    path("journal/after/", pages.question, name="mood_after"),
    path("journal/after/<uuid:list_id>/", pages.answer, name="mood_after_set"),
    path("journal/moods/<slug:emotion>/", pages.mood_songs, name="journal_mood"),
    path("journal/readings/<uuid:reading_id>/note/", pages.note, name="journal_note"),
    path("journal/readings/<uuid:reading_id>/delete/", pages.delete, name="journal_delete"),
    path("journal/<slug:view>/", pages.journal, name="journal_view"),
    path("journal/<slug:view>/<str:on>/", pages.journal, name="journal_period"),
]
