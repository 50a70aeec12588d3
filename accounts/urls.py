"""Pages about the listener's account."""

from __future__ import annotations

from django.urls import path

from accounts import privacy_pages, views

urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("settings/", views.settings, name="settings"),
    path("settings/erasure/", privacy_pages.account_erase, name="account_erase"),
    path("language/", views.language, name="language"),
    path("privacy/", privacy_pages.privacy, name="privacy"),
    path("privacy/details/", privacy_pages.details, name="privacy_details"),
    path("privacy/consent/", privacy_pages.consent_answer, name="privacy_consent"),
    path("privacy/keep-for/", privacy_pages.keep_for, name="privacy_keep_for"),
    path("privacy/download/", privacy_pages.download, name="privacy_download"),
    path("privacy/devices/end/", privacy_pages.devices_end, name="devices_end"),
    path("privacy/devices/<int:session_id>/end/", privacy_pages.device_end, name="device_end"),
]
