"""The PostgreSQL that comes along when no DATABASE_URL is set: its folder, its start and its stop.

Whoever uses the server holds a shared lock on a file beside its folder. Who leaves and gets
that lock for himself alone is the last, and stops the server. The kernel drops the locks of a
killed process, so nothing is ever left to clean up by hand.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg

from negotiations.errors import DatabaseUnavailable
from negotiations.postgres_programs import User, let_in, major_version, program, runs_as

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE, SUPERUSER, PORT = "readout", "postgres", "5432"
# The shorter of what Linux (107) and macOS (103) take for the address of a socket.
LONGEST_SOCKET = 103
# The server writes its log ahead in steps of this size; with less to spare it can't go on.
LEAST_SPACE = 16 * 1024 * 1024
PATIENCE = 120  # seconds: a large database needs a while to recover after a crash

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": PORT,
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "log_min_messages": "warning",
}


def connection(folder: Path) -> dict[str, Any]:
    """Django's settings for the database in this folder, whether or not it runs yet."""
    return {
        "NAME": DATABASE,
        "USER": SUPERUSER,
        "PASSWORD": "",
        "HOST": str(socket_folder(folder)),
        "PORT": PORT,
        "OPTIONS": {},
    }


def socket_folder(folder: Path) -> Path:
    """The data folder itself, unless its path is too long or too odd for a socket's address."""
    folder = Path(os.path.abspath(folder))
    address = os.fsencode(folder / f".s.PGSQL.{PORT}")
    # libpq and the server both read a comma as "and another one".
    if len(address) <= LONGEST_SOCKET and not re.search(r'[,"]', str(folder)):
        return folder
    return Path("/tmp") / f"readout-{hashlib.sha256(address).hexdigest()[:16]}"  # noqa: S108


def disk_is_full(folder: Path) -> bool:
    """Whether PostgreSQL, with its many ways to say so, may have failed for want of space."""
    try:
        return shutil.disk_usage(folder.parent).free < LEAST_SPACE
    except OSError:
        return False


