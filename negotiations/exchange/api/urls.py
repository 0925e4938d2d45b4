"""Addresses of the API."""

from __future__ import annotations

from django.urls import path

from negotiations.exchange.api.pages import documentation
from negotiations.exchange.api.routes import api, openapi

# /api/
urlpatterns = [
    path("api/", documentation, name="api"),
    path("api/v1/openapi.json", openapi, name="openapi"),
    path("api/v1/", api.urls),
]
