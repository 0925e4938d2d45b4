"""Start a site on several machines, on this one; kill its parts in turn; say what became of it.

    python3 -m uv run python -m tests.cluster.run [--quick] [--statements 20000] [--keep]

Needs pgbouncer, and takes Debian's PostgreSQL if there is one, else the one that comes along. A load of
80 % pages, 15 % searches and 5 % API goes over both web processes all the while, and an editor saves
one topic after the other. Exits with 1 if a reader was not answered or an acknowledged write is lost.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cluster.faults import AWAY, faults
from tests.cluster.load import EDITOR, Load
from tests.cluster.parts import Cluster, wait_until

if TYPE_CHECKING:
    from tests.cluster.load import Answer

COLUMNS = (
    ("what was done", 33),
    ("reads", 6),
    ("other web", 10),
    ("refused", 8),
    ("failed", 7),
    ("slowest s", 10),
    ("oldest s", 9),
    ("writes", 7),
    ("refused", 8),
    ("none for s", 11),
    ("lost", 5),
    ("mended s", 9),
)


@dataclass
class Row:
    """What became of the site while one thing was done to it."""

    name: str
    reads: list[Answer]
    oldest: float
    writes: list[Answer]
    acknowledged: list[tuple[float, str]]
    longest_without: float
    mended: float
    lost: int = 0

    def cells(self) -> list[str]:
        return [
            self.name,
            str(len(self.reads)),
            str(sum(read.again for read in self.reads)),
            str(sum(read.refused for read in self.reads)),
            str(sum(read.failed for read in self.reads)),
            f"{max((read.seconds for read in self.reads), default=0):.1f}",
            f"{self.oldest:.1f}",
            str(len(self.acknowledged)),
            str(len(self.writes) - len(self.acknowledged)),
            f"{self.longest_without:.1f}",
            str(self.lost),
            f"{self.mended:.1f}",
        ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statements", type=int, help="read an invented corpus of so many")
    parser.add_argument("--quick", action="store_true", help="kill a replica and the primary only")
    parser.add_argument("--keep", action="store_true", help="leave the folder with all logs")
    asked = parser.parse_args()
    if not shutil.which("pgbouncer"):
        sys.exit("pgbouncer is not here. Install it (on Debian: apt-get install pgbouncer).")
    folder = Path(tempfile.mkdtemp(prefix="readout-cluster-"))
    folder.chmod(0o755)
    cluster = Cluster(folder)
    try:
        good = _run(cluster, asked.statements, quick=asked.quick)
    except Exception:
        asked.keep = True  # the logs say why
        raise
    finally:
        cluster.stop()
        if asked.keep:
            print(f"Logs and data are in {folder}.")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if good else 1


def _run(cluster: Cluster, statements: int | None, *, quick: bool) -> bool:
    begun = time.monotonic()
    for step in cluster.start(statements):
        print(f"Starting {step}.", flush=True)
    cluster.manage("shell", "--verbosity", "0", "-c", EDITOR)
    print(f"All parts run, after {time.monotonic() - begun:.0f} s.\n", flush=True)
    load = Load(cluster.webs, cluster.pooler.address())
    with load.running():
        wait_until(lambda: load.acknowledged, "that an editor can save")
        rows = _through_all_faults(cluster, load, quick=quick)
    lost = _count_what_is_lost(cluster, load, rows)
    print("\n" + _line([name for name, _ in COLUMNS]))
    for row in rows:
        print(_line(row.cells()))
    print(
        "\nother web: asked of the other web process, since one was gone. oldest s: how long ago what a\n"
        "page said was the last word no more. none for s: the longest time in which no write was\n"
        "acknowledged. mended s: from the repair, the part's start included, until all was as before."
    )
    for what, times in load.wrong.items():
        print(f"{times} x {what}")
    failed = sum(read.failed or read.refused for read in load.reads)
    print(
        f"\n{len(load.reads)} reads, {failed} not answered; {len(load.acknowledged)} acknowledged "
        f"writes, {lost} lost, {load.unseen} not seen by their editor right after; "
        f"{len(load.corrected)} corrections, looked for {len(load.ages)} times."
    )
    return not (failed or lost or load.unseen)


def _through_all_faults(cluster: Cluster, load: Load, *, quick: bool) -> list[Row]:
    rows = []
    for fault in faults(cluster, load):
        if quick and not fault.quick:
            continue
        first_read, first_write, first_known = map(
            len, (load.reads, load.writes, load.acknowledged)
        )
        begun = time.monotonic()
        fault.do()
        time.sleep(AWAY / 2 if quick else AWAY)
        mending = time.monotonic()
        fault.mend()
        mended = time.monotonic() - mending
        time.sleep(1)  # so that what comes late is counted here
        known = load.acknowledged[first_known:]
        moments = [begun, *(at for at, _ in known), time.monotonic()]
        rows.append(
            Row(
                fault.name,
                load.reads[first_read:],
                max((age for at, age in load.ages if at >= begun), default=0),
                load.writes[first_write:],
                known,
                max(after - before for before, after in pairwise(moments)),
                mended,
            )
        )
        print(f"{fault.name}: mended after {mended:.1f} s", flush=True)
    return rows


def _count_what_is_lost(cluster: Cluster, load: Load, rows: list[Row]) -> int:
    found = cluster.primary.ask("SELECT name FROM negotiations_topic", "readout")
    there = {name for (name,) in found}
    for row in rows:
        row.lost = sum(name not in there for _, name in row.acknowledged)
    return sum(name not in there for _, name in load.acknowledged)


def _line(cells: list[str]) -> str:
    return "".join(
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, (_, width)) in enumerate(zip(cells, COLUMNS, strict=True))
    )


if __name__ == "__main__":
    sys.exit(main())
