"""Addresses under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from emotions import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("captures", api.CapturesView.as_view(), name="api_captures"),
    path("captures/<uuid:capture_id>", api.CaptureView.as_view(), name="api_capture"),
    path("readings", api.ReadingsView.as_view(), name="api_readings"),
    path("readings/<uuid:reading_id>", api.ReadingView.as_view(), name="api_reading"),
    path(
        "readings/<uuid:reading_id>/correction",
        api.CorrectionView.as_view(),
        name="api_correction",
    ),
]
