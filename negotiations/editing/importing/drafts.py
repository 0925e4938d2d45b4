"""A row on its way to a record: what the file says, what was stored before, and what is wrong."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from negotiations.models import ImportKey


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as a row gives it: its cells by column, and where the row stands."""

    row: int
    kind: str
    key: str
    values: dict[str, str]


@dataclass(slots=True)
class Draft:
    """A record on its way: what it was, and what of it the row touches."""

    entry: Entry
    record: Any
    before: dict[str, tuple[str, str]]  # column: (mark, words)
    known: ImportKey | None
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.record.pk is None


def mark(text: str, size: int = 6) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def given(key: ImportKey, name: str) -> str:
    return str(key.columns[name][0]) if name in key.columns else ""


def has_moved(key: ImportKey, entry: Entry) -> bool:
    """Does the file say something else than when this row was last imported?"""
    return any(given(key, name) != mark(text) for name, text in entry.values.items())
