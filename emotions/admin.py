"""Captures and readings in the admin: superusers may look, nobody may write; no pictures."""

from __future__ import annotations

from django.contrib import admin

from emotions.models import Capture, Reading
from moodmusic.records import PrivateRecordAdmin


@admin.register(Capture)
class CaptureAdmin(PrivateRecordAdmin):
    date_hierarchy = "created_at"
    list_display = ("created_at", "user", "state", "reason", "attempts", "frames_deleted_at")
    list_filter = ("state", "reason")


@admin.register(Reading)
class ReadingAdmin(PrivateRecordAdmin):
    date_hierarchy = "created_at"
    list_display = ("created_at", "user", "source", "label", "confidence", "unsure", "corrected_to")
    list_filter = ("source", "label", "unsure")
    exclude = ("note",)
