"""Databases of a test's own, beside the one in which all others run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import connections
from psycopg import sql

from negotiations import database
from negotiations.upkeep import server

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def own_database(what: str, *, filled: bool = False) -> Iterator[str]:
    """Point Django at a database made for this block: empty, or as the tests' own is.

    Whatever the block does to it, it goes in the end.
    """
    ours = server.site()
    name = server.beside(ours, what)
    database.let_go()
    with server.connect("postgres") as others:
        others.autocommit = True
        server.drop(others, name)
        others.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(ours if filled else "template0")
            )
        )
        _point_at(name)
        try:
            yield name
        finally:
            _point_at(ours)
            known = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            for (left,) in others.execute(known, [name]).fetchall():
                server.drop(others, left)


def _point_at(name: str) -> None:
    database.let_go()
    connections["default"].settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
