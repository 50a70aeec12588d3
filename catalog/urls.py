"""The address a page's player loads a song from."""

from __future__ import annotations

from django.urls import path

from catalog.streaming import song_audio

urlpatterns = [path("songs/<uuid:song_id>/audio", song_audio, name="song_audio")]
