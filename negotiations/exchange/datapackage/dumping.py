"""Writes all public records as a data package."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from negotiations.exchange.datapackage.describing import DESCRIPTOR, descriptor
from negotiations.exchange.datapackage.tables import tables
from negotiations.exchange.datapackage.writing import Counting, replacing

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from negotiations.exchange.datapackage.tables import Table
    from negotiations.exchange.datapackage.writing import Package, Written

ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def dump(target: Path) -> dict[str, Any]:
    """Write the package to a folder, or to a file whose name ends in .zip; returns its descriptor.

    All files show the records as they are at one moment, and go from the database to the disk block
    by block. The package that was there before stays until the new one is whole.

    Raises:
        CannotRun: with a sentence that says what stands in the way.
    """
    created = timezone.now().replace(microsecond=0)
    with replacing(target, created) as package:
        described = _fill(package, created)
    # What tells of the package is a page of its own: kept pages shall be made anew.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO readout_change (transaction) VALUES (pg_current_xact_id())"
            " ON CONFLICT DO NOTHING"
        )
    return described


def _fill(package: Package, created: dt.datetime) -> dict[str, Any]:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(ONE_MOMENT)
        described = descriptor(created, [(table, _write(package, table)) for table in tables()])
    with package.open(DESCRIPTOR) as file:
        file.write(json.dumps(described, ensure_ascii=False, indent=2).encode() + b"\n")
    return described


def _write(package: Package, table: Table) -> Written:
    select, values = table.select()
    copying = f"COPY ({select}) TO STDOUT (FORMAT csv, HEADER)"
    with (
        package.open(table.file) as file,
        connection.cursor() as cursor,
        cursor.copy(copying, values) as copy,
    ):
        counting = Counting(file)
        for block in copy:
            counting.write(block)
        return counting.written
