"""Addresses for machines, beside those of the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from negotiations.exchange import changes, lists, pictures
from negotiations.exchange.downloads import views as downloads
from negotiations.search.entries import Kind

# /changes/: followed
urlpatterns: list[URLPattern | URLResolver] = [
    path("changes/feed/", changes.feed, name="changes-feed")
]

# In other sites’ formats
urlpatterns += [path("", include("negotiations.exchange.standards.urls"))]

# For assistants
urlpatterns += [path("", include("negotiations.exchange.assistants.urls"))]

# /search/, /statements/ and /actions/: followed and kept
urlpatterns += [
    path(f"{here}/{name}/", view, {"here": f"/{here}/", "kind": kind}, name=f"{here}-{name}")
    for here, kind in (("search", None), ("statements", Kind.STATEMENT), ("actions", Kind.ACTION))
    for name, view in (("feed", lists.feed), ("download", downloads.download))
]

# Beside each page with a picture: the picture to keep
urlpatterns += [
    path(f"{here}picture.{suffix}", view, {"suffix": suffix}, name=f"{name}-{suffix}")
    for here, view, name in (
        ("processes/<slug:slug>/timeline/", pictures.process_timeline, "timeline"),
        ("network/", pictures.who_met_whom, "network"),
        ("map/", pictures.meeting_map, "map"),
        ("actions/tracker/", pictures.became, "tracker"),
    )
    for suffix in pictures.SUFFIXES
]

# Beside each list and record: its data
urlpatterns += [path("", include("negotiations.exchange.downloads.urls"))]

# /data/: all of it to keep
urlpatterns += [path("", include("negotiations.exchange.datapackage.urls"))]

# Beside each record's page: its citation
urlpatterns += [path("", include("negotiations.exchange.citing.urls"))]

# /: for crawlers, browsers and assistants
urlpatterns += [path("", include("negotiations.exchange.crawling.urls"))]

# Feeds and calendars beside the pages, and /follow/
urlpatterns += [path("", include("negotiations.exchange.following.urls"))]
