"""The pages of the desk that are not forms of a single record; they come before admin's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from negotiations.editing import restoring

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("history/deleted/", restoring.deleted, name="deleted"),
    path("history/<slug:kind>/<int:event>/restore/", restoring.restore, name="restore"),
]