class Server:
    """The server of one folder, used from `with Server(folder):` to the end of the block.

    `settings` are PostgreSQL's, where they are to differ from SETTINGS.
    """

    def __init__(self, folder: Path, settings: dict[str, str] | None = None) -> None:
        self.settings = SETTINGS | (settings or {})
        self.folder = Path(os.path.abspath(folder))
        self.sockets = socket_folder(self.folder)
        self.log = self.folder.with_name(f"{self.folder.name}.log")
        self._use: int | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        with self._told_in_words():
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            with self._turn():
                self._use = _lock_file(self.folder, "use")
                fcntl.flock(self._use, fcntl.LOCK_SH)
                try:
                    self._start()
                    self._ensure_database()
                except BaseException:
                    self._leave()
                    raise
        return self

    def __exit__(self, *_: object) -> None:
        with self._told_in_words(), self._turn():
            self._leave()

    def _leave(self) -> None:
        if self._use is None:
            return
        try:
            fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # somebody else still uses it
        else:
            self._stop()
        finally:
            os.close(self._use)
            self._use = None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Only one process at a time starts or stops the server."""
        file = _lock_file(self.folder, "turn")
        deadline = time.monotonic() + 2 * PATIENCE
        try:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise DatabaseUnavailable(
                            f"Another process has been starting or stopping the database in "
                            f"{self.folder} for minutes. End it, then start again."
                        ) from None
                    time.sleep(0.05)
            yield
        finally:
            os.close(file)

    # --- Start ---

    def _start(self) -> None:
        self._prepare()
        deadline = time.monotonic() + PATIENCE
        process = self._running()
        while not self._answers():
            if process is None or not _lives(process):
                # Backends of a server that was killed take a moment to notice.
                if self._child and "pre-existing shared memory block" not in self._last_words():
                    raise self._failure("did not start", self._last_words())
                process = self._launch()
            if time.monotonic() > deadline:
                raise self._failure("does not answer", self._last_words())
            time.sleep(0.05)

    def _launch(self) -> psutil.Process:
        # Nobody's: `_running` has looked. Left in place, they would stop a start whenever the
        # number in them has meanwhile gone to another process of the same user.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        (self.sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        settings = self.settings | {"unix_socket_directories": f'"{self.sockets}"'}
        options = [f"--{name}={value}" for name, value in settings.items()]
        with self.log.open("wb") as log:
            self._child = subprocess.Popen(
                [program("postgres"), "-D", self.folder, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A Ctrl-C in the terminal is meant for us; we stop the server in good order.
                start_new_session=True,
                **self._as_owner(),
            )
        return psutil.Process(self._child.pid)

    def _running(self) -> psutil.Process | None:
        """This folder's server, if the process that `postmaster.pid` names is really it."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split()[0])
            process = psutil.Process(pid)
            command = process.cmdline()
        except (FileNotFoundError, ValueError, IndexError, psutil.Error):
            return None
        return process if str(self.folder) in command else None

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets),
            port=PORT,
            user=SUPERUSER,
            dbname="postgres",
            connect_timeout=10,
            autocommit=True,
        )

    def _ensure_database(self) -> None:
        with self._connect() as server:
            known = "SELECT FROM pg_database WHERE datname = %s"
            if server.execute(known, [DATABASE]).fetchone() is None:
                server.execute(f"CREATE DATABASE {DATABASE}")

    # --- Stop ---

    def _stop(self) -> None:
        process = self._running()
        if process is None:
            return
        # PostgreSQL's "fast" shutdown, then its "immediate" one, which loses nothing either.
        for ending in (signal.SIGINT, signal.SIGQUIT):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(ending)
            if _ends(process, PATIENCE / 4):
                break
        if self._child is not None:
            self._child.poll()

    # --- The folder ---

    def _prepare(self) -> None:
        """Make the folder if there is none; refuse one that another PostgreSQL made."""
        owner = runs_as(self.folder)
        if owner is not None:
            let_in(owner, self.folder)
        try:
            version = (self.folder / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            if self.folder.exists() and any(self.folder.iterdir()):
                raise DatabaseUnavailable(
                    f"{self.folder} holds files but no database. "
                    "Move it away, and a new database is made there."
                ) from None
            self._initialise()
        else:
            if version != major_version():
                raise DatabaseUnavailable(
                    f"The database in {self.folder} was made by PostgreSQL {version}, and "
                    f"this Readout brings PostgreSQL {major_version()}. Dump it with the Readout "
                    "that made it, move the folder away, start this one and restore the dump."
                )
        if self.sockets != self.folder:
            self._prepare_sockets()

    def _initialise(self) -> None:
        """Make the files beside their place and move them there whole, so none are half made."""
        new = self.folder.with_name(f"{self.folder.name}.new")
        if new.exists():
            shutil.rmtree(new)
        new.mkdir(mode=0o700)
        owner = runs_as(self.folder)
        if owner is not None:
            os.chown(new, owner.uid, owner.gid)
        made = subprocess.run(
            [
                *(program("initdb"), "-D", new, "-U", SUPERUSER, "--encoding=UTF8"),
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                # Only who may enter the folder reaches the socket: its owner, and root.
                *("--auth=trust", "--data-checksums"),
                # What it leaves behind shows whether the disk was full.
                "--no-clean",
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self._as_owner(),
        )
        if made.returncode != 0:
            failure = self._failure("could not be set up", made.stderr)
            shutil.rmtree(new, ignore_errors=True)
            raise failure
        if self.folder.exists():
            self.folder.rmdir()
        new.rename(self.folder)
        make_durable(self.folder.parent)

    def _prepare_sockets(self) -> None:
        """A private folder under /tmp, where anybody could have made one of that name first."""
        owner = runs_as(self.folder) or User(os.geteuid(), os.getegid())
        try:
            self.sockets.mkdir(mode=0o700)
            os.chown(self.sockets, owner.uid, owner.gid)
        except FileExistsError:
            found = self.sockets.lstat()
            if found.st_uid != owner.uid or stat.S_IMODE(found.st_mode) != 0o700:
                raise DatabaseUnavailable(
                    f"{self.sockets} is somebody else's, and the database needs it for its "
                    "socket. Remove it, or move the project to a folder with a shorter path."
                ) from None

    def _as_owner(self) -> dict[str, Any]:
        """How a program of PostgreSQL is run: as the data's owner, in a plain environment."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))
        }
        how: dict[str, Any] = {"cwd": "/", "umask": 0o077, "env": environment | {"LC_ALL": "C"}}
        if (owner := runs_as(self.folder)) is not None:
            how |= {"user": owner.uid, "group": owner.gid, "extra_groups": []}
        return how

    # --- What went wrong ---

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _failure(self, what: str, words: str) -> DatabaseUnavailable:
        if os.strerror(errno.ENOSPC) in words or disk_is_full(self.folder):
            return self._explain(OSError(errno.ENOSPC, ""))
        reasons = re.findall(r"(?:FATAL|PANIC|ERROR|error):\s+(.*)", words) or ["no reason given"]
        return DatabaseUnavailable(
            f"The PostgreSQL in {self.folder} {what} ({reasons[-1].strip()}). "
            f"See {self.log}, or set DATABASE_URL to a server of yours."
        )

    def _explain(self, error: OSError) -> DatabaseUnavailable:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return DatabaseUnavailable(
                f"The disk that holds {self.folder} is full. Free some space, then start again."
            )
        return DatabaseUnavailable(
            f"The database in {self.folder} can't be used ({error.strerror}: {error.filename}). "
            "Run as the user to whom the folder belongs, or set DATABASE_URL."
        )

    @contextmanager
    def _told_in_words(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._explain(error) from error
        except psycopg.Error as error:
            raise self._failure("gave up", f"{error}\n{self._last_words()}") from error


def _ends(process: psutil.Process, seconds: float) -> bool:
    """Whether it ends in time. Who started it may live on and take no notice, so it stays a zombie."""
    deadline = time.monotonic() + seconds
    while _lives(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def make_durable(path: Path) -> None:
    """Have a file, or a folder's list of names, on the disk before anything is entrusted to it."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _lock_file(folder: Path, name: str) -> int:
    path = folder.with_name(f"{folder.name}.{name}")
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
