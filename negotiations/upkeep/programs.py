"""PostgreSQL's own programs: the ones that fit a server, and how they are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from negotiations.errors import CannotRun, DatabaseUnavailable
from negotiations.postgres_programs import program as embedded_program
from negotiations.upkeep import server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The words of PostgreSQL for ENOSPC, in the language that we run its programs in.
DISK_FULL = "No space left on device"


class DiskFull(CannotRun):
    """There was no space left."""


def fitting(name: str, major: int) -> Path:
    """The program of the same major version as the server.

    An older one can't read the server's tables; what a newer one writes, the server may not take.
    """
    found = {}
    for path in _places(name):
        if path.is_file():
            told = subprocess.run([path, "--version"], capture_output=True, check=False).stdout
            if version := re.search(rb"\) (\d+)", told):
                found[int(version[1])] = path
                if int(version[1]) == major:
                    return path
    here = ", ".join(str(version) for version in sorted(found)) or "none"
    raise CannotRun(
        f"The server is PostgreSQL {major}, and {name} of PostgreSQL {major} is not installed "
        f"(found: {here}). Install it (on Debian: apt-get install postgresql-client-{major})."
    )


def _places(name: str) -> Iterator[Path]:
    if on_path := shutil.which(name):
        yield Path(on_path)
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin"):
        for folder in sorted(Path("/").glob(pattern)):
            yield folder / name
    with suppress(DatabaseUnavailable):  # installed without it
        yield embedded_program(name)


def run(program: Path, arguments: list[str], database: str, tell: Callable[[str], None]) -> None:
    """Run a program on the database of that name, and hand over each line that it says.

    Raises:
        DiskFull: where its file or the server has no space left.
        CannotRun: says what the program said.
    """
    target, secrets = server.without_password(database)
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    errors: list[str] = []
    with subprocess.Popen(
        [program, "--dbname", target, "--verbose", "--no-password", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=plain | secrets | {"LC_ALL": "C"},
        text=True,
        errors="replace",
    ) as process:
        try:
            for line in process.stderr or ():
                if found := re.search(r"(?:error|fatal): (.+)", line, re.IGNORECASE):
                    errors.append(found[1].strip())
                tell(line)
        except BaseException:
            process.terminate()
            raise
    if process.returncode == 0:
        return
    if any(DISK_FULL in error for error in errors):
        raise DiskFull(f"{program.name} found no space left.")
    reason = errors[0] if errors else f"it ended with {process.returncode}"
    raise CannotRun(f"{program.name} failed ({reason}).")
