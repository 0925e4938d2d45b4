"""What differs between two versions of a record, in words that people read."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models

from negotiations.languages import gettext, pgettext
from negotiations.models.dates import VagueDate, VagueDateField
from negotiations.models.records import Record
from negotiations.models.sources import Source
from negotiations.models.visibility import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

# What can't be edited and yet matters. The captured text itself is told by its seal.
ALSO_TOLD = {"status", "text_sha256"}
NOT_TOLD = {(Source, "text")}
# Words beyond which two texts are no longer matched word by word: that takes too long.
MOST_WORDS = 4000


class Piece(NamedTuple):
    """A stretch of a text: in both versions ("same"), only before ("gone") or only after ("new")."""

    kind: str
    text: str


@dataclass(frozen=True)
class Told:
    """One thing about a record that its history tells: a field, or the columns of a vague date."""

    name: str
    label: str
    columns: tuple[str, ...]
    target: type[models.Model] | None = None
    choices: tuple[tuple[Any, Any], ...] = ()

    def raw(self, version: Any) -> Any:
        """The value that a record or an event holds: comparable, ids for foreign keys."""
        values = tuple(getattr(version, column) for column in self.columns)
        return values if self.is_date else values[0]

    @property
    def is_date(self) -> bool:
        return len(self.columns) > 1

    @property
    def is_text(self) -> bool:
        return not (self.is_date or self.target or self.choices)

    def words(self, raw: Any, names: Names) -> str:
        """The value as an editor would read it; empty if there is none."""
        if raw is None or raw == "" or (self.is_date and not raw[0]):
            return ""
        if self.is_date:
            first = dt.date.fromisoformat(raw[0]) if isinstance(raw[0], str) else raw[0]
            return str(VagueDate(first, raw[1], raw[2]))
        if self.target:
            return names.of(self.target, raw)
        if isinstance(raw, bool):
            return gettext("yes") if raw else gettext("no")
        return str(dict(self.choices).get(raw, raw))

    def difference(self, before: Any, after: Any, names: Names) -> Difference:
        """Two raw values, as words side by side."""
        old, new = self.words(before, names), self.words(after, names)
        return Difference(self.label, old, new, self.is_text)


@cache
def told_fields(model: type[models.Model]) -> tuple[Told, ...]:
    """What the history tells of records of this kind, in the order of their fields."""
    dates = [f for f in model._meta.private_fields if isinstance(f, VagueDateField)]
    columns = {column for date in dates for column in date.part_names}
    told = [
        Told(
            field.name,
            str(field.verbose_name),
            (field.attname,),
            field.related_model if isinstance(field, models.ForeignKey) else None,
            tuple(field.flatchoices),
        )
        for field in model._meta.concrete_fields
        if field.name not in columns
        and (model, field.name) not in NOT_TOLD
        and (field.name in ALSO_TOLD or (field.editable and not field.primary_key))
    ]
    told += [Told(d.name, str(d.verbose_name or d.name), tuple(d.part_names)) for d in dates]
    return tuple(told)


class Names:
    """What foreign keys point at, by name: asked for together, one query for each kind."""

    def __init__(self, *, public: bool = False) -> None:
        """`public`: name only what everybody may see."""
        self.public = public
        self.wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        self.found: dict[tuple[type[models.Model], int], models.Model] = {}

    def want(self, field: Told, raws: Iterable[Any]) -> None:
        if field.target:
            self.wanted[field.target].update(raw for raw in raws if raw is not None)

    def ask(self) -> None:
        for model, ids in self.wanted.items():
            for record in named(model).filter(pk__in=ids):
                if not self.public or record.status == Status.PUBLISHED:
                    self.found[model, record.pk] = record

    def of(self, model: type[models.Model], pk: int) -> str:
        if record := self.found.get((model, pk)):
            return str(record)
        if self.public:
            return gettext("a {kind} that is not public").format(
                kind=pgettext("kind of record", str(model._meta.verbose_name))
            )
        return gettext("{kind} {pk}, since deleted").format(
            kind=pgettext("kind of record", str(model._meta.verbose_name)), pk=pk
        )


def named(model: type[models.Model]) -> models.QuerySet:
    """Records of this kind with all that their names take, and without captured texts."""
    records = model._default_manager.all()
    if issubclass(model, Record) and (above := [field.name for field in model.hangs_on()]):
        records = records.select_related(*above)
    return records.defer("text") if model is Source else records


def word_difference(before: str, after: str) -> list[Piece]:
    """Two texts as one: what stayed, what went and what came, cut between words."""
    old, new = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (before, after))
    if len(old) + len(new) > MOST_WORDS:
        return [Piece("gone", before), Piece("new", after)]
    pieces: list[Piece] = []
    gone = new_words = ""

    def settle() -> None:
        nonlocal gone, new_words
        pieces.extend(Piece(k, t) for k, t in (("gone", gone), ("new", new_words)) if t)
        gone = new_words = ""

    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        stretch = "".join(old[a:b])
        # White space between two replaced words is no common ground.
        if kind == "equal" and (stretch.strip() or not (gone or new_words)):
            settle()
            pieces.append(Piece("same", stretch))
        else:
            gone += stretch
            new_words += "".join(new[c:d])
    settle()
    return pieces


class Difference(NamedTuple):
    """One field of two versions, as words; `pieces` marks what went and came.

    Names, choices and dates (no `is_text`) are replaced whole.
    """

    label: str
    before: str
    after: str
    is_text: bool = True

    @property
    def pieces(self) -> list[Piece]:
        if self.before and self.after and self.is_text:
            return word_difference(self.before, self.after)
        return [
            Piece(kind, text) for kind, text in (("gone", self.before), ("new", self.after)) if text
        ]
