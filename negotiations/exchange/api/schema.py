"""The OpenAPI description's parts that follow from the descriptions of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from negotiations.exchange.api.asking import LIMIT, MOST
from negotiations.exchange.records.all import ALL
from negotiations.exchange.records.fields import DATE_SCHEMA
from negotiations.exchange.records.results import RESULT
from negotiations.models import Source
from negotiations.search.asking import DUE, FILTERS, KINDS, SORTS
from negotiations.search.entries import FIXED, Dimension, Kind
from negotiations.search.facets import SHOWN, SHOWN_OF_ACTIONS

if TYPE_CHECKING:
    from negotiations.exchange.records.resources import Resource

SLUG = r"^[-a-zA-Z0-9_]{1,100}$"
TEXT = r"^[^\u0000]*$"  # PostgreSQL knows no null character
VAGUE = r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?~?$"
_LONG, _SHORT = r"(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])", r"(0[469]|11)-(0[1-9]|[12][0-9]|30)"
AFTER = rf"^[12][0-9]{{3}}-({_LONG}|{_SHORT}|02-(0[1-9]|1[0-9]|2[0-8]))_[0-9]{{1,18}}$"
SAYS = {
    Dimension.PARTY: "Of this party or one of its bodies; the last part of its page’s address.",
    Dimension.PERSON: "By or with this person; the last part of the page’s address.",
    Dimension.TOPIC: "About this topic or a narrower one; the last part of its page’s address.",
    Dimension.PROCESS: "Of this process; the last part of its page’s address.",
    Dimension.MEETING: "Of this meeting; the last part of its page’s address.",
    Dimension.PUBLISHER: "Citing a source of this publisher.",
    Dimension.YEAR: "Of this year.",
}
REFERENCE = {
    "type": "object",
    "description": "Another record: its number, its page, and what it is called.",
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "url": {"type": "string", "format": "uri"},
        "name": {"type": "string"},
    },
    "required": ["id", "url", "name"],
    "additionalProperties": False,
    "examples": [{"id": 1, "url": "https://example.org/parties/russia/", "name": "Russia"}],
}
PROBLEM = {
    "type": "object",
    "description": "What is wrong, and what to change (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "The field (RFC 6901)."},
                    "detail": {"type": "string"},
                },
                "required": ["pointer", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
    "examples": [
        {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": "“limit” is a number from 1 to 200.",
        }
    ],
}
FACET = {
    "type": "object",
    "properties": {
        "values": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "value": {"type": "string", "description": "What the parameter takes."},
                    "label": {"type": "string"},
                    "count": {"type": "integer"},
                },
                "required": ["value", "label", "count"],
            },
        },
        "more": {"type": "boolean", "description": "Are there more values than these?"},
    },
    "required": ["values", "more"],
}
WRONG = {
    400: "The request can’t be read.",
    401: "The token is missing, unknown, revoked or at its end.",
    403: "The token may not do this.",
    404: "There is no such thing, or a filter names what is not there.",
    409: "Two parameters contradict each other, or another record is in the way.",
    410: "It was withdrawn.",
    415: "It is not JSON.",
    422: "The draft breaks a rule; “errors” points to each field.",
    429: "Too many requests from one address.",
    503: "It took too long.",
}


def components() -> dict[str, Any]:
    """All schemas."""
    found = {"Date": DATE_SCHEMA, "Reference": REFERENCE, "Problem": PROBLEM, "Facet": FACET}
    return found | {each.title: each.schema() for each in (*ALL, RESULT)}


def _parameter(name: str, says: str, schema: dict[str, Any], example: Any = None) -> dict[str, Any]:
    made: dict[str, Any] = {"in": "query", "name": name, "description": says, "schema": schema}
    if schema["type"] == "array" and name in ("fields", "expand", "facets"):
        made |= {"style": "form", "explode": False}
    return made if example is None else made | {"example": example}


def _several(values: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": list(values)}}


def of_records(resource: Resource) -> list[dict[str, Any]]:
    """The parameters that say what is wanted of each record."""
    expandable = [*resource.expandable, *(["record"] if resource.types else [])]
    made = [
        _parameter(
            "fields", "Only these fields of each record.", _several(resource.fields), ["id", "url"]
        )
    ]
    if expandable:
        made.append(
            _parameter(
                "expand", "What these fields refer to, in full.", _several(expandable),
                expandable[:1],
            )
        )  # fmt: skip
    return made


def _turning(after: str, sorts: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        _parameter(
            "limit", f"How many on a page; {LIMIT} if left out.",
            {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
        ),
        _parameter("sort", "In which order.", {"type": "string", "enum": list(sorts)}),
        _parameter(
            "after", "Where the page begins, as “next” of the page before says.",
            {"type": "string", "pattern": after},
        ),
    ]  # fmt: skip


DATES = [
    _parameter("from", "Not before this day, month or year (EDTF).",
               {"type": "string", "pattern": VAGUE}, "2025-02"),
    _parameter("to", "Not after this day, month or year (EDTF).",
               {"type": "string", "pattern": VAGUE}, "2025"),
]  # fmt: skip
DATA = _parameter(
    "data", "“demonstration” for invented records, which are never among the real ones.",
    {"type": "string", "enum": ["demonstration"]},
)  # fmt: skip


def of_lists(resource: Resource) -> list[dict[str, Any]]:
    """The parameters of a list or search."""
    made = [
        _parameter(
            "q",
            "Words, \"phrases\", -without, OR, prefix*, and fields: speaker:lavrov, before:2025-03.",
            {"type": "string", "maxLength": 1000, "pattern": TEXT}, '"artificial barriers"',
        )
    ]  # fmt: skip
    for name, dimension in FILTERS.items():
        values = FIXED.get(dimension)
        if dimension == Dimension.PUBLISHER:
            items: dict[str, Any] = {"type": "string", "pattern": TEXT}
        elif dimension == Dimension.YEAR:
            items = {"type": "string", "pattern": "^[12][0-9]{3}$"}
        else:
            items = {"type": "string", **({"enum": list(values)} if values else {"pattern": SLUG})}
        schema = {"type": "array", "maxItems": 50, "items": items}
        says = SAYS.get(dimension) or f"{dimension.label}. Several mean one of them."
        made.append(_parameter(name, says, schema))
    made += [*DATES, DATA]
    if resource.kind == Kind.ACTION:
        made.append(
            _parameter("due", "By due date.", {"type": "string", "enum": list(DUE)}, "overdue")
        )
    if resource.types:
        made.append(_parameter("in", "Of this kind.", {"type": "string", "enum": list(KINDS)}))
    facets = SHOWN_OF_ACTIONS if resource.kind == Kind.ACTION else SHOWN
    made += [
        _parameter(
            "facets", "Count the matches by these, and all of them.", _several(facets), ["year"]
        ),
        _parameter(
            "page", "By relevance pages have numbers.",
            {"type": "integer", "minimum": 1, "maximum": 1000},
        ),
        *_turning(AFTER, SORTS),
        *of_records(resource),
    ]  # fmt: skip
    return made


def of_sources(resource: Resource) -> list[dict[str, Any]]:
    """The parameters of the list of sources."""
    texts = {"type": "array", "items": {"type": "string", "pattern": TEXT}}
    return [
        _parameter("publisher", "Of this publisher.", texts),
        _parameter("kind", "Of this kind.", _several(Source.Kind.values)),
        *DATES,
        DATA,
        *_turning("^[0-9]{1,18}$", SORTS[1:]),
        *of_records(resource),
    ]


HEADERS = {
    "ETag": {"schema": {"type": "string"}, "description": "For If-None-Match."},
    "RateLimit": {"schema": {"type": "string"}, "description": "What is left of the limit."},
}


def responses(schema: dict[str, Any], *statuses: int) -> dict[int, dict[str, Any]]:
    """What an address answers: this, or one of these problems."""
    good = {
        "description": "Found.",
        "headers": HEADERS,
        "content": {"application/json": {"schema": schema}},
    }
    return {200: good, **{status: wrong(status) for status in statuses}}


def wrong(status: int) -> dict[str, Any]:
    """What is answered with this status."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": WRONG[status],
        "content": {"application/problem+json": {"schema": schema}},
    }


def page_of(resource: Resource) -> dict[str, Any]:
    """The schema of a list's answer."""
    return {
        "type": "object",
        "properties": {
            "data": {
                "type": "array",
                "items": {"$ref": f"#/components/schemas/{resource.title}"},
            },
            "next": {
                "type": ["string", "null"],
                "description": "The next page; null on the last. Also in the header “Link”.",
            },
            "count": {"type": "integer", "description": "With facets: how many there are."},
            "count_is_exact": {"type": "boolean"},
            "facets": {
                "type": "object",
                "additionalProperties": {"$ref": "#/components/schemas/Facet"},
            },
            "notes": {
                "type": "array",
                "items": {"type": "string"},
                "description": "What of the query could not be read, in sentences.",
            },
        },
        "required": ["data", "next"],
        "additionalProperties": False,
    }
