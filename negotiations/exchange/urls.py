"""Addresses for machines, beside those of the pages."""

from __future__ import annotations

from django.urls import path

from negotiations.exchange import changes, lists
from negotiations.search.entries import Kind

# /changes/: followed
urlpatterns = [path("changes/feed/", changes.feed, name="changes-feed")]

# /search/, /statements/ and /actions/: followed and kept
urlpatterns += [
    path(f"{here}/{name}/", view, {"here": f"/{here}/", "kind": kind}, name=f"{here}-{name}")
    for here, kind in (("search", None), ("statements", Kind.STATEMENT), ("actions", Kind.ACTION))
    for name, view in (("feed", lists.feed), ("download", lists.download))
]
