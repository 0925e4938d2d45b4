"""The admin field for a place's coordinates: takes what map sites give, offers places known already."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join

from negotiations.models import Meeting
from negotiations.models.coordinates import read_coordinates

MOST_OFFERED = 200


class CoordinatesInput(forms.TextInput):
    """A text field with the places of other meetings to choose from."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        known = (
            Meeting.objects.exclude(coordinates="")
            .order_by("place", "coordinates")
            .values_list("coordinates", "place")
            .distinct()[:MOST_OFFERED]
        )
        field = super().render(name, value, {**(attrs or {}), "list": f"{name}-known"}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', known)
        return format_html('{}<datalist id="{}-known">{}</datalist>', field, name, options)


class CoordinatesFormField(forms.CharField):
    """Takes "24.7136° N, 46.6753° E"; gives "24.7136, 46.6753"."""

    widget = CoordinatesInput

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return read_coordinates(text) if text else ""
