"""The fields of which a record is described: each says what it is and how the database gives it.

In SQL, `{r}` is the alias of the row that the field belongs to, and the parameter `base` is the site's
address without a slash at its end. The database makes the JSON, so that Python only joins texts; it
puts texts together, which takes it half the time of json_build_object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from negotiations.models.visibility import public_sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model, TextChoices

    from negotiations.exchange.records.resources import Resource

TOP = "r"  # the alias of the records that were asked for, whose numbers are the parameter `pks`
Columns = tuple[tuple[str, str], ...]  # of a table: name and SQL of a text

EDTF = """to_char({c}_from, CASE {c}_precision WHEN 1 THEN 'YYYY' WHEN 2 THEN 'YYYY-MM'
  ELSE 'YYYY-MM-DD' END) || CASE WHEN {c}_about THEN '~' ELSE '' END"""
DATE_SCHEMA = {
    "type": ["object", "null"],
    "description": "A date as exact as it is known: a day, a month or a year, perhaps “about”.",
    "properties": {
        "edtf": {
            "type": "string",
            "description": "In the Extended Date/Time Format, level 1 (ISO 8601-2); ~ is “about”.",
        },
        "from": {"type": "string", "format": "date", "description": "The first day that is meant."},
        "until": {"type": "string", "format": "date", "description": "The last day that is meant."},
    },
    "required": ["edtf", "from", "until"],
    "additionalProperties": False,
}
A_DAY = {"edtf": "2025-02-18", "from": "2025-02-18", "until": "2025-02-18"}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a record: `sql` gives its value, `columns` what stands in a table.

    `json` is SQL of the value as JSON text, never null, where that is quicker than to let `to_json`
    look for what must be escaped.
    """

    name: str
    says: str
    schema: dict[str, Any]
    example: Any = None
    sql: str = ""
    json: str = ""
    needs: tuple[str, ...] = ()  # joins
    columns: Columns = ()
    in_lists: bool = True  # without being asked for; else in the record by itself

    expandable = False

    def value(self, r: str, *, expand: bool = False) -> str:
        """SQL of the value as JSON text."""
        if self.json:
            return self.json.replace("{r}", r)
        return f"coalesce(to_json({self.sql.replace('{r}', r)})::text, 'null')"

    def joins(self, r: str, *, expand: bool = False) -> list[str]:
        return [join.replace("{r}", r) for join in self.needs]

    def described(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        example = {} if self.example is None else {"examples": [self.example]}
        return {"description": self.says, **self.schema, **example}


@dataclass(frozen=True, kw_only=True)
class Reference(Field):
    """Another record: its number, address and name, or all of it where that is asked for."""

    to: str
    column: str

    expandable = True

    def described(self) -> dict[str, Any]:
        return {"description": self.says, "anyOf": [*_either(self.to), {"type": "null"}]}

    def value(self, r: str, *, expand: bool = False) -> str:
        other, resource = f"{r}_{self.name}", _resource(self.to)
        if not expand:
            return f"coalesce({resource.reference(other)}, 'null')"
        return (
            f"coalesce((SELECT {resource.json(other)} FROM {resource.rows(other)}"
            f" WHERE {other}.id = {r}.{self.column} AND {public_sql(other)}), 'null')"
        )

    def joins(self, r: str, *, expand: bool = False) -> list[str]:
        if expand:
            return []
        other, table = f"{r}_{self.name}", _resource(self.to).table
        return [
            f"LEFT JOIN {table} {other} ON {other}.id = {r}.{self.column} AND {public_sql(other)}"
        ]


@dataclass(frozen=True, kw_only=True)
class References(Field):
    """Several other records, by the rows of a table that links them."""

    to: str
    through: type[Model]
    by: str
    column: str

    expandable = True

    def described(self) -> dict[str, Any]:
        return {"description": self.says, "type": "array", "items": {"anyOf": _either(self.to)}}

    def value(self, r: str, *, expand: bool = False) -> str:
        if r == TOP:
            return f"coalesce({r}_{self.name}.it, '[]')"
        other, resource = f"{r}_{self.name}", _resource(self.to)
        made = resource.json(other) if expand else resource.reference(other)
        rows = resource.rows(other) if expand else f"{resource.table} {other}"
        # Kept apart from the links: joined, all the others would be read for each record.
        return f"""(SELECT {_listed("one.it", "one.id")}
          FROM {self.through._meta.db_table} link, LATERAL (SELECT {other}.id, {made} AS it FROM {rows}
            WHERE {other}.id = link.{self.column} AND {public_sql(other)} OFFSET 0) one
          WHERE link.{self.by} = {r}.id)"""

    def joins(self, r: str, *, expand: bool = False) -> list[str]:
        """Of the records that were asked for, all links at once: half the time of one by one."""
        if r != TOP:
            return []
        resource = _resource(self.to)
        made = resource.json("x") if expand else resource.reference("x")
        joined = (*resource.in_lists,) if expand else ("id",)
        rows = resource.rows("x", joined, on=f"x.id = link.{self.column} AND {public_sql('x')}")
        return [
            f"""LEFT JOIN (SELECT link.{self.by}, {_listed(made, "x.id")} AS it
              FROM {self.through._meta.db_table} link JOIN {rows}
              WHERE link.{self.by} = ANY (%(pks)s::bigint[]) GROUP BY 1) {r}_{self.name}
              ON {r}_{self.name}.{self.by} = {r}.id"""
        ]


@dataclass(frozen=True, kw_only=True)
class Parts(Field):
    """What belongs to the record and has no address of its own, in order."""

    of: type[Model]
    by: str
    fields: tuple[Field, ...]
    order: str = "{r}.id"
    only: str = ""  # what must hold besides; {r} is the part
    inside: tuple[str, ...] = ()  # joins that this needs
    most: int = 0

    @property
    def expandable(self) -> bool:  # type: ignore[override]
        return any(field.expandable for field in self.fields)

    def described(self) -> dict[str, Any]:
        return {
            "description": self.says,
            "type": "array",
            "items": {
                "type": "object",
                "properties": {field.name: field.described() for field in self.fields},
                "required": [field.name for field in self.fields],
                "additionalProperties": False,
            },
        }

    def value(self, r: str, *, expand: bool = False) -> str:
        part = f"{r}_{self.name}"
        if r == TOP and not self.most:
            return f"coalesce({part}_all.it, '[]')"
        made, rows, order = self._made(part, expand)
        rows += f" AND {part}.{self.by} = {r}.id"
        if not self.most:
            return f"(SELECT {_listed(made, order)} FROM {rows})"
        return f"""(SELECT {_listed("one.it")}
          FROM (SELECT {made} AS it FROM {rows} ORDER BY {order} LIMIT {self.most}) one)"""

    def joins(self, r: str, *, expand: bool = False) -> list[str]:
        if r != TOP or self.most:
            return []
        part = f"{r}_{self.name}"
        made, rows, order = self._made(part, expand)
        return [
            f"""LEFT JOIN (SELECT {part}.{self.by} AS of_id, {_listed(made, order)} AS it
              FROM {rows} AND {part}.{self.by} = ANY (%(pks)s::bigint[]) GROUP BY 1) {part}_all
              ON {part}_all.of_id = {r}.id"""
        ]

    def _made(self, part: str, expand: bool) -> tuple[str, str, str]:
        """SQL of one part's JSON, of the rows with a condition, and of their order."""
        expanded = {field.name for field in self.fields} if expand else ()
        joins = [join.replace("{r}", part) for join in self.inside]
        for field in self.fields:
            joins += field.joins(part, expand=field.name in expanded)
        where = self.only.replace("{r}", part) or "true"
        rows = f"{self.of._meta.db_table} {part} {' '.join(dict.fromkeys(joins))} WHERE {where}"
        return json_object(self.fields, part, expanded), rows, self.order.replace("{r}", part)


def json_object(fields: Iterable[Field], r: str, expand: Iterable[str] = ()) -> str:
    """SQL that makes one JSON object of these fields, as text."""
    pairs = (f"""'"{f.name}":' || {f.value(r, expand=f.name in expand)}""" for f in fields)
    return f"""'{{' || {" || ',' || ".join(pairs)} || '}}'"""


def _listed(value: str, order: str = "") -> str:
    order = f" ORDER BY {order}" if order else ""
    return f"'[' || coalesce(string_agg({value}, ','{order}), '') || ']'"


def quoted(sql: str) -> str:
    """SQL of a text as JSON, where it holds nothing that must be escaped."""
    return f"""'"' || {sql} || '"'"""


def _either(name: str) -> list[dict[str, str]]:
    """The schemas of a reference, and of the record itself."""
    return [
        {"$ref": f"#/components/schemas/{each}"} for each in ("Reference", _resource(name).title)
    ]


def _resource(name: str) -> Resource:
    from negotiations.exchange.records.all import RESOURCES

    return RESOURCES[name]


# --- Fields of common make ---


def text(name: str, says: str, example: str | None = None, **more: Any) -> Field:
    """A text that is always there."""
    column = more.pop("column", f"{{r}}.{name}")
    return Field(
        name=name, says=says, schema={"type": "string"}, example=example, sql=column,
        json=f"to_json({column})::text", columns=((name, column),), **more,
    )  # fmt: skip


def text_if_any(name: str, says: str, example: str | None = None, **more: Any) -> Field:
    """A text that may be missing: null then."""
    column = more.pop("column", f"{{r}}.{name}")
    return Field(
        name=name, says=says, schema={"type": ["string", "null"]}, example=example,
        sql=f"nullif({column}, '')", columns=((name, column),), **more,
    )  # fmt: skip


def lines(name: str, says: str, example: list[str]) -> Field:
    """A text of one value a line, as a list."""
    listed = f"array_remove(string_to_array(replace({{r}}.{name}, E'\\r', ''), E'\\n'), ''::text)"
    return Field(
        name=name, says=says, schema={"type": "array", "items": {"type": "string"}},
        example=example, sql=f"to_json({listed})",
        columns=((name, f"array_to_string({listed}, '; ')"),),
    )  # fmt: skip


def choice(name: str, says: str, choices: type[TextChoices], example: str) -> Field:
    schema = {"type": "string", "enum": list(choices.values)}
    sql = f"{{r}}.{name}"
    return Field(
        name=name,
        says=says,
        schema=schema,
        example=example,
        json=quoted(sql),
        columns=((name, sql),),
    )


def date(name: str, says: str, example: dict[str, str] | None = None, **more: Any) -> Field:
    """A vague date: EDTF, and the first and last day that it means."""
    edtf = EDTF.format(c=f"{{r}}.{name}")
    first, last = f"{{r}}.{name}_from", f"{{r}}.{name}_until"
    return Field(
        name=name,
        says=says,
        schema={"$ref": "#/components/schemas/Date"},
        example=example or A_DAY,
        json=f"""coalesce('{{"edtf":"' || {edtf} || '","from":"' || {first} || '","until":"'
          || {last} || '"}}', 'null')""",
        columns=(
            (name, edtf),
            (f"{name}_from", f"{first}::text"),
            (f"{name}_until", f"{last}::text"),
        ),
        **more,
    )


def reference(name: str, says: str, to: str, **more: Any) -> Reference:
    """A foreign key of the record's."""
    other = f"{{r}}_{name}"
    called = more.pop("called", f"{other}.{more.pop('by_name', 'name')}")
    return Reference(
        name=name, says=says, schema={}, to=to, column=f"{name}_id",
        columns=((name, called), (f"{name}_id", f"{other}.id::text")), **more,
    )  # fmt: skip


def references(
    name: str, says: str, to: str, through: type[Model], by: str, column: str, called: str = "name"
) -> References:
    """A many-to-many of the record's. In a table the names stand in one cell."""
    from django.apps import apps

    table = apps.get_model("negotiations", to)._meta.db_table
    # One by one, for the planner would join all the others to the few links of each record.
    names = (
        f"(SELECT string_agg((SELECT other.{called} FROM {table} other"
        f" WHERE other.id = link.{column} AND {public_sql('other')}), '; ' ORDER BY link.{column})"
        f" FROM {through._meta.db_table} link WHERE link.{by} = {{r}}.id)"
    )
    return References(
        name=name, says=says, schema={}, to=to, through=through, by=by, column=column,
        columns=((name, names),),
    )  # fmt: skip


NUMBER = {"type": "integer", "minimum": 1}
