"""Makes first_release.sql.gz anew: a database filled by the code of the first release, 0.1.0.

    python3 -m uv run python -m tests.upgrades.make_first_release postgresql://user@host/empty_database

It takes the code from the repository's history, in a folder of its own, with the libraries that
were locked then. The server must be PostgreSQL 15, so that every later one can read the dump.
"""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

FIRST_RELEASE = "6cdf099"
HERE = Path(__file__).parent
DUMP = HERE / "first_release.sql.gz"


def main(url: str) -> None:
    with TemporaryDirectory() as folder:
        code = subprocess.run(
            ["git", "archive", FIRST_RELEASE], cwd=HERE.parents[1], check=True, capture_output=True
        )
        subprocess.run(["tar", "-x", "-C", folder], input=code.stdout, check=True)
        environment = {
            name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"
        } | {"DATABASE_URL": url, "READOUT_LOCAL_DIR": f"{folder}/.local"}
        for command in (["migrate", "-v0"], ["load_sample"], ["shell", "-v0"]):
            subprocess.run(
                [os.environ["UV"], "run", "--locked", "--no-dev", "manage.py", *command],
                cwd=folder,
                env=environment,
                input=(HERE / "filling.py").read_bytes() if command[0] == "shell" else None,
                check=True,
            )
    dump = subprocess.run(
        ["pg_dump", "--dbname", url, "--no-owner", "--no-privileges"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    # \restrict and \unrestrict, with which pg_dump guards psql, are unknown to psql of old.
    dump = re.sub(r"^\\(un)?restrict .*\n", "", dump, flags=re.MULTILINE)
    DUMP.write_bytes(gzip.compress(dump.encode(), mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
