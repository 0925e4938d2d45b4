"""The pages of the desk that are not forms of a single record; they come before admin's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from negotiations.editing.duplicates import views as duplicates

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    # /admin/duplicates/, /admin/merge/<kind>/, /admin/merges/
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path(
        "merge/<slug:kind>/<int:keep>/<int:other>/",
        duplicates.merge_two,
        name="merge",
    ),
    path("merges/", duplicates.merges, name="merges"),
    path("merges/<int:merge_id>/undo/", duplicates.undo_merge, name="undo_merge"),
]
