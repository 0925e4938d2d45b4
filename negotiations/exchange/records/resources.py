"""What it takes to describe one kind of record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from negotiations.exchange.records.fields import NUMBER, Field, json_object, quoted
from negotiations.models.visibility import public_sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negotiations.search.entries import Kind


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One kind of record: what it is, where it is, and its fields.

    `address` and `called` are SQL of the path of its page and of what it is called.
    """

    name: str
    path: str
    model: type[Any]  # of records, or the index
    kind: Kind | None  # in the search index, if it is there
    says: str
    address: str
    called: str
    own: tuple[Field, ...]
    demonstration: str  # SQL
    needs: tuple[str, ...] = ()  # joins for its address and for `demonstration`
    types: tuple[str, ...] = ()  # of the index's rows, which are of several kinds
    type_sql: str = ""
    id_sql: str = "{r}.id"

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def title(self) -> str:
        """The name of its schema: "OpenMatter"."""
        return "".join(word.capitalize() for word in self.name.split("_"))

    @property
    def label(self) -> str:
        """What a heading calls its records: "Open matters"."""
        return self.path.replace("-", " ").capitalize()

    @property
    def has_slug(self) -> bool:
        return any(field.name == "slug" for field in self.model._meta.concrete_fields)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """All fields, by name, in their order."""
        told = (
            Field(
                name="type", says="The kind of record.",
                schema={"type": "string", "enum": list(self.types or (self.name,))},
                json=quoted(self.type_sql or f"'{self.name}'"),
                columns=(("type", self.type_sql or f"'{self.name}'"),),
            ),
            Field(
                name="id", says="Its number, which stays.", schema=NUMBER, example=12,
                sql=self.id_sql, columns=(("id", f"{self.id_sql}::text"),),
            ),
            Field(
                name="url", says="Its page: a permanent address.",
                schema={"type": "string", "format": "uri"},
                json=quoted(self.url("{r}")), needs=self.needs, columns=(("url", self.url("{r}")),),
            ),
            *self.own,
            Field(
                name="demonstration", says="Is it invented, to show what Readout does?",
                schema={"type": "boolean"}, example=False, sql=self.demonstration,
                needs=self.needs,
            ),
        )  # fmt: skip
        return {field.name: field for field in told}

    @property
    def in_lists(self) -> tuple[str, ...]:
        """The names of the fields that a list gives without being asked."""
        return tuple(name for name, field in self.fields.items() if field.in_lists)

    @property
    def expandable(self) -> tuple[str, ...]:
        return tuple(name for name, field in self.fields.items() if field.expandable)

    def public(self, r: str) -> str:
        """SQL that is true of what everybody may see. The index holds nothing else."""
        return "true" if self.types else public_sql(r)

    def url(self, r: str) -> str:
        return f"%(base)s::text || {self.address.replace('{r}', r)}"

    def reference(self, r: str) -> str:
        """SQL of what stands for the record in another one: JSON text, null if there is no row."""
        return (
            f"""'{{"id":' || {r}.id || ',"url":"' || {self.url(r)} || '","name":'"""
            f""" || to_json({self.called.replace("{r}", r)})::text || '}}'"""
        )

    def json(self, r: str, names: Iterable[str] = (), expand: Iterable[str] = ()) -> str:
        """SQL of the record as JSON, with these fields, or those that lists give."""
        return json_object(self._chosen(names), r, expand)

    def rows(
        self, r: str, names: Iterable[str] = (), expand: Iterable[str] = (), on: str = ""
    ) -> str:
        """SQL of the table with the joins that the same fields need; `on`: how it is itself joined."""
        joins = (join for f in self._chosen(names) for join in f.joins(r, expand=f.name in expand))
        return " ".join([self.table, r, f"ON {on}" if on else "", *dict.fromkeys(joins)])

    def _chosen(self, names: Iterable[str]) -> list[Field]:
        return [self.fields[name] for name in (names or self.in_lists)]

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the record. No field is required: one may ask for some only."""
        return {
            "type": "object",
            "description": self.says,
            "properties": {name: field.described() for name, field in self.fields.items()},
            "additionalProperties": False,
        }
