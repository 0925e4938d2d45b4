"""Django's admin as the editors' desk: its names, and the way to its own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from negotiations.editing.pages import tools_for

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.template.response import TemplateResponse


class Desk(admin.AdminSite):
    site_header = "Readout: the editors’ desk"
    site_title = "Readout"
    index_title = "Records"
    site_url = "/"

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        tools = {"tools": tools_for(request.user)}
        return super().index(request, {**tools, **(extra_context or {})})
