"""The one Django app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class NegotiationsConfig(AppConfig):
    name = "negotiations"
    label = "negotiations"
    verbose_name = "Negotiations"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """The records, then the tables of the search index, which knows them."""
        super().import_models()
        import_module("negotiations.search.entries")

    def ready(self) -> None:
        """Watch what is done, from the first query on."""
        from negotiations.operating import checks, tasks
        from negotiations.watching import watch_connection

        connection_created.connect(watch_connection)
        tasks.watch_tasks()
        checks.register()
