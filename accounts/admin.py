"""Users and consent in the admin; superusers alone see them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Consent, User
from accounts.selectors import CURATOR_GROUP
from moodmusic.records import RecordAdmin


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Users by e-mail address."""

    ordering = ("email",)
    list_display = ("email", "date_joined", "last_login", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "groups")
    search_fields = ("email",)
    readonly_fields = ("date_joined", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Roles", {"fields": ("groups", "is_active", "is_staff", "is_superuser")}),
        ("Language and time", {"fields": ("language", "time_zone")}),
        ("Times", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "usable_password", "password1", "password2"),
            },
        ),
    )
    filter_horizontal = ()
    actions = ("curators_make", "curators_end")

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Whoever may delete an account deletes all that is its own, whatever else they may."""
        what, counts, _forbidden, protected = super().get_deleted_objects(objs, request)
        return what, counts, set(), protected

    @admin.action(permissions=["change"], description="Make curators (may edit songs and moods)")
    def curators_make(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        group = Group.objects.get(name=CURATOR_GROUP)
        group.user_set.add(*queryset)
        self.message_user(request, f"{queryset.count()} may now curate.", messages.SUCCESS)

    @admin.action(permissions=["change"], description="End being curators")
    def curators_end(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        group = Group.objects.get(name=CURATOR_GROUP)
        group.user_set.remove(*queryset)
        self.message_user(request, f"{queryset.count()} no longer curate.", messages.SUCCESS)


@admin.register(Consent)
class ConsentAdmin(RecordAdmin):
    """Evidence: to be read, never written."""

    list_display = ("user", "version", "granted_at", "withdrawn_at")
    list_filter = ("version",)
    search_fields = ("user__email",)
