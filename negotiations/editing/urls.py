"""The pages of the desk that are not forms of a single record; they come before admin's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from negotiations.editing.importing import pages as importing

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    # import/
    path("import/", importing.start, name="import"),
    path("import/<int:pk>/", importing.look, name="import_look"),
    path("import/<int:pk>/report.csv", importing.report, name="import_report"),
    path("import/columns/<slug:name>/", importing.columns, name="import_columns"),
    path("import/columns/<slug:name>.csv", importing.template, name="import_template"),
]
