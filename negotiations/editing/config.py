"""Tells Django that our desk is its admin."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "negotiations.editing.site.Desk"
