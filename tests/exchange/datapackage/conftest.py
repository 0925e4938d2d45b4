"""A package to load, an empty site to load it into, and a hand to spoil it."""

from __future__ import annotations

import csv
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connection

from negotiations.exchange.datapackage import dumping

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def dump(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Any]:
    """Dumps within a test's transaction, which has begun already and so is no snapshot."""
    monkeypatch.setattr(dumping, "ONE_MOMENT", "SELECT")
    return dumping.dump


def empty_the_site() -> None:
    """As it is after `migrate`: no record, no history."""
    tables = {
        model._meta.db_table
        for model in apps.get_app_config("negotiations").get_models()
        if not model._meta.label.endswith("User")
    }
    named = ", ".join(f'"{table}"' for table in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {named} RESTART IDENTITY CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def seal(folder: Path) -> None:
    """Describe the files of a package as they are now."""
    path = folder / "datapackage.json"
    told = json.loads(path.read_text("utf-8"))
    for resource in told["resources"]:
        content = (folder / resource["path"]).read_bytes()
        resource |= {
            "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        }
    path.write_text(json.dumps(told), "utf-8")


def spoil(folder: Path, table: str, row: int, **cells: str) -> None:
    """Change cells of one row (the header is 1) of a table's file."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    for column, cell in cells.items():
        rows[row - 1][rows[0].index(column)] = cell
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    seal(folder)
