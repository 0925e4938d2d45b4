"""The addresses of citations: a page's own, without its last slash, and a suffix."""

from __future__ import annotations

from django.urls import path

from negotiations.addresses import pattern, with_pages
from negotiations.exchange.citing import views
from negotiations.insight.citing.files import FILES

# /statements/<id>.bib and the like
urlpatterns = [
    path(
        f"{pattern(model)}.{suffix}",
        views.file,
        {"kind": kind, "suffix": suffix},
        name=f"{kind}-{suffix}",
    )
    for kind, model in with_pages().items()
    for suffix in FILES
]
