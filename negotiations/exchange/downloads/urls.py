"""Addresses of data: a page's own, with a suffix in place of its last slash."""

from __future__ import annotations

from django.urls import path

from negotiations.exchange.downloads import views
from negotiations.exchange.records.all import BY_PATH

# /search.csv, /statements.jsonl, /meetings.xlsx, /people.json …
urlpatterns = [
    path(f"{here}.{suffix}", views.listed, {"path": here, "suffix": suffix})
    for here in ("search", *(name for name in BY_PATH if name not in ("sources", "open-matters")))
    for suffix in views.SUFFIXES
]

# /statements/12.json, /meetings/<slug>.json …
urlpatterns += [
    path(
        f"{here}/<slug:address>.json",
        views.record,
        {"path": here},
        name=f"{resource.name}-json",
    )
    for here, resource in BY_PATH.items()
    if here != "open-matters"
]

# /meetings/<slug>.csv …
urlpatterns += [
    path(f"{here}/<slug:address>.csv", views.statements_of, {"path": here})
    for here in views.WITH_STATEMENTS
]
