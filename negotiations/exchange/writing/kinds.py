"""What may be drafted, by the path of its kind, and the fields that a tool may send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from negotiations.exchange.records.all import BY_PATH

if TYPE_CHECKING:
    from negotiations.exchange.records.resources import Resource


@dataclass(frozen=True)
class Draftable:
    """One kind. `fields` are the model's, by the names that the API gives them; `must`: are needed."""

    path: str
    fields: dict[str, str]
    must: tuple[str, ...]
    cites: bool = True

    @property
    def resource(self) -> Resource:
        return BY_PATH[self.path]

    @property
    def model(self) -> Any:
        return self.resource.model


def _same(*names: str, **others: str) -> dict[str, str]:
    return {name: name for name in names} | others


DRAFTABLE = {
    each.path: each
    for each in (
        Draftable(
            "sources",
            _same("title", "kind", "publisher", "republisher", "on_behalf_of", "author", "date",
                  "language", "archived_url", web_address="url"),
            ("title", "kind", "publisher"), cites=False,
        ),
        Draftable(
            "people",
            _same("slug", "name", "sort_name", "native_name", "description"),
            ("slug", "name"), cites=False,
        ),
        Draftable(
            "meetings",
            _same("slug", "title", "kind", "state", "process", "date", "ended", "timing",
                  "duration_about", "place", "host", "follows", "summary",
                  duration_minutes="duration"),
            ("slug", "title", "process"),
        ),
        Draftable(
            "statements",
            _same("form", "words", "language", "original_words", "original_language", "translated_by", "date",
                  "occasion", "occasion_note", "speaker", "party", "meeting", "topics"),
            ("words",),
        ),
        Draftable(
            "actions",
            _same("kind", "title", "details", "meeting", "owed_by", "due", "due_words",
                  "leads_to", "topics"),
            ("kind", "title", "meeting"),
        ),
        Draftable(
            "open-matters",
            _same("title", "details", "meeting", "topic", "question", "statement"),
            ("title", "meeting"),
        ),
    )
}  # fmt: skip
