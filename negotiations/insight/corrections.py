"""Corrections: what changed in what the public sees, when, and why if the editor told."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, models

from negotiations.languages import gettext, gettext_lazy, pgettext
from negotiations.models import Action, Citation, Record, Source, VagueDate
from negotiations.models.corrections import (
    CITING_COLUMNS,
    MATTERS,
    OF_A_CITATION,
    SHOWN_ON,
    Correction,
)
from negotiations.models.differences import Difference, Names, Told, told_fields

if TYPE_CHECKING:
    from django.http import QueryDict

PER_PAGE = 40
# Of a change, as it is read from the table of corrections.
COLUMNS = ("at", "id", "what", "kind", "record_id", "page", "fields", "context_id")
What = Correction.What
# What a reader may ask for: the first unless told otherwise.
CHOICES = {
    "": (gettext_lazy("Corrections and withdrawals"), (What.CORRECTED, What.WITHDRAWN)),
    "corrected": (gettext_lazy("Corrections"), (What.CORRECTED,)),
    "withdrawn": (gettext_lazy("Withdrawals"), (What.WITHDRAWN,)),
    "published": (gettext_lazy("Publications"), (What.PUBLISHED,)),
    "all": (gettext_lazy("All of these"), tuple(What)),
}
RECORD = re.compile(r"([a-z]{1,20})-(\d{1,18})")
PLACE = re.compile(r"(\d{1,16})\.(\d{1,18})")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Asked:
    """Which changes are asked for: what happened, to which kind or record, when, after which place."""

    what: str = ""
    kind: str = ""
    record: str = ""
    since: VagueDate | None = None
    until: VagueDate | None = None
    place: str = ""

    @classmethod
    def from_address(cls, query: QueryDict) -> Asked:
        """Read the part of an address after `?`.

        Raises:
            ValueError: with a sentence that says what to change.
        """
        text = {name: query.get(name, "").strip() for name in ("what", "kind", "record", "older")}
        if text["what"] not in CHOICES:
            raise ValueError(gettext("“what” is corrected, withdrawn, published or all."))
        if text["kind"] and text["kind"] not in MATTERS:
            raise ValueError(
                gettext("There is no kind of record called “{text}”.").format(
                    text=text["kind"][:40]
                )
            )
        if text["record"] and not _record(text["record"]):
            raise ValueError(gettext("Name a record by its kind and number: statement-12."))
        if text["older"] and not PLACE.fullmatch(text["older"]):
            raise ValueError(
                gettext("The place in the list can’t be read. Begin with the newest changes.")
            )
        dates = {
            name: VagueDate.parse(value) if (value := query.get(name, "").strip()[:100]) else None
            for name in ("from", "to")
        }
        return cls(
            text["what"], text["kind"], text["record"], dates["from"], dates["to"], text["older"]
        )


def place_after(at: dt.datetime) -> str:
    """The place in the list, the newest first, before all changes up to this moment."""
    return f"{(at - EPOCH) // MICROSECOND}.{10**18 - 1}"


def _record(text: str) -> tuple[str, int] | None:
    found = RECORD.fullmatch(text)
    return (found[1], int(found[2])) if found and found[1] in MATTERS else None


@dataclass(frozen=True)
class Line:
    """One record's part in a change; `record` and `url` are empty where it is not public now."""

    what: str
    key: str
    kind: str
    number: int
    record: str
    url: str
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """What one save changed for the public."""

    at: dt.datetime
    reason: str
    lines: list[Line]
    id: int


def corrections(asked: Asked, most: int = PER_PAGE) -> tuple[list[Change], str]:
    """The changes asked for, the newest first, and the place of older ones (empty: no more)."""
    rows = rows_of(asked, most + 1)
    older = ""
    if len(rows) > most:
        rows = rows[:most]
        older = f"{(rows[-1][0] - EPOCH) // MICROSECOND}.{rows[-1][1]}"
    names = _names(rows)
    changes = []
    for (at, _context), group in groupby(rows, key=lambda row: (row[0], row[7])):
        together = list(group)
        lines = _of_each_record([_line(row, names) for row in together])
        changes.append(Change(at, together[0][8] or "", lines, together[0][1]))
    return changes, older


def _of_each_record(lines: list[Line]) -> list[Line]:
    """One line for a record and what it cites, where one save corrected both."""
    found: dict[tuple[str, str], Line] = {}
    for line in lines:
        first = found.setdefault((line.what, line.key), line)
        if first is not line:
            first.differences.extend(line.differences)
    return list(found.values())


