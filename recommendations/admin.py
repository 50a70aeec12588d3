"""Recommendations in the admin: the policy is edited, the rest only looked at."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from moodmusic.records import PrivateRecordAdmin, RecordAdmin
from recommendations.models import (
    Favourite,
    ListItem,
    ListWishes,
    ModelVersion,
    MoodAfter,
    Nudge,
    Play,
    Policy,
    Rating,
    SongList,
    Verdict,
)


class PolicyForm(forms.ModelForm):
    """An emptied field of wishes means that there are none."""

    class Meta:
        model = Policy
        fields: ClassVar[list[str]] = ["valence", "arousal", "wishes"]

    def clean_wishes(self) -> dict[str, float]:
        wishes: dict[str, float] = self.cleaned_data["wishes"] or {}
        return wishes


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):
    """Where each emotion leads under each goal. Rows are edited, never added or removed."""

    form = PolicyForm
    list_display = ["emotion", "goal", "valence", "arousal", "wishes"]
    list_filter = ["goal", "emotion"]
    list_editable = ["valence", "arousal"]
    readonly_fields = ["emotion", "goal"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(ModelVersion)
class ModelVersionAdmin(RecordAdmin):
    list_display = ["number", "active", "events", "users", "songs", "created_at"]


class ListItemInline(admin.TabularInline):
    model = ListItem
    fields = ("position", "song", "score", "parts", "reason", "propensity", "tried", "new")
    readonly_fields = fields
    can_delete = False
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SongList)
class SongListAdmin(PrivateRecordAdmin):
    list_display = ["created_at", "user", "emotion", "goal", "journey", "collaborative_weight"]
    list_filter = ["goal", "emotion"]
    inlines = [ListItemInline]


@admin.register(ListWishes)
class ListWishesAdmin(PrivateRecordAdmin):
    list_display = ["user", "new_percent", "familiar_first"]


@admin.register(Rating)
class RatingAdmin(PrivateRecordAdmin):
    list_display = ["updated_at", "user", "song", "stars", "emotion"]
    list_select_related = ("user", "song")


@admin.register(Play)
class PlayAdmin(PrivateRecordAdmin):
    list_display = ["started_at", "user", "song", "outcome", "position_s", "emotion"]
    list_select_related = ("user", "song")


@admin.register(Nudge)
class NudgeAdmin(PrivateRecordAdmin):
    list_display = ["created_at", "user", "song", "kind", "emotion"]
    list_select_related = ("user", "song")


@admin.register(Verdict)
class VerdictAdmin(PrivateRecordAdmin):
    list_display = ["created_at", "user", "song", "kind", "emotion"]
    list_select_related = ("user", "song")


@admin.register(Favourite)
class FavouriteAdmin(PrivateRecordAdmin):
    list_display = ["created_at", "user", "artist", "genre"]
    list_select_related = ("user", "artist")


@admin.register(MoodAfter)
class MoodAfterAdmin(PrivateRecordAdmin):
    list_display = ["closed_at", "user", "song_list", "answer", "emotion"]
    list_select_related = ("user", "song_list")
