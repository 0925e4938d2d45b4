"""How long a long table takes to import, and how much memory at most.

    python3 -m uv run python -m tests.bench.importing [--rows 100000]

Imports invented statements into a database of its own, which goes afterwards: a dry run, the real
thing, and the same file once more. Exits with 1 if memory grew beyond the bound.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from contextlib import nullcontext

import django

BOUND = 100  # megabytes over what the program itself takes, whatever the number of rows


def main(rows: int) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "negotiations.settings"
    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases, teardown_databases

    from negotiations import database, embedded

    default = settings.DATABASES["default"]
    folder = settings.LOCAL_DIR / "bench-postgres" if settings.EMBEDDED_DATABASE else None
    if folder:
        default.update(HOST=embedded.connection(folder)["HOST"])
    default["OPTIONS"].pop("pool")
    with embedded.Server(folder) if folder else nullcontext():
        made = setup_databases(verbosity=0, interactive=False)
        try:
            return measure(rows)
        finally:
            teardown_databases(made, verbosity=0)
            database.let_go()


def measure(rows: int) -> int:
    from negotiations.editing.importing.kinds import KINDS
    from negotiations.editing.importing.running import run
    from tests import factories

    for n in range(100):
        meeting = factories.MeetingFactory(slug=f"m{n}")
        factories.TopicFactory(slug=f"t{n}")
        factories.PartyFactory(slug=f"p{n}")
    source = factories.SourceFactory(url="https://example.org/")
    print(f"{rows:,} statements of {meeting.process}, each with a topic and a citation")
    with tempfile.TemporaryFile() as file:
        file.write(b"key,meeting,party,form,words,topics,source,where\n")
        for n in range(rows):
            line = f"S{n},m{n % 100},p{n % 97},paraphrase,{'said again ' * 20}{n},t{n % 89},{source.url},p. {n}\n"
            file.write(line.encode())
        print(f"{file.tell() / 1e6:.0f} MB of CSV")
        before = peak()
        for what, write in (("dry run", False), ("import", True), ("once more", True)):
            begun = time.monotonic()
            found = run(file, "statements.csv", KINDS["statement"], write=write)
            took = time.monotonic() - begun
            print(
                f"{what:10} {took:7.1f} s  {rows / took:7.0f} rows/s  +{peak() - before:4.0f} MB  {dict(found.counts)}"
            )
    grown = peak() - before
    print(f"memory grew by {grown:.0f} MB; the bound is {BOUND}")
    return int(grown > BOUND)


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    sys.exit(main(parser.parse_args().rows))
