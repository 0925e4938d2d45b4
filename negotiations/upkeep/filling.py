"""A dump put into a new database, and compared with what was in the one it was made from."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from tqdm import tqdm

from negotiations.errors import CannotRun
from negotiations.upkeep import server
from negotiations.upkeep.contents import Contents, contents, sizes
from negotiations.upkeep.programs import DiskFull, fitting, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import psycopg

MOST_DIFFERENCES = 5


def bar(words: str, total: int, quiet: bool) -> tqdm:
    return tqdm(desc=words, total=total, unit="B", unit_scale=True, disable=quiet, leave=True)


def fill(database: str, dump: Path, held: Contents, quiet: bool) -> None:
    """Restore the dump into an empty database, and compare that with what the dump should hold.

    Raises:
        CannotRun: says what failed, or what differs.
    """
    with server.connect(database) as db:
        restore = fitting("pg_restore", db.info.server_version // 10_000)
    rows = {name: table.count for name, table in held.tables.items()}
    with tqdm(desc="Restoring", total=sum(rows.values()), unit=" rows", disable=quiet) as progress:
        tell = table_by_table(r"finished item \d+ TABLE DATA (\S+)", rows, progress.update)
        jobs = str(min(os.cpu_count() or 1, 4))
        try:
            run(
                restore,
                ["--no-owner", "--no-privileges", "--exit-on-error", "--jobs", jobs, str(dump)],
                database,
                tell,
            )
        except DiskFull as error:
            raise CannotRun(
                "The disk of the database's server is full: restoring takes as much space there "
                "again as the database. Free some, then start again."
            ) from error
    with server.connect(database) as db:
        compare(db, held, quiet)


def compare(db: psycopg.Connection, held: Contents, quiet: bool) -> None:
    """Refuse a database that does not hold the same."""
    with bar("Comparing", sum(sizes(db).values()), quiet) as progress:
        differences = list(held.differences(contents(db, progress.update)))
    if differences:
        shown = "; ".join(differences[:MOST_DIFFERENCES])
        more = len(differences) - MOST_DIFFERENCES
        shown += f"; and {more} more" if more > 0 else ""
        raise CannotRun(f"What was restored is not what was dumped ({shown}).")


def table_by_table(
    said: str, worth: dict[str, int], done: Callable[[int], object]
) -> Callable[[str], None]:
    """Follows what a program says, and counts each table that it names."""
    pattern = re.compile(said)

    def tell(line: str) -> None:
        if found := pattern.search(line):
            done(worth.get(found[1], 0))

    return tell
