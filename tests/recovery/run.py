"""The drill of docs/backup.md: archive continuously, lose everything, go back to a moment before.

    python3 -m uv run python -m tests.recovery.run

With a PostgreSQL 15 of its own and pgBackRest, both from Debian; fails if one row is missing.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from negotiations.upkeep.contents import Contents

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
POINT = "before_the_disaster"
PATIENCE = 60


class Cluster:
    """A PostgreSQL server whose every change goes to pgBackRest's repository."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.config = folder / "pgbackrest.conf"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def make(self) -> None:
        for name in ("repository", "log", "lock", "spool"):
            (self.folder / name).mkdir()
        self.config.write_text(
            f"""[global]
repo1-path={self.folder}/repository
repo1-retention-full=2
start-fast=y
compress-type=zst
log-path={self.folder}/log
lock-path={self.folder}/lock
spool-path={self.folder}/spool
log-level-console=warn

[readout]
pg1-path={self.data}
pg1-port={self.port}
pg1-socket-path={self.folder}
"""
        )
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.iterdir()):
                shutil.chown(path, "postgres", "postgres")
        self.run(PROGRAMS / "initdb", "-D", self.data, "--auth=trust", "--locale=C.UTF-8")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(
                f"port = {self.port}\nunix_socket_directories = '{self.folder}'\n"
                "listen_addresses = '127.0.0.1'\n"
                # A drill is not afraid of a power cut.
                "fsync = off\narchive_mode = on\n"
                f"archive_command = 'pgbackrest --config={self.config} --stanza=readout"
                " archive-push %p'\n"
            )

    def start(self) -> None:
        log = self.folder / "log" / "postgres"
        self.run(PROGRAMS / "pg_ctl", "-D", self.data, "-w", "-t", PATIENCE, "-l", log, "start")
        until("the server is no longer recovering", "SELECT NOT pg_is_in_recovery()", self)

    def stop(self, mode: str = "fast") -> None:
        self.run(PROGRAMS / "pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def pgbackrest(self, *arguments: str) -> None:
        self.run("pgbackrest", f"--config={self.config}", "--stanza=readout", *arguments)

    def run(self, *command: object) -> None:
        """As the user postgres where we are root, which PostgreSQL refuses to run as."""
        before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*before, *(str(part) for part in command)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def connect(self, name: str = "readout") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.folder), port=self.port, dbname=name, user="postgres", autocommit=True
        )


def until(what: str, question: str, cluster: Cluster) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with cluster.connect("postgres") as db:
                if db.execute(question).fetchone() == (True,):
                    return
        except psycopg.OperationalError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"Not within {PATIENCE} seconds: {what}.")


def main() -> None:
    if not shutil.which("pgbackrest") or not PROGRAMS.exists():
        raise SystemExit("Install what the drill needs: apt-get install pgbackrest postgresql-15")
    folder = Path(mkdtemp(prefix="readout-recovery-"))
    folder.chmod(0o755)
    cluster = Cluster(folder)
    try:
        cluster.make()
        drill(cluster)
    finally:
        if (cluster.data / "postmaster.pid").exists():
            cluster.stop("immediate")
        shutil.rmtree(folder)


def drill(cluster: Cluster) -> None:
    step("Start PostgreSQL with continuous archiving")
    cluster.start()
    with cluster.connect("postgres") as db:
        db.execute("CREATE DATABASE readout")
    cluster.pgbackrest("stanza-create")
    step("Migrate, and enter the Riyadh talks")
    fill(cluster)
    step("Take a full backup of the running server")
    cluster.pgbackrest("backup", "--type=full")
    step("Save as an editor; then name the moment")
    save()
    held = contents_of(cluster)
    with cluster.connect() as db:
        db.execute("SELECT pg_create_restore_point(%s)", [POINT])
    step("The disaster: every record and its history deleted")
    lose(cluster)
    step("Restore to the moment before")
    cluster.stop()
    cluster.pgbackrest(
        "restore", "--delta", "--type=name", f"--target={POINT}", "--target-action=promote"
    )
    cluster.start()
    compare(cluster, held)


def fill(cluster: Cluster) -> None:
    os.environ["DATABASE_URL"] = f"postgresql://postgres@127.0.0.1:{cluster.port}/readout"
    os.environ["READOUT_LOCAL_DIR"] = str(cluster.folder / "local")
    os.environ["DJANGO_SETTINGS_MODULE"] = "negotiations.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_sample", verbosity=0)


def save() -> None:
    import pghistory

    from negotiations.models import Person, Statement

    with pghistory.context(note="Saved after the backup"):
        Person.objects.create(name="Saved after the backup", slug="saved-after-the-backup")
        said = Statement.objects.filter(form="paraphrase").order_by("pk")[0]
        said.words = "Corrected after the backup."
        said.save()


def contents_of(cluster: Cluster) -> Contents:
    from negotiations.upkeep.contents import contents

    with cluster.connect() as db, db.transaction():
        return contents(db, lambda _: None)


def lose(cluster: Cluster) -> None:
    from negotiations import database

    database.let_go()
    with cluster.connect() as db:
        tables = [f'"{name}"' for name in contents_of(cluster).tables if "negotiations_" in name]
        db.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        ((last,),) = db.execute("SELECT pg_walfile_name(pg_switch_wal())")
    archived = f"SELECT last_archived_wal >= '{last}' FROM pg_stat_archiver"
    until("the disaster is in the archive", archived, cluster)


def compare(cluster: Cluster, held: Contents) -> None:
    found = contents_of(cluster)
    if lost := list(held.differences(found)):
        raise SystemExit("Not all came back: " + "; ".join(lost))
    with cluster.connect() as db:
        asked = "SELECT count(*) FROM negotiations_person WHERE slug = 'saved-after-the-backup'"
        if db.execute(asked).fetchone() != (1,):
            raise SystemExit("What was saved after the backup is not there.")
    rows = sum(table.count for table in found.tables.values())
    print(f"All {rows:,} rows of {len(found.tables)} tables are back, the last save among them.")


def step(words: str) -> None:
    print(f"{time.monotonic() - BEGUN:5.1f} s  {words}", flush=True)


BEGUN = time.monotonic()

if __name__ == "__main__":
    sys.exit(main())
