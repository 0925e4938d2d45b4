"""The addresses: admin's, those for machines, and the pages'."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

handler400 = "negotiations.pages.errors.bad_request"
handler500 = "negotiations.pages.errors.server_error"

urlpatterns = [
    path("admin/", include("negotiations.editing.urls")),
    path("admin/", include("negotiations.operating.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("negotiations.exchange.api.urls")),
    # Pages before what is beside them: they are asked for most, and each address is compared in turn.
    path("", include("negotiations.pages.urls")),
    path("", include("negotiations.exchange.urls")),
]
