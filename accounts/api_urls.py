from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from accounts import api, headless

urlpatterns: list[URLPattern | URLResolver] = [
    path("me", api.MeView.as_view(), name="api_me"),
    path("me/consent", api.ConsentView.as_view(), name="api_consent"),
    path("me/keep-for", api.KeepForView.as_view(), name="api_keep_for"),
    path("me/export", api.ExportView.as_view(), name="api_export"),
    path("me/erasure", api.ErasureView.as_view(), name="api_erasure"),
    *(
        path(where, headless.view_of(view), name=f"api_{name}")
        for where, (name, view) in headless.ENDPOINTS.items()
    ),
]
