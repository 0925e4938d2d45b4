"""The one Django app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class NegotiationsConfig(AppConfig):
    name = "negotiations"
    label = "negotiations"
    verbose_name = "Negotiations"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """The records, then the tables of the search index, which knows them."""
        super().import_models()
        import_module("negotiations.search.entries")
