"""Words and addresses that templates need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe

from negotiations.insight.corroboration import Verdict
from negotiations.insight.timeline.reading import word
from negotiations.languages import gettext
from negotiations.languages.names import field_named, kind_named, kinds_named
from negotiations.models import Position, Progress, Record, visibility
from negotiations.models.dates import Precision
from negotiations.pages import found

if TYPE_CHECKING:
    from negotiations.insight.pictures.drawing import Picture
    from negotiations.search.cards import Card
    from negotiations.search.facets import Facet

register = template.Library()


@register.filter
def verdict_label(value: str) -> str:
    """`one_side` as people read it: "one side’s account"."""
    return str(Verdict(value).label)


@register.filter
def state_label(value: str | None) -> str:
    """An action's status in words, also where nothing was reported."""
    return str(Progress.State(value).label) if value else gettext("no report yet")


@register.filter
def drawn(picture: Picture) -> SafeString:
    """A picture as a part of the page."""
    return mark_safe(picture.inline())  # noqa: S308 - written by lxml, which escapes


@register.filter
def entry_word(kind: str) -> str:
    """What an entry of a timeline is called: `due` is an "action due"."""
    return word(kind)


@register.filter
def stance_label(value: str) -> str:
    """`not_stated` as people read it: "not stated"."""
    return str(Position.Stance(value).label)


@register.filter
def admin_url(record: Record) -> str:
    """Where an editor changes this record; empty if it has no form of its own."""
    try:
        return reverse(f"admin:negotiations_{record._meta.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""


@register.simple_tag
def found_cards(cards: list[Card]) -> SafeString:
    """Found records as a list."""
    return mark_safe(found.cards(cards))  # noqa: S308 - all that is not ours is escaped there


@register.simple_tag
def facet_boxes(facets: list[Facet], here: str, again: str) -> SafeString:
    """The facets as check boxes; `here` and `again` are the search's path and query string."""
    return mark_safe(found.facet_boxes(facets, f"{here}?{again}"))  # noqa: S308 - likewise


@register.filter
def get(mapping: dict[str, str], key: str) -> str:
    """The value of a key that is not known to the template."""
    return mapping[key]


@register.filter
def kind_name(record: Record) -> str:
    """What kind of record this is: "meeting"."""
    return kind_named(type(record))


@register.filter
def kind_of(record: Record) -> str:
    """The kind as addresses name it: "openmatter"."""
    return visibility.kind_of(record)


@register.filter
def kind_name_plural(model: type[Record]) -> str:
    """What records of this kind are called: "meetings"."""
    return kinds_named(model)


@register.filter
def field_name(label: str) -> str:
    """What a field is called."""
    return field_named(label)


@register.filter
def precision_label(name: str) -> str:
    """`month` as people read it."""
    return str(Precision[name.upper()].label)
