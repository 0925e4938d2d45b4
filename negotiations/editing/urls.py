"""The pages of the desk that are not forms of a single record; they come before admin's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from negotiations.editing.capture.views import capture, capture_anew

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("capture/", capture, name="capture"),
    path("capture/<int:pk>/", capture_anew, name="capture_anew"),
]
