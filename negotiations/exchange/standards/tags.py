"""For the head of each record's page: JSON-LD, Open Graph and where oEmbed finds its card."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString, mark_safe

from negotiations.exchange.standards.embedding import frame
from negotiations.exchange.standards.linked import linked_data, summary
from negotiations.languages import ENGLISH, speaking
from negotiations.models import Action, Meeting, Record, Statement

register = template.Library()
# With a picture and an embedded card of their own.
CARDED = (Statement, Action, Meeting)
ESCAPED = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


@register.inclusion_tag("components/linked.html", takes_context=True)
def linked(context: Any) -> dict[str, Any]:
    """What machines read of the page's record; nothing on other pages and of what is not public.

    The record is what the page's context holds by the name of the page's address.
    """
    request: Any = context.get("request")
    asked = request.resolver_match if request else None
    record = context.get(asked.url_name) if asked and asked.url_name else None
    if not isinstance(record, Record) or not record.is_public:
        return {}
    base = request.build_absolute_uri("/").rstrip("/")
    title, description = summary(record)
    # To machines it is the same record, at one address, in whatever language its page is read.
    with speaking(ENGLISH):
        address = base + record.get_absolute_url()
        data = written(linked_data(record, context, base))
    carded = isinstance(record, CARDED)
    return {
        "data": data,
        "title": title,
        "description": description,
        "address": address,
        "picture": f"{address.rstrip('/')}.card.png" if carded else "",
        "oembed": f"{base}/oembed?url={quote(address, safe='')}&format=json" if carded else "",
    }


@register.simple_tag(takes_context=True)
def embed_code(context: Any, record: Record) -> str:
    """The HTML by which another site shows the record as a card; empty if there is none for it."""
    if not isinstance(record, CARDED) or not record.is_public:
        return ""
    # Not in the context of an include that takes only what it is given.
    with speaking(ENGLISH):
        return frame(record, context.request.build_absolute_uri("/").rstrip("/"))


def written(node: dict[str, Any]) -> SafeString:
    """JSON that can stand within <script>: no text of it can end that."""
    return mark_safe(json.dumps(node, ensure_ascii=False).translate(ESCAPED))  # noqa: S308
