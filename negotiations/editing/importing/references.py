"""Finds the records that rows name, many at once: by address, by key, a source by its web address."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from negotiations.editing.importing.kinds import KINDS
from negotiations.models import FormerSlug, ImportKey, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negotiations.editing.importing.kinds import Kind


class References:
    """The records that some rows name."""

    def __init__(self, wanted: Iterable[tuple[str, str]]) -> None:
        by_kind: dict[str, set[str]] = defaultdict(set)
        for kind, text in wanted:
            by_kind[kind].add(text)
        self._found = {name: _find(KINDS[name], texts) for name, texts in by_kind.items()}

    def find(self, kind: str, text: str) -> Record:
        """
        Raises:
            ValueError: with a sentence that says what there is not.
        """
        record = self._found[kind].get(text)
        if record is None:
            by = "address or key" if KINDS[kind].addressed else "key"
            if kind == "source":
                by = "key or web address"
            raise ValueError(
                f"There is no {KINDS[kind].words} with the {by} “{text}”. "
                "A row may name only what is stored already or stands further up."
            )
        return record


def _find(kind: Kind, texts: set[str]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    model: Any = kind.model
    records = kind.records()
    if kind.addressed:
        found.update({each.slug: each for each in records.filter(slug__in=texts)})
        former = FormerSlug.objects.filter(kind=model._meta.model_name, slug__in=texts - set(found))
        _add(found, records, dict(former.values_list("slug", "record_id")))
    if kind.name == "source":
        found.update({each.url: each for each in records.filter(url__in=texts - {""})})
    keys = ImportKey.objects.filter(kind=kind.name, key__in=texts - set(found))
    _add(found, records, dict(keys.values_list("key", "record_id")))
    return found


def _add(found: dict[str, Record], records: Any, ids: dict[str, int]) -> None:
    if ids:
        by_id = records.in_bulk(set(ids.values()))
        found.update({text: by_id[pk] for text, pk in ids.items() if pk in by_id})
