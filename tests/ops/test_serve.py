"""`manage.py serve`: one command from nothing to a site, and every way in which it can fail."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from django.core.management.base import CommandError

from negotiations import serving
from negotiations.errors import AddressUnavailable
from negotiations.management.commands.serve import Command

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[2]
READY = re.compile(r"^Readout is at http://127\.0\.0\.1:\d+/$", re.MULTILINE)
PASSWORD = re.compile(r"^  password   ([a-z2-9]{4}(?:-[a-z2-9]{4}){3})$", re.MULTILINE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Serve:
    """A `manage.py serve`, as a terminal would run it."""

    started: ClassVar[list[Serve]] = []

    def __init__(self, local: Path, *arguments: object, **environment: str) -> None:
        self.port = free_port()
        self.output = ""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name != "DATABASE_URL" and not name.startswith("READOUT_")
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port), "--workers", "1"]
            + [str(argument) for argument in arguments],
            cwd=PROJECT,
            env=inherited | {"READOUT_LOCAL_DIR": str(local)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(self)

    def until_ready(self) -> Serve:
        assert self.process.stdout
        for line in self.process.stdout:
            self.output += line
            if READY.match(line):
                return self
        raise AssertionError(f"it ended with {self.process.wait()}:\n{self.output}")

    def until_end(self) -> int:
        self.output += self.process.communicate(timeout=60)[0]
        return self.process.returncode

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        # To all of its group, as a terminal's Ctrl-C is.
        os.killpg(self.process.pid, how)
        return self.until_end()

    def get(self, path: str) -> int:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            client.request("GET", path)
            return client.getresponse().status
        finally:
            client.close()


def fails(local: Path, *arguments: object, **environment: str) -> str:
    """What a serve that can't run says: a line or two to the point, and no traceback."""
    serve = Serve(local, *arguments, **environment)
    assert serve.until_end() == 1
    assert "Traceback" not in serve.output
    assert serve.output.count("\n") == 1
    return serve.output


@pytest.fixture(autouse=True)
def _end_what_a_failed_test_left() -> Iterator[None]:
    started = len(Serve.started)
    yield
    for serve in Serve.started[started:]:
        if serve.process.poll() is None:
            serve.stop()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """One that has started from nothing and serves while this module's tests run."""
    local = tmp_path_factory.mktemp("serve") / "local"
    serve = Serve(local).until_ready()
    yield serve
    assert serve.stop() == 0
    assert not (local / "postgres" / "postmaster.pid").exists()


@pytest.fixture
def local(first: Serve, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return next(tmp_path_factory.getbasetemp().glob("serve*")) / "local"


# --- It works ---


@pytest.mark.embedded
def test_it_works(first: Serve) -> None:
    assert first.get("/") == 200
    assert first.get("/admin/login/") == 200


@pytest.mark.embedded
def test_the_first_start_prints_a_password_that_opens_the_admin(first: Serve) -> None:
    (password,) = PASSWORD.findall(first.output)
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    login = f"http://127.0.0.1:{first.port}/admin/login/"
    page = opener.open(login).read().decode()
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    form = {"username": "editor", "password": password, "csrfmiddlewaretoken": token}
    answer = opener.open(login + "?next=/admin/", urllib.parse.urlencode(form).encode())
    assert "/login/" not in answer.url


@pytest.mark.embedded
def test_a_second_one_shares_the_database_and_prints_no_password(first: Serve, local: Path) -> None:
    second = Serve(local).until_ready()
    assert second.get("/admin/login/") == 200
    assert second.stop(signal.SIGTERM) == 0
    assert "password" not in second.output
    assert "Preparing" not in second.output
    assert first.get("/admin/login/") == 200


@pytest.mark.embedded
def test_a_killed_one_leaves_neither_worker_nor_port(first: Serve, local: Path) -> None:
    killed = Serve(local).until_ready()
    killed.process.kill()
    killed.until_end()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            with serving.address_kept("127.0.0.1", killed.port):
                break
        except AddressUnavailable:
            time.sleep(0.05)
    again = Serve(local, "--port", killed.port)
    again.port = killed.port
    assert again.until_ready().get("/admin/login/") == 200
    assert again.stop() == 0


# --- It says what is wrong ---


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = fails(tmp_path, "--port", port)
    assert said == f"Port {port} is taken. Stop what uses it, or choose another with --port.\n"


def test_an_address_of_another_machine(tmp_path: Path) -> None:
    assert "Choose another with --host" in fails(tmp_path, "--host", "192.0.2.1")


def test_of_two_that_take_one_address_the_second_knows_at_once() -> None:
    port = free_port()
    with (
        serving.address_kept("127.0.0.1", port),
        pytest.raises(AddressUnavailable, match=f"Port {port} is taken"),
        serving.address_kept("127.0.0.1", port),
    ):
        raise AssertionError("both have it")


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    url = f"postgresql://reader:s3cret@127.0.0.1:{free_port()}/talks"
    said = fails(tmp_path, DATABASE_URL=url)
    assert "talks at 127.0.0.1:" in said
    assert "Connection refused" in said
    assert "correct DATABASE_URL" in said
    assert "s3cret" not in said


def test_a_host_that_is_nowhere(tmp_path: Path) -> None:
    said = fails(tmp_path, DATABASE_URL="postgresql://reader:s3cret@db.invalid/talks")
    assert "talks at db.invalid does not answer" in said
    assert "s3cret" not in said


@pytest.mark.parametrize("url", ["mysql://reader:s3cret@db/talks", "reader:s3cret@db", "%"])
def test_a_url_that_is_none(tmp_path: Path, url: str) -> None:
    said = fails(tmp_path, DATABASE_URL=url)
    assert "Write it as postgresql://user:password@host:5432/name" in said
    assert "s3cret" not in said


def test_a_folder_that_is_not_ours_to_write(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "can't be used" in fails(tmp_path / "file" / "local")


@pytest.mark.parametrize("option", ["--port=0", "--port=65536", "--port=http", "--port=٣"])
def test_a_port_that_is_none(option: str) -> None:
    parser = Command().create_parser("manage.py", "serve")
    with pytest.raises(CommandError, match="give a number from 1 to 65535"):
        parser.parse_args([option])


@pytest.mark.parametrize("option", ["--workers=0", "--workers=-1", "--workers=many"])
def test_a_number_of_workers_that_is_none(option: str) -> None:
    parser = Command().create_parser("manage.py", "serve")
    with pytest.raises(CommandError, match="give a number from 1 upwards"):
        parser.parse_args([option])


@pytest.mark.embedded
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
@pytest.mark.parametrize("size", ["4k", "20m", "42m"], ids=["at once", "set-up", "migrations"])
def test_a_full_disk(tmp_path: Path, size: str) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        serve = Serve(tmp_path)
        assert serve.until_end() == 1
    finally:
        subprocess.run(["umount", tmp_path], check=True)
    assert "Traceback" not in serve.output
    assert re.search(r"disk .*is full.* Free some space", serve.output.splitlines()[-1])
