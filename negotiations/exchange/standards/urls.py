"""Addresses of the representations that other sites' standards ask for."""

from __future__ import annotations

from django.urls import path

from negotiations.exchange.standards import documents

# Popolo and Akoma Ntoso, beside the pages
urlpatterns = [
    path("data/popolo.json", documents.whole, name="popolo"),
    path("meetings/<slug:slug>.popolo.json", documents.meeting_popolo, name="meeting-popolo"),
    path("processes/<slug:slug>.popolo.json", documents.process_popolo, name="process-popolo"),
    path("meetings/<slug:slug>.akn.xml", documents.meeting_akomantoso, name="meeting-akomantoso"),
]
