"""Words and addresses that templates need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from negotiations.insight.corroboration import Verdict
from negotiations.models import Progress, Record

if TYPE_CHECKING:
    from negotiations.search.finding import Facet

register = template.Library()


@register.filter
def verdict_label(value: str) -> str:
    """`one_side` as people read it: "one side’s account"."""
    return str(Verdict(value).label)


@register.filter
def state_label(value: str | None) -> str:
    """An action's status in words, also where nothing was reported."""
    return str(Progress.State(value).label) if value else "no report yet"


@register.filter
def admin_url(record: Record) -> str:
    """Where an editor changes this record; empty if it has no form of its own."""
    try:
        return reverse(f"admin:negotiations_{record._meta.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""


@register.simple_tag
def facet_values(facet: Facet) -> SafeString:
    """The check boxes of a facet, made here because a search page has some fifty."""
    return format_html_join(
        "",
        '<label><input type="checkbox" id="f-{}-{}" name="{}" value="{}"{}>'
        '<span>{}</span><span class="count">{}</span></label>',
        (
            (facet.name, v.id, facet.name, v.value, CHECKED if v.chosen else "", v.label, v.shown)
            for v in facet.values
        ),
    )


CHECKED = mark_safe(" checked")


@register.filter
def get(mapping: dict[str, str], key: str) -> str:
    """The value of a key that is not known to the template."""
    return mapping[key]


@register.filter
def kind_name(record: Record) -> str:
    """What kind of record this is: "meeting"."""
    return str(record._meta.verbose_name)


@register.filter
def kind_name_plural(model: type[Record]) -> str:
    """What records of this kind are called: "meetings"."""
    return str(model._meta.verbose_name_plural)
