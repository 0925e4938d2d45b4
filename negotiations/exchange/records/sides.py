"""Processes and parties."""

from __future__ import annotations

from negotiations.exchange.records.fields import (
    choice,
    lines,
    reference,
    references,
    text,
    text_if_any,
)
from negotiations.exchange.records.resources import Resource
from negotiations.models import Party, Process, ProcessParty
from negotiations.search.entries import Kind

PROCESS = Resource(
    name="process",
    path="processes",
    model=Process,
    kind=Kind.PROCESS,
    says="A course of negotiation over time; it holds meetings.",
    address="'/processes/' || {r}.slug || '/'",
    called="{r}.name",
    own=(
        text("slug", "The last part of its page’s address.", "russia-us-2025"),
        text("name", "What it is called.", "Russia–US normalisation talks, 2025"),
        text_if_any("summary", "Who negotiates, about what."),
        references("parties", "The sides to it.", "party", ProcessParty, "process_id", "party_id"),
    ),
    demonstration="{r}.demonstration",
)

PARTY = Resource(
    name="party",
    path="parties",
    model=Party,
    kind=Kind.PARTY,
    says="A side that negotiates or speaks, or a body of one.",
    address="'/parties/' || {r}.slug || '/'",
    called="{r}.name",
    own=(
        text("slug", "The last part of its page’s address.", "russia"),
        text("name", "As it is called in English.", "Russia"),
        text_if_any("short_name", "For tight places.", "US"),
        text_if_any("native_name", "In its own language.", "Россия"),
        lines("other_names", "Other spellings and former names.", ["Russian Federation"]),
        choice("kind", "What kind of side it is.", Party.Kind, "state"),
        reference("part_of", "For a body: the party whose body it is.", "party"),
        text_if_any("description", "One or two neutral sentences."),
    ),
    demonstration="{r}.demonstration",
)
