"""The parts of a site on several machines: database servers, poolers, web processes."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg

from negotiations import postgres_programs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds that a part has to come up: on a busy machine much is slow
LAG = 2  # seconds that a replica may be behind
SERVER = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "wal_retrieve_retry_interval": "500ms",
    "hot_standby_feedback": "on",
    "log_min_messages": "warning",
}
POOLER = """
[databases]
readout = host=127.0.0.1 port={server} dbname=readout connect_query='SET statement_timeout = {longest}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
admin_users = readout
pool_mode = transaction
default_pool_size = 20
server_connect_timeout = 2
server_login_retry = 1
query_wait_timeout = 5
logfile = {folder}/log
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(done: Callable[[], Any], what: str) -> float:
    """How many seconds it took."""
    begun = time.monotonic()
    while not done():
        if time.monotonic() - begun > PATIENCE:
            raise TimeoutError(f"After {PATIENCE} s {what} still was not so.")
        time.sleep(0.05)
    return time.monotonic() - begun


def postgres_program(name: str) -> str:
    """Debian's newest, or that of the PostgreSQL that comes along."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(debian[-1] if debian else postgres_programs.program(name))


class Part:
    """What is started, killed and started again."""

    works_in = Path("/")

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder, self.port = name, folder / name.replace(" ", "-"), free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = postgres_programs.runs_as(self.folder)
        self.folder.mkdir(mode=0o700)
        if self.owner:
            postgres_programs.let_in(self.owner, self.folder)
            os.chown(self.folder, *self.owner)

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self) -> float:
        self.process = self._run(subprocess.Popen, self.command())
        return wait_until(self._answers, f"that {self.name} answers")

    def _answers(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            raise RuntimeError(
                f"{self.name} ended with {self.process.returncode}: see {self.folder}"
            )
        return self.answers()

    def tree(self) -> list[psutil.Process]:
        if self.process is None or self.process.poll() is not None:
            return []
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def kill(self) -> None:
        """Without a word to it, as when its machine loses power."""
        tree = self.tree()
        self._each(tree, signal.SIGKILL)
        psutil.wait_procs(tree)
        if self.process:
            self.process.wait()

    def freeze(self) -> None:
        self._each(self.tree(), signal.SIGSTOP)

    def thaw(self) -> None:
        self._each(self.tree(), signal.SIGCONT)

    @staticmethod
    def _each(tree: list[psutil.Process], told: signal.Signals) -> None:
        for process in tree:
            try:
                process.send_signal(told)
            except psutil.NoSuchProcess:
                continue

    def _run(self, run: Any, command: list[str], **options: Any) -> Any:
        """As the user who owns the part's data, where we are root."""
        owner = self.owner
        as_owner = {"user": owner.uid, "group": owner.gid, "extra_groups": []} if owner else {}
        with (self.folder.parent / f"{self.folder.name}.out").open("ab") as out:
            streams = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": out}
            options |= {"cwd": self.works_in, "start_new_session": True}
            return run(command, **streams, **as_owner, **options)


class Postgres(Part):
    """A database server: made as a primary, or as a copy that follows one."""

    def make(self) -> None:
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "postgres"]
        made = [postgres_program("initdb"), "-D", str(self.folder), *options]
        self._run(subprocess.run, made, check=True)
        with (self.folder / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in SERVER.items())

    def make_copy_of(self, primary: Postgres) -> None:
        taken = ["-D", str(self.folder), "-d", primary.address("postgres", "postgres")]
        slot = ["-R", "-C", "-S", self.folder.name.replace("-", "_"), "-X", "stream", "-c", "fast"]
        self._run(subprocess.run, [postgres_program("pg_basebackup"), *taken, *slot], check=True)

    def command(self) -> list[str]:
        given = ["-c", f"port={self.port}", "-c", f"cluster_name={self.folder.name}"]
        return [postgres_program("postgres"), "-D", str(self.folder), *given]

    def answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def address(self, user: str = "readout", database: str = "readout") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def ask(self, sql: Any, database: str = "postgres") -> list[tuple[Any, ...]]:
        at = self.address("postgres", database)
        with psycopg.connect(at, autocommit=True, connect_timeout=2) as line:
            cursor = line.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def set(self, name: str, value: str) -> None:
        self.ask(f"ALTER SYSTEM SET {name} = '{value}'")
        self.ask("SELECT pg_reload_conf()")

    def follow(self, primary: Postgres) -> None:
        """Follow another primary, from which it holds on to what it still needs."""
        primary.ask(
            "SELECT pg_create_physical_replication_slot(name) FROM (VALUES "
            f"('{self.folder.name.replace('-', '_')}')) wanted (name)"
            " WHERE name NOT IN (SELECT slot_name FROM pg_replication_slots)"
        )
        at = f"host=127.0.0.1 port={primary.port} user=postgres application_name={self.folder.name}"
        self.set("primary_conninfo", at)

    def position(self) -> int:
        ((found,),) = self.ask("SELECT pg_last_wal_receive_lsn() - '0/0'::pg_lsn")
        return int(found)


