"""What a database holds, in numbers that tell whether another holds the same."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

# Which transaction changed something public has a meaning on one server only.
LEFT_OUT = ("readout_change",)

# A row's text must not depend on who asks for it.
ALWAYS_THE_SAME = """
SET LOCAL search_path = public; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY';
SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1;
SET LOCAL bytea_output = 'hex'; SET LOCAL statement_timeout = 0;
"""

TABLES = """
SELECT relname::text, pg_table_size(oid) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence = 'p'
ORDER BY 1
"""

# By their names: how PostgreSQL words a definition differs between its versions. The same goes for
# NOT NULL, which is a constraint with a name since PostgreSQL 18.
OBJECTS = {
    "triggers": "SELECT tgrelid::regclass || '.' || tgname || ' ' || tgenabled::text AS name"
    " FROM pg_trigger WHERE NOT tgisinternal",
    "constraints": "SELECT conrelid::regclass || '.' || conname AS name FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
    "indexes": "SELECT relname::text AS name FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('i', 'I')",
    "views": "SELECT relname::text AS name FROM pg_class c"
    " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')"
    " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')",
    "functions": "SELECT p.oid::regprocedure::text AS name FROM pg_proc p"
    " WHERE pronamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')",
}


@dataclass(frozen=True)
class Counted:
    """How many there are, and a sum that changes with each of them."""

    count: int
    checksum: str


@dataclass(frozen=True)
class Contents:
    """All that a database holds."""

    tables: dict[str, Counted]
    sequences: dict[str, int]
    objects: dict[str, Counted]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Contents:
        return cls(
            {name: Counted(**each) for name, each in told["tables"].items()},
            dict(told["sequences"]),
            {name: Counted(**each) for name, each in told["objects"].items()},
        )

    def differences(self, other: Contents) -> Iterator[str]:
        """What the other database lacks or has otherwise, in words."""
        for kind in ("tables", "objects"):
            mine, others = getattr(self, kind), getattr(other, kind)
            for name in sorted(mine.keys() | others.keys()):
                had, has = (each.get(name, Counted(0, "")) for each in (mine, others))
                if had.count != has.count:
                    yield f"{name}: {has.count:,} instead of {had.count:,}"
                elif had != has:
                    yield f"{name}: {has.count:,} as there should be, but not the same"
        for name, last in sorted(self.sequences.items()):
            # A number that was taken while the dump was made is in it, and harms nobody.
            if (here := other.sequences.get(name, 0)) < last:
                yield f"{name}: goes on after {here:,} instead of {last:,}"


def sizes(db: psycopg.Connection) -> dict[str, int]:
    """The tables that a backup holds, with their bytes."""
    return {name: size for name, size in db.execute(TABLES) if name not in LEFT_OUT}


def contents(db: psycopg.Connection, done: Callable[[int], object]) -> Contents:
    """Read all of it, within one transaction; `done` is told each table's bytes."""
    db.execute(ALWAYS_THE_SAME)
    counted = {}
    for table, size in sizes(db).items():
        counted[table] = _counted(
            db,
            sql.SQL("SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {} t").format(
                sql.Identifier("public", table)
            ),
        )
        done(size)
    objects = {
        kind: _counted(
            db,
            sql.SQL("SELECT count(*), sum(hashtextextended(name, 0)::numeric) FROM ({}) x").format(
                sql.SQL(query)
            ),
        )
        for kind, query in OBJECTS.items()
    }
    asked = "SELECT sequencename::text, last_value FROM pg_sequences WHERE schemaname = 'public'"
    return Contents(counted, {name: last or 0 for name, last in db.execute(asked)}, objects)


def _counted(db: psycopg.Connection, query: sql.Composed) -> Counted:
    ((count, checksum),) = db.execute(query)
    return Counted(count, str(checksum or 0))
