"""The pages of the desk that are not forms of a single record; they come before admin's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from negotiations.editing.drafting import views as drafting

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    # /admin/draft/
    path("draft/", drafting.sources, name="draft_sources"),
    path("draft/<int:pk>/", drafting.draft, name="draft"),
    path("draft/<int:pk>/suggestions/", drafting.suggestions, name="draft_suggestions"),
    path("draft/<int:pk>/review/", drafting.review, name="draft_review"),
]
