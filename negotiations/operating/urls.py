"""The operators' pages."""

from __future__ import annotations

from django.urls import path

from negotiations.operating import page

# /admin/operating/
urlpatterns = [
    path("operating/", page.operating, name="operating"),
    path("operating/tasks/<uuid:pk>/", page.failed_task, name="failed_task"),
]
