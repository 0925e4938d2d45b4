"""Reads mapping files: how the rows of a foreign table become records. README.md beside it has the format."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify

from negotiations.editing.importing.drafts import Entry
from negotiations.editing.importing.findings import Became, Finding
from negotiations.editing.importing.kinds import KINDS, SEPARATOR, ReferenceList
from negotiations.editing.importing.reading import Row, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PLACE = re.compile(r"\{([^{}|]+)((?:\|[^{}|]+)*)\}")
NOTHING = ("", "0")  # what a coded column holds where it says nothing
# What templates may name besides the columns of the table.
OWN_PLACES = {"each", "column", "code", "scale", "title", "topic", "words", "sort", "details"}
PARTS = {"title", "sheet", "row", "left", "tables", "scales", "columns", "leave_out", "note", "name", "record", "coded"}  # fmt: skip


class BadMapping(Unreadable):
    """The mapping file itself is wrong; the message says where."""


@dataclass(frozen=True)
class _Condition:
    """`when` and `unless`: regular expressions by column; all of `when`, none of `unless`."""

    when: dict[str, re.Pattern[str]]
    unless: dict[str, re.Pattern[str]]

    @classmethod
    def read(cls, part: dict[str, Any]) -> _Condition:
        when, unless = (
            {column: _pattern(text) for column, text in part.get(name, {}).items()}
            for name in ("when", "unless")
        )
        return cls(when, unless)

    def holds(self, cells: dict[str, str]) -> bool:
        return all(p.search(cells.get(c, "")) for c, p in self.when.items()) and not any(
            p.search(cells.get(c, "")) for c, p in self.unless.items()
        )

    @property
    def columns(self) -> set[str]:
        return {*self.when, *self.unless}


@dataclass(frozen=True)
class _Record:
    """One record that a row may make, its key and values as templates."""

    kind: str
    key: str
    values: dict[str, str]
    condition: _Condition
    shared: bool
    each: str

    @property
    def templates(self) -> list[str]:
        return [self.key, self.each, *self.values.values()]


@dataclass(frozen=True)
class _Name:
    """A record that is made where its name is found in a cell."""

    record: _Record
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class _Note:
    """What is told of a row of which something did not fit."""

    condition: _Condition
    column: str
    reason: str
    # A list of names of which none stands in the column.
    unnamed: str


@dataclass(frozen=True)
class _Coded:
    """A record for each column of a table of coded columns that says something."""

    record: _Record
    columns: list[dict[str, Any]]
    otherwise: str


@dataclass
class Mapping:
    """A mapping file, ready to read rows with."""

    title: str
    sheet: str
    row: str
    left: dict[str, str]
    tables: dict[str, dict[str, str]]
    scales: dict[str, dict[str, dict[str, str]]]
    leave_out: list[tuple[_Condition, str]]
    notes: list[_Note]
    names: dict[str, list[_Name]]
    records: list[_Record]
    coded: list[_Coded]

    @classmethod
    def load(cls, name: str | Path) -> Mapping:
        """A mapping by its path, or by the name of one that comes along ("pax.toml").

        Raises:
            BadMapping: with a sentence that says what is wrong in it.
        """
        path: Any = Path(name)
        if not path.exists():
            path = files("negotiations.editing.importing") / "mappings" / path.name
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise BadMapping(f"There is no mapping file “{name}”.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadMapping(f"“{name}” is no TOML: {error}.") from error
        if unknown := set(data) - PARTS:
            raise BadMapping(f"“{name}” has parts that no mapping has: {_listed(sorted(unknown))}.")
        try:
            return cls._read(data)
        except KeyError as error:
            raise BadMapping(
                f"A part of “{name}” lacks {error}, or names what it doesn’t have."
            ) from error

    @classmethod
    def _read(cls, data: dict[str, Any]) -> Mapping:
        names: dict[str, list[_Name]] = defaultdict(list)
        for part in data.get("name", ()):
            for each in part["record"]:
                record = _record({**each, "kind": part["kind"], "shared": True})
                names[part["list"]].append(_Name(record, _pattern(each["pattern"])))
        return cls(
            title=data["title"],
            sheet=data.get("sheet", ""),
            row=data["row"],
            left=data.get("left", {}),
            tables=data.get("tables", {}),
            scales=data.get("scales", {}),
            leave_out=[
                (_Condition.read(part), part["reason"]) for part in data.get("leave_out", ())
            ],
            notes=[
                _Note(
                    _Condition.read(part), part["column"], part["reason"], part.get("unnamed", "")
                )
                for part in data.get("note", ())
            ],
            names=dict(names),
            records=[_record(part) for part in data.get("record", ())],
            coded=[
                _Coded(_record(part), data["columns"][part["columns"]], part.get("otherwise", ""))
                for part in data.get("coded", ())
            ],
        )

    @cached_property
    def used(self) -> set[str]:
        """The columns that some part of the mapping reads."""
        conditions = [
            *(each for each, _ in self.leave_out),
            *(each.condition for each in self.notes),
        ]
        records = [*self.records, *(each.record for each in self.coded)]
        records += [name.record for names in self.names.values() for name in names]
        used = {self.row, *(note.column for note in self.notes)}
        for record in records:
            conditions.append(record.condition)
            for template in record.templates:
                used |= {match[1] for match in PLACE.finditer(template)}
        for coded in self.coded:
            for each in coded.columns:
                used |= {each["column"], *each.get("refines", ()), *each.get("needs", ())}
        return (used | {name for each in conditions for name in each.columns}) - OWN_PLACES

    def check(self, header: list[str]) -> None:
        """Refuse a table with other columns than this mapping speaks of.

        Raises:
            Unreadable: names them.
        """
        if missing := sorted(self.used - set(header)):
            raise Unreadable(f"The table lacks columns that the mapping reads: {_listed(missing)}.")
        if unknown := [name for name in header if name not in self.used | set(self.left)]:
            raise Unreadable(
                f"The mapping says nothing of these columns: {_listed(unknown)}. Use them, or name "
                "them under [left] with the reason."
            )

    def shared(self, rows: Iterable[Row]) -> list[Entry]:
        """What several rows make together: one entry for each key, lists of references joined.

        What others hang on comes first, whichever row it was found in.
        """
        made: dict[tuple[str, str], Entry] = {}
        for row in rows:
            if row.problem or self._reason_to_leave_out(row):
                continue
            for entry in [*self._named(row), *self._entries(row, shared=True)]:
                if known := made.get((entry.kind, entry.key)):
                    _join(known, entry)
                else:
                    made[entry.kind, entry.key] = entry
        order = list(KINDS)
        return sorted(made.values(), key=lambda entry: order.index(entry.kind))

    def entries(self, row: Row) -> Iterator[Entry | Finding]:
        """What this row alone makes, and what of it did not fit."""
        name = row.cells.get(self.row, "")
        if reason := self._reason_to_leave_out(row):
            yield Finding(row.number, "row", name, Became.LEFT_OUT, sentence=reason)
            return
        made = list(self._entries(row, shared=False))
        yield from made
        if not made:
            reason = "No part of the mapping takes this row."
            yield Finding(row.number, "row", name, Became.LEFT_OUT, sentence=reason)
        for column, reason in self._unfit(row):
            yield Finding(row.number, "row", name, Became.NOTE, "", column, reason)

    def _unfit(self, row: Row) -> Iterator[tuple[str, str]]:
        for note in self.notes:
            found = f"{{{note.column}|named {note.unnamed}}}"
            if note.condition.holds(row.cells) and not (
                note.unnamed and self._filled(found, row.cells)
            ):
                yield note.column, self._filled(note.reason, row.cells)
        for coded in self.coded:
            for column in coded.columns:
                code = row.cells.get(column["column"], "")
                if coded.otherwise and code not in NOTHING and not self._code(row, column):
                    cells = {"column": column["column"], "code": code}
                    yield column["column"], self._filled(coded.otherwise, cells)

    def _reason_to_leave_out(self, row: Row) -> str:
        for condition, reason in self.leave_out:
            if condition.holds(row.cells):
                return self._filled(reason, row.cells)
        return ""

    def _entries(self, row: Row, *, shared: bool) -> Iterator[Entry]:
        for record in self.records:
            if record.shared == shared and record.condition.holds(row.cells):
                yield from self._made(record, row)
        for coded in self.coded:
            if coded.record.shared == shared:
                for column in coded.columns:
                    if code := self._code(row, column):
                        yield self._entry(coded.record, row, code)

    def _code(self, row: Row, column: dict[str, Any]) -> dict[str, str]:
        """What a coded column says of this row, for the templates; empty if nothing."""
        code, cells = row.cells.get(column["column"], ""), row.cells
        scale = column.get("scale", "yes")
        meant = self.scales[scale].get(code)
        needs = column.get("needs", ())
        if not meant or (needs and not any(cells.get(name) == "1" for name in needs)):
            return {}
        refined = [
            words for name, words in column.get("refines", {}).items() if cells.get(name) == "1"
        ]
        return {
            "column": column["column"],
            "code": code,
            "scale": scale,
            "title": column["title"],
            "topic": column["topic"],
            "words": meant["words"],
            "sort": column.get("kind", meant["sort"])
            if meant["sort"] == "commitment"
            else meant["sort"],
            "details": f"More exactly: {'; '.join(refined)}." if refined else "",
        }

    def _made(self, record: _Record, row: Row) -> Iterator[Entry]:
        if not record.each:
            yield self._entry(record, row, {})
            return
        for part in self._filled(record.each, row.cells).split(SEPARATOR):
            if part.strip():
                yield self._entry(record, row, {"each": part.strip()})

    def _entry(self, record: _Record, row: Row, more: dict[str, str]) -> Entry:
        cells = {**row.cells, **more}
        values = {name: self._filled(text, cells) for name, text in record.values.items()}
        return Entry(row.number, record.kind, self._filled(record.key, cells), values)

    @cached_property
    def _naming(self) -> set[str]:
        """The places of templates that look for names."""
        return {
            match[0]
            for record in self.records
            for text in record.templates
            for match in PLACE.finditer(text)
            if "|named " in match[2]
        }

    def _named(self, row: Row) -> Iterator[Entry]:
        """The records of lists whose names stand in this row."""
        found = {
            key.strip()
            for place in self._naming
            for key in self._filled(place, row.cells).split(SEPARATOR)
        }
        for names in self.names.values():
            for name in names:
                if name.record.key in found:
                    yield self._entry(name.record, row, {})

    # --- Templates ---

    def _filled(self, template: str, cells: dict[str, str]) -> str:
        text = PLACE.sub(lambda match: self._place(match[1], match[2], cells), template)
        return re.sub(r"\n{3,}", "\n\n", text).strip()

    def _place(self, column: str, filters: str, cells: dict[str, str]) -> str:
        text = cells.get(column, "")
        for name, _, argument in (each.partition(" ") for each in filters.split("|")[1:]):
            text = self._filtered(text, name, argument, cells)
        return text

    def _filtered(self, text: str, name: str, argument: str, cells: dict[str, str]) -> str:
        known: dict[str, Any] = {"table": self.tables, "named": self.names}
        if name in known and argument not in known[name]:
            raise BadMapping(f"There is no {name.removesuffix('d')} “{argument}”.")
        match name:
            case "table":
                if text and text not in self.tables[argument]:
                    raise Unreadable(
                        f"“{text}” is not in the mapping’s table “{argument}”. Add what it means."
                    )
                return self.tables[argument].get(text, "")
            case "slug":
                return slugify(text)[: int(argument)].strip("-") or "x"
            case "line":
                return " ".join(text.split())
            case "cut":
                return (
                    text if len(text) <= int(argument) else f"{text[: int(argument) - 1].rstrip()}…"
                )
            case "named":
                found = [
                    each.record.key
                    for each in self.names[argument]
                    if each.record.condition.holds(cells) and each.pattern.search(text)
                ]
                return f"{SEPARATOR} ".join(dict.fromkeys(found))
            case "after":
                return f"{argument} {text}" if text else ""
        raise BadMapping(f"There is no filter “{name}”.")


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise BadMapping(f"“{text}” is no regular expression: {error}.") from error


def _record(part: dict[str, Any]) -> _Record:
    kind, values = part["kind"], part["values"]
    if kind not in KINDS:
        raise BadMapping(f"There is no kind of record “{kind}”.")
    if unknown := set(values) - set(KINDS[kind].columns):
        raise BadMapping(f"A {kind} has no {_listed(sorted(unknown))}.")
    return _Record(
        kind,
        part["key"],
        values,
        _Condition.read(part),
        part.get("shared", False),
        part.get("each", ""),
    )


def _join(known: Entry, other: Entry) -> None:
    columns = KINDS[known.kind].columns
    for name, text in other.values.items():
        if isinstance(columns[name], ReferenceList):
            parts = [
                each.strip()
                for each in f"{known.values.get(name, '')}{SEPARATOR}{text}".split(SEPARATOR)
            ]
            known.values[name] = f"{SEPARATOR} ".join(sorted({each for each in parts if each}))
        elif not known.values.get(name):
            known.values[name] = text


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:12])
    return f"{shown} and {len(names) - 12} more" if len(names) > 12 else shown
