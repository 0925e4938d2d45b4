"""The pages of the desk that are not forms of a single record; they come before admin's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import include, path

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("negotiations.editing.accounts.urls")),
]
