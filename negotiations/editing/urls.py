"""The pages of the desk that are not forms of a single record; they come before admin's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from negotiations.editing import review

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

# /admin/review/
urlpatterns += [
    path("review/", review.review, name="review"),
    path("review/meeting/<int:pk>/", review.review_meeting, name="review_meeting"),
    path("review/<slug:kind>/<slug:step>/", review.review_step, name="review_step"),
]
