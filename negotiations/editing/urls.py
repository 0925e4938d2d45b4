"""The pages of the desk that are not forms of a single record; they come before admin's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import include, path

from negotiations.editing import following, restoring, review
from negotiations.editing.capture import views as capture
from negotiations.editing.drafting import views as drafting
from negotiations.editing.duplicates import views as duplicates
from negotiations.editing.importing import pages as importing

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

# /admin/capture/
urlpatterns: list[URLPattern | URLResolver] = [
    path("capture/", capture.capture, name="capture"),
    path("capture/<int:pk>/", capture.capture_anew, name="capture_anew"),
]

# /admin/draft/
urlpatterns += [
    path("draft/", drafting.sources, name="draft_sources"),
    path("draft/<int:pk>/", drafting.draft, name="draft"),
    path("draft/<int:pk>/suggestions/", drafting.suggestions, name="draft_suggestions"),
    path("draft/<int:pk>/review/", drafting.review, name="draft_review"),
]

# /admin/review/
urlpatterns += [
    path("review/", review.review, name="review"),
    path("review/meeting/<int:pk>/", review.review_meeting, name="review_meeting"),
    path("review/<slug:kind>/<slug:step>/", review.review_step, name="review_step"),
]

# /admin/history/
urlpatterns += [
    path("history/deleted/", restoring.deleted, name="deleted"),
    path("history/<slug:kind>/<int:event>/restore/", restoring.restore, name="restore"),
]

# /admin/import/
urlpatterns += [
    path("import/", importing.start, name="import"),
    path("import/<int:pk>/", importing.look, name="import_look"),
    path("import/<int:pk>/report.csv", importing.report, name="import_report"),
    path("import/columns/<slug:name>/", importing.columns, name="import_columns"),
    path("import/columns/<slug:name>.csv", importing.template, name="import_template"),
]

# /admin/duplicates/, /admin/merge/<kind>/ and /admin/merges/
urlpatterns += [
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("merge/<slug:kind>/<int:keep>/<int:other>/", duplicates.merge_two, name="merge"),
    path("merges/", duplicates.merges, name="merges"),
    path("merges/<int:merge_id>/undo/", duplicates.undo_merge, name="undo_merge"),
]

# /admin/following/
urlpatterns += [path("following/", following.following, name="following")]

# /admin/account/
urlpatterns += [path("", include("negotiations.editing.accounts.urls"))]