class Pooler(Part):
    """pgbouncer in transaction mode, before one database server."""

    def __init__(self, server: Postgres, folder: Path, longest: int) -> None:
        super().__init__(f"pooler of {server.name}", folder)
        self.longest = longest
        self.lead_to(server)

    def lead_to(self, server: Postgres) -> None:
        values = {"server": server.port, "port": self.port, "folder": self.folder}
        (self.folder / "pgbouncer.ini").write_text(POOLER.format(**values, longest=self.longest))
        (self.folder / "users.txt").write_text('"readout" ""\n')
        if self.process:
            with psycopg.connect(self._address("pgbouncer"), autocommit=True) as line:
                line.pgconn.exec_(b"RELOAD")
                line.pgconn.exec_(b"RECONNECT readout")

    def command(self) -> list[str]:
        return ["pgbouncer", "-q", str(self.folder / "pgbouncer.ini")]

    def address(self) -> str:
        return self._address("readout")

    def _address(self, database: str) -> str:
        return f"postgresql://readout@127.0.0.1:{self.port}/{database}"

    def answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=2).close()
        except OSError:
            return False
        return True


class Web(Part):
    """A `manage.py serve` with a folder of its own, as on a machine of its own."""

    works_in = ROOT
    key = secrets.token_urlsafe(50)

    def __init__(self, name: str, folder: Path, primary: str, replicas: list[str]) -> None:
        super().__init__(name, folder)
        self.owner = None
        inherited = {n: v for n, v in os.environ.items() if not n.startswith("READOUT_")}
        self.environment = inherited | {
            "DATABASE_URL": primary,
            "REPLICA_URLS": ",".join(replicas),
            "READOUT_REPLICA_LAG": str(LAG),
            "READOUT_POOLED": "1",
            "READOUT_SECRET_KEY": self.key,
            "READOUT_LOCAL_DIR": str(self.folder),
        }

    def command(self) -> list[str]:
        at = ["--port", str(self.port), "--workers", "1"]
        return [sys.executable, "manage.py", "serve", *at]

    def _run(self, run: Any, command: list[str], **options: Any) -> Any:
        return super()._run(run, command, env=self.environment, **options)

    def answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=2).close()
        except OSError:
            return False
        return self.said("Readout is at ") > self._said_before

    def start(self) -> float:
        self._said_before = self.said("Readout is at ")
        return super().start()

    def said(self, words: str) -> int:
        """How often its log has these words."""
        log = self.folder.parent / f"{self.folder.name}.out"
        return log.read_text(errors="replace").count(words) if log.exists() else 0

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)


class Cluster:
    """A primary, two replicas, a pooler before each, and two web processes."""

    def __init__(self, folder: Path) -> None:
        self.primary, self.one, self.two = (
            Postgres(name, folder) for name in ("primary", "replica 1", "replica 2")
        )
        self.servers = [self.primary, self.one, self.two]
        # A reader's question may take 3 s, an editor's a minute.
        self.poolers = [
            Pooler(server, folder, 60_000 if server is self.primary else 3_000)
            for server in self.servers
        ]
        first, *others = (pooler.address() for pooler in self.poolers)
        self.webs = [Web(f"web process {n}", folder, first, others) for n in (1, 2)]

    @property
    def pooler(self) -> Pooler:
        return self.poolers[0]

    def start(self, statements: int | None) -> Iterator[str]:
        """Says what it does before each step."""
        yield "the primary"
        self.primary.make()
        self.primary.start()
        for sql in (
            "CREATE ROLE readout LOGIN CREATEDB",
            "GRANT SET ON PARAMETER session_replication_role TO readout",
            "CREATE DATABASE readout OWNER readout",
        ):
            self.primary.ask(sql)
        for replica in (self.one, self.two):
            yield replica.name
            replica.make_copy_of(self.primary)
            replica.start()
        if statements:
            yield f"with {statements} invented statements"
            self.manage("migrate", "--verbosity", "0")
            self.manage("make_corpus", "--verbosity", "0", "--statements", str(statements))
        for part in (*self.poolers, *self.webs):
            yield part.name
            part.start()
        # No write is acknowledged before one of them has it on its disk, too.
        self.primary.set("synchronous_standby_names", 'ANY 1 ("replica-1", "replica-2")')

    def stop(self) -> None:
        for web in self.webs:
            web.stop()
        for part in (*self.poolers, *self.servers):
            part.thaw()
            part.kill()

    def manage(self, *command: str) -> None:
        """Past the poolers, as commands that take long should."""
        environment = self.webs[0].environment | {
            "DATABASE_URL": self.primary.address(),
            "REPLICA_URLS": "",
            "READOUT_POOLED": "",
        }
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True
        )
