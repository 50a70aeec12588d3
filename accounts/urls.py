"""Pages about the listener's account."""

from __future__ import annotations

from django.urls import path

from accounts import views

urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("settings/", views.settings, name="settings"),
    path("settings/erasure/", views.account_erase, name="account_erase"),
]
