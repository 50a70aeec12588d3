"""The admin site: open to staff and curators, entered through the ordinary sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.selectors import is_curator


class Site(AdminSite):
    """Membership of the curator group is enough to enter; no second switch must be set."""

    site_header = site_title = "MoodMusic"
    index_title = "Curation and administration"

    def has_permission(self, request: HttpRequest) -> bool:
        return is_curator(user=request.user)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send visitors to the sign-in page, whose rate limits hold for the admin too."""
        if self.has_permission(request):
            return redirect("admin:index")
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response
