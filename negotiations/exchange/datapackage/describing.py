"""The descriptor of a package, `datapackage.json`: Data Package 2.0 with Table Schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    import datetime as dt

    from negotiations.exchange.datapackage.tables import Column, Table
    from negotiations.exchange.datapackage.writing import Written

DESCRIPTOR = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
DESCRIPTION = """\
All public records of this Readout site at one moment: one file for each kind of record, for each
link between kinds, for citations, and for the former addresses of what was renamed. A row’s number
and address are those of its page. An empty cell is an empty text, or no value.

A vague date stands in three columns: `…_from`, the first day meant; `…_precision`, 1 for a year, 2
for a month, 3 for a day; `…_about`. A date of precision 1 or 2 claims no day.

Left out, and why:

- drafts, records in review, and what was taken back or withdrawn: they are not public;
- demonstration data: it is invented;
- the captured texts of sources, and their seals: they belong to their publishers and serve only to
  verify quotations. In a site made from this package no text is captured, so no verbatim statement
  is marked as found in its source there until the source is captured anew; then it is checked;
- users, who wrote and reviewed what, reviewers’ notes, imports and merges: they are the desk’s own;
- the history, with its corrections and earlier versions. The history of a site made from this
  package begins with the loading; `created_at`, `updated_at` and `revision` are kept as they were.

The records (the facts, their order, the paraphrases) are under the licence named here. Quoted words
belong to those who spoke them, cited documents to their publishers.
"""


def descriptor(created: dt.datetime, files: list[tuple[Table, Written]]) -> dict[str, Any]:
    """The whole descriptor of a package that was made at this moment."""
    home = {"homepage": f"https://{settings.HOSTS[0]}/"} if settings.PRODUCTION else {}
    return {
        "$schema": PROFILE,
        "name": "readout",
        "title": "Readout: all public records",
        "description": DESCRIPTION,
        **home,
        "version": f"{created:%Y.%-m.%-d}",
        "created": f"{created:%Y-%m-%dT%H:%M:%SZ}",
        "licenses": [LICENCE],
        "resources": [_resource(table, written) for table, written in files],
    }


def _resource(table: Table, written: Written) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "title": table.title,
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.bytes,
        "hash": f"sha256:{written.sha256}",
        "schema": schema(table),
    }


def schema(table: Table) -> dict[str, Any]:
    """The table's Table Schema: https://datapackage.org/standard/table-schema/"""
    return {
        "fields": [_field(column, table) for column in table.columns],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {
                "fields": [column.name],
                "reference": {
                    # Of the same table: written so since version 1.
                    "resource": "" if column.refers == table.name else column.refers,
                    "fields": ["id"],
                },
            }
            for column in table.columns
            if column.refers
        ],
        "missingValues": [""],
    }


def _field(column: Column, table: Table) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.is_needed:
        constraints["required"] = True
    if column.field.unique and (column.name,) != table.key:
        constraints["unique"] = True
    if column.type == "string" and column.field.max_length:
        constraints["maxLength"] = column.field.max_length
    if column.choices:
        constraints["enum"] = [value for value in column.choices if value != ""]
    return {
        "name": column.name,
        "type": column.type,
        "title": str(column.field.verbose_name),
        **({"description": column.description} if column.description else {}),
        **({"constraints": constraints} if constraints else {}),
    }
