"""The PostgreSQL that comes along: it starts, is shared, survives, and says what is wrong."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest

from negotiations import embedded
from negotiations.embedded import Server, connection
from negotiations.errors import DatabaseUnavailable
from negotiations.postgres_programs import SERVICE_USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.embedded

HOLD = """
import sys
from pathlib import Path
from negotiations.embedded import Server
with Server(Path(sys.argv[1])):
    print("up", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database in it, to be copied; making one takes longest of all."""
    folder = tmp_path_factory.mktemp("made") / "postgres"
    with Server(folder):
        pass
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "postgres"
    subprocess.run(["cp", "-a", made, folder], check=True)
    yield folder
    with Server(folder):  # whatever a test left running, goes
        pass


def hold(folder: Path) -> subprocess.Popen[str]:
    """Another process that uses the server until its input ends."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "up\n"
    return holder


def let_go(holder: subprocess.Popen[str]) -> None:
    holder.communicate()
    assert holder.returncode == 0


def kill(holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()


def query(folder: Path, sql: str) -> list[tuple[object, ...]]:
    at = connection(folder)
    with psycopg.connect(
        host=at["HOST"], port=at["PORT"], user=at["USER"], dbname=at["NAME"], autocommit=True
    ) as database:
        result = database.execute(sql)
        return result.fetchall() if result.description else []


def is_up(folder: Path) -> bool:
    try:
        query(folder, "SELECT")
    except psycopg.OperationalError:
        return False
    return True


def postmaster(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))


# --- It starts and stops ---


def test_it_works(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "postgres"
    with Server(folder):
        assert query(folder, "SELECT lower('МОСКВА')") == [("москва",)]
    assert not is_up(folder)
    assert not (folder / "postmaster.pid").exists()


def test_only_its_owner_can_enter_and_nobody_comes_by_network(folder: Path) -> None:
    with Server(folder):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert query(folder, "SHOW listen_addresses") == [("",)]
        assert query(folder, "SHOW fsync") == [("on",)]
        assert query(folder, "SHOW data_checksums") == [("on",)]


def test_the_second_start_finds_the_data(folder: Path) -> None:
    with Server(folder):
        query(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
    with Server(folder):
        assert query(folder, "SELECT answer FROM kept") == [(42,)]


def test_the_settings_do_not_depend_on_whether_it_runs(folder: Path) -> None:
    before = connection(folder)
    with Server(folder):
        assert connection(folder) == before
    assert before["HOST"] == str(folder)


@pytest.mark.parametrize("name", ["x" * 100, "with, comma", 'with "quotes" and \'$HOME'])
def test_an_odd_path_is_no_obstacle(made: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "postgres"
    folder.parent.mkdir()
    subprocess.run(["cp", "-a", made, folder], check=True)
    with Server(folder):
        assert is_up(folder)
    if folder != embedded.socket_folder(folder):
        shutil.rmtree(embedded.socket_folder(folder))


def test_a_planted_socket_folder_is_refused(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 100) / "postgres"
    folder.parent.mkdir()
    subprocess.run(["cp", "-a", made, folder], check=True)
    planted = embedded.socket_folder(folder)
    planted.mkdir(mode=0o777)
    planted.chmod(0o777)
    try:
        with pytest.raises(DatabaseUnavailable, match="somebody else's"):
            Server(folder).__enter__()
    finally:
        planted.rmdir()


# --- It is shared ---


def test_two_share_it_and_the_last_stops_it(folder: Path) -> None:
    first, second = hold(folder), hold(folder)
    let_go(first)
    assert is_up(folder)
    let_go(second)
    assert not is_up(folder)


def test_the_last_does_not_wait_for_who_started_it_and_lives_on(folder: Path) -> None:
    """As its parent, that process alone could take notice of the end, and it does something else."""
    with Server(folder):
        last = hold(folder)
    last.communicate(timeout=25)  # less than the patience with a server that does not end
    assert not is_up(folder)


def test_two_first_starts_at_once_make_one_database(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.DEVNULL, stdout=-1
        )
        for _ in range(2)
    ]
    assert [process.communicate()[0] for process in both] == [b"up\n", b"up\n"]
    assert not is_up(folder)


# --- It survives ---


def test_after_a_killed_parent_the_next_takes_over(folder: Path) -> None:
    holder = hold(folder)
    query(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
    kill(holder)
    with Server(folder):
        assert query(folder, "SELECT answer FROM kept") == [(42,)]
    assert not is_up(folder)


def test_after_parent_and_server_were_killed_the_data_is_there(folder: Path) -> None:
    holder = hold(folder)
    query(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
    server = postmaster(folder)
    kill(holder)
    server.kill()
    with Server(folder):
        assert query(folder, "SELECT answer FROM kept") == [(42,)]


def test_a_reused_process_number_is_not_taken_for_the_server(folder: Path) -> None:
    with Server(folder):
        stale = (folder / "postmaster.pid").read_text().split("\n", 1)[1]
    impostor = subprocess.Popen(["sleep", "60"], user=folder.stat().st_uid)
    (folder / "postmaster.pid").write_text(f"{impostor.pid}\n{stale}")
    try:
        with Server(folder):
            assert is_up(folder)
            assert postmaster(folder).pid != impostor.pid
        assert impostor.poll() is None
    finally:
        impostor.kill()
        impostor.wait()


def test_a_half_made_folder_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with Server(tmp_path / "postgres"):
        assert is_up(tmp_path / "postgres")
    assert not half.exists()


# --- It says what is wrong ---


def test_the_data_of_another_version(folder: Path) -> None:
    version = (folder / "PG_VERSION").read_text()
    (folder / "PG_VERSION").write_text("14\n")
    with pytest.raises(
        DatabaseUnavailable, match=r"made by PostgreSQL 14, .* brings PostgreSQL 18"
    ):
        Server(folder).__enter__()
    (folder / "PG_VERSION").write_text(version)


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "holiday.jpg").touch()
    with pytest.raises(DatabaseUnavailable, match="Move it away"):
        Server(folder).__enter__()


def test_a_broken_configuration(folder: Path) -> None:
    with (folder / "postgresql.auto.conf").open("a") as file:
        file.write("work_mem = 'much'\n")
    with pytest.raises(DatabaseUnavailable, match=r"did not start \(.*\)\. See .*postgres\.log"):
        Server(folder).__enter__()
    (folder / "postgresql.auto.conf").write_text("")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk(tmp_path: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", tmp_path])
    if mounted.returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        with pytest.raises(DatabaseUnavailable, match=r"disk .* is full\. Free some space"):
            Server(tmp_path / "postgres").__enter__()
    finally:
        subprocess.run(["umount", tmp_path], check=True)


# --- Root and others ---


def as_nobody(act: Callable[[], None]) -> int:
    """Do it in a child process that has no rights; its exit code."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            act()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_it_works_for_an_ordinary_user(made: Path, tmp_path: Path) -> None:
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    os.chown(home, 65534, 65534)

    def use() -> None:
        with Server(home / "postgres"):
            assert is_up(home / "postgres")

    assert as_nobody(use) == 0
    assert (home / "postgres").stat().st_uid == 65534
    # and root, who comes later, leaves the data to their owner
    with Server(home / "postgres"):
        assert postmaster(home / "postgres").uids().real == 65534
    assert as_nobody(use) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_the_data_of_another_user(folder: Path) -> None:
    def use() -> None:
        with pytest.raises(DatabaseUnavailable, match="Run as the user to whom the folder belongs"):
            Server(folder).__enter__()

    assert as_nobody(use) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root opens the folders above")
def test_root_lets_the_server_pass_but_nobody_read(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with Server(closed / "postgres"):
        assert postmaster(closed / "postgres").username() == SERVICE_USER
    assert closed.stat().st_mode & 0o777 == 0o701


def test_it_leaves_no_process_behind(folder: Path) -> None:
    with Server(folder):
        server = postmaster(folder)
    assert not server.is_running()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(
        str(folder) in process.info["cmdline"] or []
        for process in psutil.process_iter(["cmdline"])
        if process.info["cmdline"]
    ):
        time.sleep(0.05)
    assert time.monotonic() < deadline


def test_a_terminated_holder_is_no_obstacle(folder: Path) -> None:
    holder = hold(folder)
    holder.send_signal(signal.SIGTERM)
    holder.communicate()
    with socket.socket(socket.AF_UNIX) as client, Server(folder):
        client.connect(f"{folder}/.s.PGSQL.5432")
