"""The permanent addresses of single records, and where the site is, for all rooms that put something beside or below them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from negotiations.models import FormerSlug, Record, record_models
from negotiations.models.records import AddressedRecord


def absolute(url: str) -> str:
    """This address at the first of READOUT_HOSTS, whatever host a request named: for letters."""
    parts = urlsplit(url)
    if not settings.HOSTS:
        return url
    return urlunsplit(("https", settings.HOSTS[0].lstrip("."), *parts[2:]))


def with_pages() -> dict[str, type[Record]]:
    """The kinds of record that have a page of their own, by name."""
    return {str(model._meta.model_name): model for model in record_models() if not model.shown_on}


def pattern(model: type[Record]) -> str:
    """The address of such a record without its last slash, as `path` takes it: "people/<slug:slug>"."""
    number = "<slug:slug>" if issubclass(model, AddressedRecord) else "<int:pk>"
    return f"{model._meta.verbose_name_plural}/{number}"


def public_at(model: type[Record], **which: Any) -> Any:
    """The public record at this address (its `pk` or `slug`), or the one that once had it; else None."""
    records: Any = model.published
    if above := [field.name for field in model.hangs_on()]:
        records = records.select_related(*above)
    if found := records.filter(**which).first():
        return found
    if "slug" not in which:
        return None
    former = FormerSlug.objects.filter(kind=model._meta.model_name, slug=which["slug"])
    return records.filter(pk__in=former.values("record_id")).first()
