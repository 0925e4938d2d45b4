"""What the faults are done to: a PostgreSQL, a Redis, a way to the database that can be slowed, a site."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import psycopg

PROJECT = Path(__file__).resolve().parents[2]
DEBIAN = Path("/usr/lib/postgresql/15/bin")
ROOM = 400  # megabytes that the database's disk has
MOST_CONNECTIONS = 40
CLOCK = Path(__file__).parent / "clock"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def until(true: Any, what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.05)


class PostgreSQL:
    """Debian's, on a small disk of its own where root may mount one; started again whenever it ends."""

    def __init__(self, folder: Path) -> None:
        self.port, self.disk = free_port(), folder / "disk"
        self.disk.mkdir()
        self.has_own_disk = os.geteuid() == 0 and not subprocess.call(
            ["mount", "-t", "tmpfs", "-o", f"size={ROOM}m", "tmpfs", self.disk],
            stderr=subprocess.DEVNULL,
        )
        self.data, self.log = self.disk / "data", (folder / "postgres.log").open("ab")
        self.who: dict[str, Any] = {"cwd": "/"}
        if os.geteuid() == 0:
            self.who |= {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.disk, "postgres", "postgres")
        subprocess.run(
            [DEBIAN / "initdb", "-D", self.data, "--auth=trust", "-U", "admin", "--encoding=UTF8"],
            stdout=subprocess.DEVNULL,
            check=True,
            **self.who,
        )
        self.wanted = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.start()
        threading.Thread(target=self._supervise, daemon=True).start()
        with self.connect("postgres") as db:
            db.execute("CREATE ROLE readout LOGIN CREATEDB")
            db.execute("GRANT SET ON PARAMETER session_replication_role TO readout")
            db.execute("CREATE DATABASE readout OWNER readout")

    def url(self, port: int = 0) -> str:
        return f"postgresql://readout@127.0.0.1:{port or self.port}/readout"

    def connect(self, name: str = "readout") -> psycopg.Connection[Any]:
        where = f"host=127.0.0.1 port={self.port} user=admin dbname={name}"
        return psycopg.connect(where, autocommit=True, connect_timeout=5)

    def answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        self._run()
        self.wanted.set()
        until(self.answers, "PostgreSQL did not start")

    def _run(self) -> None:
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.disk,
            "max_connections": MOST_CONNECTIONS,
            "shared_buffers": "64MB",
            "max_wal_size": "64MB",
        }
        self.process = subprocess.Popen(
            [DEBIAN / "postgres", "-D", self.data]
            + [word for name, value in options.items() for word in ("-c", f"{name}={value}")],
            stdout=self.log,
            stderr=self.log,
            **self.who,
        )

    def _supervise(self) -> None:
        """As systemd does."""
        while True:
            time.sleep(0.5)
            if self.wanted.is_set() and self.process and self.process.poll() is not None:
                self._run()

    def stop(self) -> None:
        self.wanted.clear()
        assert self.process
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)

    def signal_all(self, what: signal.Signals) -> None:
        """To all of its processes, its parent first."""
        assert self.process
        parent = psutil.Process(self.process.pid)
        for each in [parent, *parent.children()]:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.send_signal(what)

    def backends(self, db: psycopg.Connection[Any]) -> list[int]:
        """The site's."""
        found = db.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE usename = 'readout' AND application_name <> 'others'"
        )
        return [pid for (pid,) in found]

    def fill(self) -> None:
        """Leave nothing of its disk, whatever it gives back meanwhile."""
        with contextlib.suppress(OSError), (self.disk / "ballast").open("ab", 0) as ballast:
            while True:
                ballast.write(bytes(4096))

    def free(self) -> None:
        (self.disk / "ballast").unlink()

    def close(self) -> None:
        self.wanted.clear()
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(30)
        self.log.close()
        if self.has_own_disk:
            subprocess.call(["umount", self.disk])


class Proxy:
    """A way to the database on which each packet takes `delay` seconds."""

    def __init__(self, to: int) -> None:
        self.to, self.delay = to, 0.0
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.door.getsockname()[1])
        threading.Thread(target=self._receive, daemon=True).start()

    def _receive(self) -> None:
        while True:
            try:
                here, _ = self.door.accept()
            except OSError:
                return
            try:
                there = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                here.close()
                continue
            for one, other, slow in ((here, there, True), (there, here, False)):
                threading.Thread(target=self._carry, args=(one, other, slow), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, slow: bool) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                if slow and self.delay:
                    time.sleep(self.delay)
                other.sendall(data)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.door.close()


class Redis:
    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            stdout=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


class Site:
    """A `manage.py serve` with two workers."""

    def __init__(
        self, folder: Path, database: str, cache: str = "", clock: Path | None = None
    ) -> None:
        self.port, self.log = free_port(), folder / "serve.log"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name != "DATABASE_URL" and not name.startswith("READOUT_")
        } | {
            "DATABASE_URL": database,
            "READOUT_CACHE_URL": cache,
            "READOUT_LOCAL_DIR": str(folder / "local"),
        }  # fmt: skip
        if clock:
            self.environment |= {"PYTHONPATH": str(CLOCK), "FAULTS_CLOCK": str(clock)}
        begins = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port), "--workers", "2"],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(lambda: b"Readout is at" in self.log.read_bytes()[begins:], "no site", 180)

    def manage(self, *command: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def workers(self) -> list[psutil.Process]:
        """Those of its children that serve."""
        return [
            child
            for child in psutil.Process(self.process.pid).children()
            if child.num_threads() > 4
        ]

    def close(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
