"""The one Django app."""

from __future__ import annotations

from django.apps import AppConfig


class NegotiationsConfig(AppConfig):
    name = "negotiations"
    label = "negotiations"
    verbose_name = "Negotiations"
    default_auto_field = "django.db.models.BigAutoField"
