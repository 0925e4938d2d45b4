"""Django's admin as the editors' desk: its names, and the way to its own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path

from negotiations.editing.pages import tools_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
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

    def get_urls(self) -> list[Any]:
        """With a way to a record's page that comes before the library's, which has no such question."""
        way = "r/<int:content_type_id>/<int:object_id>/"
        return [path(way, self.admin_view(view_on_site), name="view_on_site"), *super().get_urls()]


def view_on_site(request: HttpRequest, content_type_id: int, object_id: int) -> HttpResponse:
    """The page of a record; what has no table has none."""
    model = get_object_or_404(ContentType, pk=content_type_id).model_class()
    if model is None or not model._meta.managed:
        raise Http404
    return shortcut(request, content_type_id, object_id)
