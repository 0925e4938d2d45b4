"""The package's addresses: those of its files are beside that of its description."""

from __future__ import annotations

from django.urls import path

from negotiations.exchange.datapackage import serving

# /data/
urlpatterns = [
    path("data/datapackage.zip", serving.archive, name="datapackage"),
    path("data/datapackage.json", serving.descriptor, name="datapackage-descriptor"),
    path("data/<slug:name>.csv", serving.table, name="datapackage-table"),
]
