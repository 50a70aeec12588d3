"""All addresses of the product."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from moodmusic import health, pwa
from moodmusic.theme import theme_set

handler400 = "moodmusic.problems.bad_request"
handler403 = "moodmusic.problems.forbidden"
handler404 = "moodmusic.problems.not_found"
handler500 = "moodmusic.problems.server_error"

_api: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("", include("accounts.api_urls")),
    path("", include("emotions.api_urls")),
    path("", include("catalog.api_urls")),
    path("", include("recommendations.api_urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", health.metrics, name="metrics"),
    path("theme/", theme_set, name="theme_set"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.service_worker, name="service_worker"),
    path("offline/", pwa.offline, name="offline"),
    path("admin/", admin.site.urls),
    # allauth's own list of sessions: ours says more.
    path("accounts/sessions/", RedirectView.as_view(url="/privacy/#devices")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include(_api)),
    path("", include("accounts.urls")),
    path("", include("emotions.urls")),
    path("", include("catalog.urls")),
    path("", include("recommendations.urls")),
]
