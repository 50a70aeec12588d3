"""Pages from a face, or a word, to a reading."""

from __future__ import annotations

from django.urls import path

from emotions import views

urlpatterns = [
    path("mood/", views.mood, name="mood"),
    path("mood/consent/", views.consent_answer, name="mood_consent"),
    path("captures/", views.capture_create, name="capture_create"),
    path("captures/<uuid:capture_id>/", views.capture_detail, name="capture_detail"),
    path("readings/", views.reading_create, name="reading_create"),
    path("about/model/", views.about_model, name="about_model"),
]
