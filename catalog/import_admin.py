"""Imports in the admin: a way to their own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from catalog.models import ImportRun
from catalog.selectors import imports_seen


@admin.register(ImportRun)
class ImportRunAdmin(ModelAdmin):
    """The way from the admin to the pages of imports, which do the work."""

    list_display = ["page", "state", "dry_run", "created", "updated", "refused", "created_at"]
    list_display_links = None
    list_filter = ["kind", "state"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        return imports_seen()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return request.user.has_perm("catalog.change_song")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Says where imports are started, above the list."""
        link = format_html(
            'Imports are started and watched <a href="{}">on their own page</a>.',
            reverse("imports"),
        )
        if request.method == "GET":
            self.message_user(request, link, messages.INFO)
        return super().changelist_view(request, extra_context)

    @admin.display(description="import")
    def page(self, run: ImportRun) -> str:
        return format_html('<a href="{}">{}</a>', reverse("import_detail", args=[run.pk]), run.name)
