"""Tells Django that our desk is its admin."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "negotiations.editing.site.Desk"

    def ready(self) -> None:
        super().ready()
        import_module("negotiations.editing.accounts.events")
        # The desk has pages of its own for these, on which deleting a session ends it.
        for model in (
            "account.EmailAddress",
            "mfa.Authenticator",
            "usersessions.UserSession",
            "django_tasks_database.DBTaskResult",
        ):
            admin.site.unregister(apps.get_model(model))
