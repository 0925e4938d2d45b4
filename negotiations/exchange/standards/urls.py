"""Addresses of the representations that other sites' standards ask for."""

from __future__ import annotations

from django.urls import path

from negotiations.exchange.standards import cards, documents, embedding

# Popolo and Akoma Ntoso, beside the pages
urlpatterns = [
    path("data/popolo.json", documents.whole, name="popolo"),
    path("meetings/<slug:slug>.popolo.json", documents.meeting_popolo, name="meeting-popolo"),
    path("processes/<slug:slug>.popolo.json", documents.process_popolo, name="process-popolo"),
    path("meetings/<slug:slug>.akn.xml", documents.meeting_akomantoso, name="meeting-akomantoso"),
]

# The pictures that links to a page are shown with
urlpatterns += [
    path("statements/<int:pk>.card.png", cards.of_statement, name="statement-card"),
    path("actions/<int:pk>.card.png", cards.of_action, name="action-card"),
    path("meetings/<slug:slug>.card.png", cards.of_meeting, name="meeting-card"),
]

# Cards in frames of other sites
urlpatterns += [
    path("oembed", embedding.oembed, name="oembed"),
    path("embed/statements/<int:pk>/", embedding.statement, name="embed-statement"),
    path("embed/actions/<int:pk>/", embedding.action, name="embed-action"),
    path("embed/meetings/<slug:slug>/", embedding.meeting, name="embed-meeting"),
]
