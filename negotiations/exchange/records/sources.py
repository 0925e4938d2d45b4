"""Sources: what a document is and where. Never its captured text."""

from __future__ import annotations

from negotiations.exchange.records.fields import choice, date, reference, text, text_if_any
from negotiations.exchange.records.resources import Resource
from negotiations.models import Source

SOURCE = Resource(
    name="source",
    path="sources",
    model=Source,
    kind=None,
    says="A document that says what was said or done.",
    address="'/sources/' || {r}.id || '/'",
    called="{r}.title",
    own=(
        text("title", "What it is called.", "Joint press conference"),
        choice("kind", "What kind of document it is.", Source.Kind, "transcript"),
        text("publisher", "Who published it first.", "RT"),
        text_if_any("republisher", "Whose copy was read, if not the publisher’s."),
        reference("on_behalf_of", "The party whose voice it is.", "party"),
        text_if_any("author", "Who wrote it."),
        date("date", "When it was published."),
        text_if_any("language", "Its language (BCP 47).", "en"),
        text_if_any("web_address", "Where it is.", "https://example.org/1", column="{r}.url"),
        text_if_any("archived_url", "Where a web archive keeps it.", "https://archive.org/1"),
        text_if_any("text_sha256", "SHA-256 of its text as captured, which itself is not public."),
    ),
    demonstration="{r}.demonstration",
)
