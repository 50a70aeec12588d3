"""Addresses of the desk under /curate/."""

from __future__ import annotations

from django.urls import path

from catalog.desk import bulk_pages, label_pages, report_pages, song_page

urlpatterns = [
    path("", label_pages.queue, name="desk"),
    path("card/", label_pages.card, name="desk_card"),
    path("songs/", bulk_pages.songs, name="desk_songs"),
    path("songs/<uuid:song_id>/", song_page.song, name="desk_song"),
    path("songs/<uuid:song_id>/label/", label_pages.label, name="desk_label"),
    path("songs/<uuid:song_id>/skip/", label_pages.skip, name="desk_skip"),
    path("edits/", bulk_pages.edits, name="desk_edits"),
    path("edits/<uuid:edit_id>/undo/", label_pages.undo, name="desk_undo"),
    path("map/", report_pages.mood_map, name="desk_map"),
    path("gaps/", report_pages.gaps, name="desk_gaps"),
    path("agreement/", report_pages.agreement, name="desk_agreement"),
    path("licences/", report_pages.licences, name="desk_licences"),
    path("licences.csv", report_pages.licences_csv, name="desk_licences_csv"),
]
