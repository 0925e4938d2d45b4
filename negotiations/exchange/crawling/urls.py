"""Where crawlers, browsers and assistants look."""

from __future__ import annotations

from django.urls import path

from negotiations.exchange.crawling import sitemaps, telling

# /
urlpatterns = [
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap-pages"),
    path("sitemap-<slug:kind>-<int:block>.xml", sitemaps.records, name="sitemap-records"),
    path("opensearch.xml", telling.opensearch, name="opensearch"),
    path("llms.txt", telling.llms, name="llms"),
    path(".well-known/security.txt", telling.security, name="security"),
]
