"""Records in the admin: what happened is looked at, never written by hand."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest


class RecordAdmin(admin.ModelAdmin):
    """Read-only. A record goes only with the user it is about."""

    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only with its user: Django asks this of everything that a deletion takes along."""
        match = request.resolver_match
        return bool(
            match
            and (match.url_name or "").startswith("accounts_user_")
            and super().has_delete_permission(request, obj)
        )


class PrivateRecordAdmin(RecordAdmin):
    """What a listener left behind: for superusers' eyes, whatever permissions others hold."""

    list_select_related: ClassVar[tuple[str, ...]] = ("user",)
    search_fields = ("user__email",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
