"""Addresses of the API."""

from __future__ import annotations

from django.urls import path

from negotiations.exchange.api.pages import documentation
from negotiations.exchange.api.routes import api, openapi
from negotiations.exchange.writing import routes as writing  # noqa: F401 - adds its addresses

# /api/
urlpatterns = [
    path("", documentation, name="api"),
    path("v1/openapi.json", openapi, name="openapi"),
    path("v1/", api.urls),
]
