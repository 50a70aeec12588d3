"""Addresses of the journal under /api/v1/."""

from __future__ import annotations

from django.urls import path

from recommendations.journal import api

urlpatterns = [
    path("journal", api.Journal.as_view(), name="api_journal"),
    path("journal/summary", api.Summary.as_view(), name="api_journal_summary"),
    path("journal/export", api.Export.as_view(), name="api_journal_export"),
    path("journal/question", api.Question.as_view(), name="api_journal_question"),
    path("journal/<uuid:reading_id>", api.Entry.as_view(), name="api_journal_entry"),
    path("lists/<uuid:list_id>/mood-after", api.After.as_view(), name="api_mood_after"),
]
