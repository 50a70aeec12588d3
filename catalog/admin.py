"""The catalogue in the admin: curators keep songs' moods honest.

Every change here goes through the services, so that lists follow it and history says who made it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from accounts.models import User
from catalog import services
from catalog.forms import MoodsActionForm, SongForm
from catalog.import_admin import ImportRunAdmin  # noqa: F401 - registers itself
from catalog.models import Annotation, Artist, Mood, Song

#: Songs of one bulk action: a transaction of some seconds, in which nobody else can write.
MOST_SONGS = 5000


def staff_of(request: HttpRequest) -> User:
    """Who is signed in to the admin."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def songs_named(count: int) -> str:
    """ "1 song", "2 songs"."""
    return f"{count} song" if count == 1 else f"{count} songs"


class AnnotationInline(admin.TabularInline):
    """Every judgement of the song's moods, newest first; answered by new ones, never edited."""

    model = Annotation
    fields = readonly_fields = (
        "mood", "present", "source", "author", "created_at", "answers"
    )  # fmt: skip
    ordering = ["-pk"]
    extra = 0
    verbose_name_plural = "judgements"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Annotation]:
        return super().get_queryset(request).select_related("mood", "author")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Song)
class SongAdmin(SimpleHistoryAdmin):
    """Songs, their moods alone or in bulk. Songs are hidden, never deleted: people rated them."""

    form = SongForm
    list_display = ["title", "artist", "genre", "moods_shown", "hidden", "listen"]
    list_filter = ["moods", "hidden", "genre"]
    list_select_related = ["artist"]
    search_fields = ["title", "artist__name"]
    autocomplete_fields = ["artist"]
    show_full_result_count = False
    inlines = [AnnotationInline]
    readonly_fields = ["player", "duration_s", "valence", "arousal", "piece", "created_at"]
    fieldsets = [
        (None, {"fields": ["title", "artist", "player", "judged_moods", "hidden"]}),
        ("Origin", {"fields": ["genre", "licence", "credit", "piece", "created_at"]}),
        ("Derived", {"fields": ["duration_s", "valence", "arousal"]}),
    ]
    actions = ["moods_set", "moods_add", "moods_remove", "hide", "show"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Song]:
        songs: QuerySet[Song] = super().get_queryset(request)
        # Sorting many rows is quick as long as their features need not be carried along.
        return songs.prefetch_related("moods").defer("features")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Song | None = None) -> bool:
        return False

    # --- What is shown ----------------------------------------------------------------------------

    @admin.display(description="moods")
    def moods_shown(self, song: Song) -> str:
        return ", ".join(mood.name for mood in song.moods.all()) or "none"

    @admin.display(description="audio")
    def listen(self, song: Song) -> str:
        if not song.has_audio:
            return "none"
        return format_html('<a href="{}">Listen</a>', reverse("api_song_audio", args=[song.pk]))

    @admin.display(description="audio")
    def player(self, song: Song) -> str:
        if not song.has_audio:
            return "none"
        return format_html(
            '<audio controls preload="none" src="{}"></audio>',
            reverse("api_song_audio", args=[song.pk]),
        )

    # --- One song ---------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Song, form: SongForm, change: bool) -> None:
        data = {name: form.cleaned_data[name] for name in form.changed_data}
        moods = data.pop("judged_moods", None)
        if data or moods is not None:
            services.song_update(song=obj, by=staff_of(request), moods=moods, **data)

    def revert_disabled(self, request: HttpRequest, obj: Song | None = None) -> bool:
        return True

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """An older state, to look at; going back is a judgement of its own."""
        if request.method == "POST":
            raise PermissionDenied
        response: HttpResponse = super().history_form_view(
            request, object_id, version_id, extra_context
        )
        return response

    # --- Many songs -------------------------------------------------------------------------------

    @admin.action(description="Set moods…", permissions=["change"])
    def moods_set(self, request: HttpRequest, queryset: QuerySet[Song]) -> HttpResponse | None:
        return self._moods_action(
            request, queryset, "moods_set", "Set the moods of", services.song_moods_set
        )

    @admin.action(description="Add moods…", permissions=["change"])
    def moods_add(self, request: HttpRequest, queryset: QuerySet[Song]) -> HttpResponse | None:
        return self._moods_action(
            request, queryset, "moods_add", "Add moods to", services.song_moods_add
        )

    @admin.action(description="Remove moods…", permissions=["change"])
    def moods_remove(self, request: HttpRequest, queryset: QuerySet[Song]) -> HttpResponse | None:
        return self._moods_action(
            request, queryset, "moods_remove", "Remove moods from", services.song_moods_remove
        )

    def _moods_action(
        self, request: HttpRequest, queryset: QuerySet[Song], action: str, title: str, service: Any
    ) -> HttpResponse | None:
        """Ask which moods, then judge; None sends the curator back to the list."""
        if self._refuse_too_many(request, queryset):
            return None
        asked = "apply" in request.POST
        # "Set" to no mood at all says that the songs have none; adding none would say nothing.
        form = MoodsActionForm(request.POST if asked else None, required=action != "moods_set")
        if asked and form.is_valid():
            changed = service(
                songs=queryset,
                moods=form.cleaned_data["moods"],
                by=staff_of(request),
                source=Annotation.Source.CURATOR,
            )
            self.message_user(
                request, f"The moods of {songs_named(changed)} changed.", messages.SUCCESS
            )
            return None
        count = queryset.count()
        across = request.POST.get("select_across") == "1"
        context = {
            **self.admin_site.each_context(request),
            "title": f"{title} {songs_named(count)}",
            "opts": self.model._meta,
            "form": form,
            "media": self.media,
            "action": action,
            # All songs of the list are named by the list's own address, and Django wants one key.
            "selected": request.POST.getlist("_selected_action")[: 1 if across else None],
            "select_across": int(across),
            "examples": queryset[:10],
            "further": max(0, count - 10),
        }
        return TemplateResponse(request, "admin/catalog/song/moods_action.html", context)

    @admin.action(description="Hide from lists", permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Song]) -> None:
        if not self._refuse_too_many(request, queryset):
            count = services.song_hide(songs=queryset, by=staff_of(request))
            self.message_user(request, f"{songs_named(count)} hidden.", messages.SUCCESS)

    @admin.action(description="Show in lists again", permissions=["change"])
    def show(self, request: HttpRequest, queryset: QuerySet[Song]) -> None:
        if not self._refuse_too_many(request, queryset):
            count = services.song_show(songs=queryset, by=staff_of(request))
            self.message_user(request, f"{songs_named(count)} shown again.", messages.SUCCESS)

    def _refuse_too_many(self, request: HttpRequest, queryset: QuerySet[Song]) -> bool:
        refused = queryset.count() > MOST_SONGS
        if refused:
            self.message_user(
                request,
                f"At most {MOST_SONGS} songs change at a time: narrow the list with a filter.",
                messages.ERROR,
            )
        return refused


