"""The OpenAPI description of what may be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from negotiations.models.dates import VagueDateField

if TYPE_CHECKING:
    from negotiations.exchange.writing.kinds import Draftable

OTHER = {"type": ["integer", "string"], "description": "Its number, or its address’s last part."}
CITATION = {
    "type": "object",
    "properties": {
        "source": OTHER,
        "passage": {"type": "string"},
        "where": {"type": "string", "maxLength": 200},
    },
    "required": ["source"],
    "additionalProperties": False,
}
ANSWER = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "id": {"type": "integer"},
        "status": {"const": "draft"},
        "desk": {"type": "string", "format": "uri", "description": "Where editors find it."},
    },
    "required": ["type", "id", "status", "desk"],
}


def body_of(kind: Draftable) -> dict[str, Any]:
    """The JSON Schema of one draft."""
    fields = {name: _field(kind.model, field) for name, field in kind.fields.items()}
    if kind.cites:
        fields["citations"] = {"type": "array", "maxItems": 100, "items": CITATION}
    return {
        "type": "object",
        "properties": fields,
        "required": list(kind.must),
        "additionalProperties": False,
    }


def _field(model: Any, name: str) -> dict[str, Any]:
    found = next(f for f in (*model._meta.get_fields(), *model._meta.private_fields) if f.name == name)  # fmt: skip
    if isinstance(found, VagueDateField):
        made: dict[str, Any] = {"type": "string", "examples": ["2025-02~"]}
    elif isinstance(found, models.ManyToManyField):
        made = {"type": "array", "maxItems": 100, "items": OTHER}
    elif isinstance(found, models.ForeignKey):
        made = dict(OTHER)
    elif isinstance(found, models.BooleanField):
        made = {"type": "boolean"}
    elif isinstance(found, models.IntegerField):
        made = {"type": "integer", "minimum": 1}
    elif found.choices:
        made = {"type": "string", "enum": [value for value, _ in found.choices]}
    else:
        made = {"type": "string", **({"maxLength": found.max_length} if found.max_length else {})}
    return made | ({"description": str(found.help_text)} if found.help_text else {})