def last_corrected(record: Record) -> dt.datetime | None:
    """When what the record's page shows was last corrected after it was public; one query."""
    page = f"{record._meta.model_name}-{record.pk}"
    noted = Correction.objects.filter(page=page, what=What.CORRECTED, shown=True)
    return noted.aggregate(last=models.Max("at"))["last"]


def rows_of(asked: Asked, most: int) -> list[Any]:
    """(at, id, what, kind, record, page, fields, context, reason): each `what` by its own index."""
    where = ["shown"]
    values: dict[str, Any] = {"most": most}
    if asked.record and (named := _record(asked.record)):
        values |= {"page": asked.record, "kind": named[0], "number": named[1]}
        where.append(
            "kind = %(kind)s AND record_id = %(number)s"
            if named[0] in SHOWN_ON
            else "page = %(page)s"
        )
    elif asked.kind:
        values["kind"] = asked.kind
        where.append("kind = %(kind)s")
    if asked.since:
        values["since"] = asked.since.first
        where.append("at >= %(since)s")
    if asked.until:
        values["until"] = asked.until.last
        where.append("at < %(until)s::date + 1")
    if asked.place:
        at, number = map(int, asked.place.split("."))
        values |= {"at": EPOCH + at * MICROSECOND, "id": number}
        where.append("(at, id) < (%(at)s, %(id)s)")
    each = " UNION ALL ".join(
        f"(SELECT * FROM negotiations_correction WHERE what = '{what}' AND {' AND '.join(where)}"
        " ORDER BY at DESC, id DESC LIMIT %(most)s)"
        for what in CHOICES[asked.what][1]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {", ".join(f"n.{column}" for column in COLUMNS)}, c.metadata->>'public_reason'
            FROM ({each}) n LEFT JOIN pghistory_context c ON c.id = n.context_id
            ORDER BY n.at DESC, n.id DESC LIMIT %(most)s""",
            values,
        )
        return as_rows(cursor.fetchall())


def as_rows(found: list[Any]) -> list[Any]:
    """Rows as the database gives them, with their fields read."""
    return [
        (*row[:6], json.loads(row[6]) if isinstance(row[6], str) else row[6], *row[7:])
        for row in found
    ]


def told(rows: list[Any]) -> list[Line]:
    """What readers are told of each of these changes, given as rows (`rows_of`)."""
    names = _names(rows)
    return [_line(row, names) for row in rows]


def _told(kind: str) -> dict[str, Told]:
    told = {each.name: each for each in told_fields(_model(kind))}
    if kind == "action":
        owed = Action._meta.get_field("owed_by")
        told["owed_by"] = Told("owed_by", str(owed.verbose_name), ("party_id",), owed.related_model)
    if kind in CITING_COLUMNS:
        told |= {each.name: each for each in told_fields(Citation) if each.name in OF_A_CITATION}
    return told


def _model(kind: str) -> type[Record]:
    return apps.get_model("negotiations", kind)


def _names(rows: list[Any]) -> Names:
    """The records, their pages, and what their fields point at; only what is public has a name."""
    names = Names(public=True)
    for _at, _id, _what, kind, number, page, fields, *_ in rows:
        names.wanted[_model(kind)].add(number)
        on, of = page.split("-")
        names.wanted[_model(on)].add(int(of))
        for name, pair in fields.items():
            names.want(_told(kind)[name], pair)
    names.ask()
    return names


def _line(row: Any, names: Names) -> Line:
    _at, _id, what, kind, number, page, fields, *_ = row
    model = _model(kind)
    record = names.found.get((model, number))
    on, of = page.split("-")
    whole: Any = names.found.get((_model(on), int(of)))
    if not record or not whole:
        return Line(
            what,
            f"{kind}-{number}",
            pgettext("kind of record", str(model._meta.verbose_name)),
            number,
            "",
            "",
        )
    anchor = "" if on == kind else f"#{kind}-{number}"
    told = _told(kind)
    if "source" in fields:
        fields = _without_hidden_passages(fields, names)
    differences = [
        told[name].difference(before, after, names)
        for name, (before, after) in sorted(
            fields.items(), key=lambda item: list(told).index(item[0])
        )
    ]
    return Line(
        what,
        f"{kind}-{number}",
        pgettext("kind of record", str(model._meta.verbose_name)),
        number,
        str(record),
        f"{whole.get_absolute_url()}{anchor}",
        [each for each in differences if each.before != each.after],
    )


def _without_hidden_passages(fields: dict[str, Any], names: Names) -> dict[str, Any]:
    """A citation's words are as public as its source."""
    public = [not source or (Source, source) in names.found for source in fields["source"]]
    return {
        name: pair
        if name == "source"
        else [value if shown else "" for value, shown in zip(pair, public, strict=True)]
        for name, pair in fields.items()
    }