@admin.register(Mood)
class MoodAdmin(ModelAdmin):
    """Moods and their points; moving a point moves the songs that have the mood."""

    list_display = ["name", "slug", "valence", "arousal", "songs_counted"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mood]:
        return super().get_queryset(request).annotate(song_count=Count("songs"))

    @admin.display(description="songs", ordering="song_count")
    def songs_counted(self, mood: Any) -> int:
        count: int = mood.song_count
        return count

    def get_readonly_fields(self, request: HttpRequest, obj: Mood | None = None) -> list[str]:
        return ["slug"] if obj else []  # addresses name moods by their slug

    def has_delete_permission(self, request: HttpRequest, obj: Mood | None = None) -> bool:
        """One at a time, and none that a song was ever judged to have."""
        if obj is None or obj.annotations.filter(present=True).exists():
            return False
        return super().has_delete_permission(request, obj)

    def save_model(
        self, request: HttpRequest, obj: Mood, form: forms.ModelForm[Mood], change: bool
    ) -> None:
        if not change:
            super().save_model(request, obj, form, change)
        elif form.changed_data:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            services.mood_update(mood=obj, **changes)


@admin.register(Artist)
class ArtistAdmin(ModelAdmin):
    """Artists, by name."""

    list_display = ["name", "songs_counted"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Artist]:
        return super().get_queryset(request).annotate(song_count=Count("songs"))

    @admin.display(description="songs", ordering="song_count")
    def songs_counted(self, artist: Any) -> int:
        count: int = artist.song_count
        return count

    def save_model(
        self, request: HttpRequest, obj: Artist, form: forms.ModelForm[Artist], change: bool
    ) -> None:
        if not change:
            super().save_model(request, obj, form, change)
        elif "name" in form.changed_data:
            services.artist_update(artist=obj, name=form.cleaned_data["name"])
