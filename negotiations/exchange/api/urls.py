"""Addresses of the API."""

from __future__ import annotations

from django.urls import path

from negotiations.exchange.api.pages import documentation
from negotiations.exchange.api.routes import api, openapi

# /api/
urlpatterns = [
    path("", documentation, name="api"),
    path("v1/openapi.json", openapi, name="openapi"),
    path("v1/", api.urls),
]
