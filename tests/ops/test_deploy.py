"""deploy/: what it holds is valid, says the same as settings.py, and the proxies do what it says."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import compose_spec
import pytest
import yaml
from dockerfile_parse import DockerfileParser

from negotiations.operating.checks import known
from tests.ops import proxies
from tests.ops.proxies import DEPLOY, HOST, ask, echo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNITS = sorted((DEPLOY / "systemd").iterdir())
IMAGE = DEPLOY / "containers" / "Dockerfile"
COMPOSE = DEPLOY / "containers" / "compose.yaml"
# For the machine that one works at, not for one that serves.
NOT_FOR_SITES = {"READOUT_DEBUG"}


# --- The environment ---


def test_the_environment_file_has_every_setting_and_no_other() -> None:
    named = set(re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "readout.env.example").read_text(), re.M))
    assert {n for n in known() if n.startswith("READOUT_")} - NOT_FOR_SITES <= named
    assert {n for n in named if n.startswith("READOUT_")} <= known()


# --- systemd ---


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text().replace("/opt/readout/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text)
    told = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert str(tmp_path) not in told.stderr


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".service"], ids=lambda u: u.name)
def test_each_unit_may_do_little(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    for line in ("User=readout", "ProtectSystem=strict", "NoNewPrivileges=yes", "PrivateTmp=yes"):
        assert line in lines
    assert "CapabilityBoundingSet=" in lines
    command = next(line for line in lines if line.startswith("ExecStart="))
    assert command.startswith("ExecStart=/opt/readout/.venv/bin/python manage.py ")


# --- The proxies ---


def _only_with(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(program), reason=f"needs {program}")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(proxies.nginx, id="nginx", marks=_only_with("nginx")),
        pytest.param(proxies.caddy, id="caddy", marks=_only_with("caddy")),
    ],
)
def proxy(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[proxies.Ports]:
    folder = tmp_path_factory.mktemp("proxy")
    folder.chmod(0o755)
    ports = proxies.three_ports()
    with request.param(folder, ports):
        yield ports


def test_it_leads_to_https(proxy: proxies.Ports) -> None:
    answer = ask(proxy.http, "/meetings/?page=2", https=False)
    assert answer
    assert answer.status in (301, 308)
    # Caddy names its own port where that is not the usual one.
    assert answer.headers["location"].replace(f":{proxy.https}", "") == (
        f"https://{HOST}/meetings/?page=2"
    )


def test_it_tells_readout_how_it_was_asked_and_by_whom(proxy: proxies.Ports) -> None:
    with echo(proxy.readout):
        answer = ask(
            proxy.https,
            "/",
            X_Forwarded_Proto="http",
            X_Forwarded_For="1.2.3.4",
            X_Forwarded_Host="evil.example",
            X_Request_ID="made-up-by-a-visitor",
        )
    assert answer
    heard = answer.heard()
    assert heard["host"] == HOST
    assert heard["x-forwarded-proto"] == "https"
    assert heard["x-forwarded-for"] == "127.0.0.1"
    assert heard.get("x-forwarded-host") != "evil.example"
    assert heard["x-request-id"] != "made-up-by-a-visitor"
    assert 8 <= len(heard["x-request-id"]) <= 64


def test_a_host_that_is_not_ours_goes_no_further(proxy: proxies.Ports) -> None:
    with echo(proxy.readout):
        answer = ask(proxy.https, "/", host="evil.example")
    assert answer is None or answer.status >= 400


def test_static_files_are_kept_for_long_by_readers(proxy: proxies.Ports) -> None:
    answer = ask(proxy.https, "/static/a.0123.css")
    assert answer
    assert answer.body == "p { color: red }"
    assert "max-age=31536000" in answer.headers["cache-control"]
    assert "immutable" in answer.headers["cache-control"]


def test_while_readout_is_away_it_says_so(proxy: proxies.Ports) -> None:
    answer = ask(proxy.https, "/meetings/")
    assert answer
    assert answer.status == 503
    assert "away for a moment" in answer.body
    assert answer.headers["retry-after"] == "30"
    assert answer.headers["cache-control"] == "no-store"


def test_readouts_own_503_is_passed_on(proxy: proxies.Ports) -> None:
    with echo(proxy.readout):
        answer = ask(proxy.https, "/its-own-503/")
    assert answer
    assert answer.status == 503
    assert "host" in answer.heard()


@pytest.mark.parametrize("path", ["/metrics", "/health/ready"])
def test_what_is_for_operators_is_not_for_the_public(proxy: proxies.Ports, path: str) -> None:
    with echo(proxy.readout):
        answer = ask(proxy.https, path)
    assert answer
    assert answer.status == 404


# --- Containers ---


def test_hadolint_has_nothing_to_say_of_the_image() -> None:
    linter = shutil.which("hadolint", path=str(DEPLOY.parent / ".venv" / "bin"))
    if not linter:
        pytest.skip("needs hadolint")
    told = subprocess.run([linter, IMAGE], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_the_image_runs_without_root_checks_itself_and_has_fixed_versions() -> None:
    steps = DockerfileParser(fileobj=io.BytesIO(IMAGE.read_bytes())).structure
    last = {step["instruction"]: step["value"] for step in steps}
    assert last["USER"] == "10001:10001"
    assert "/health/live" in last["HEALTHCHECK"]
    for step in steps:
        if step["instruction"] == "FROM":
            assert re.search(r":\d+\.\d+\.\d+", step["value"]), step["value"]


def test_the_compose_file_is_one() -> None:
    text = COMPOSE.read_text()
    assert compose_spec.PyCompose.from_json(json.dumps(yaml.safe_load(text))).service_names()
    services = yaml.safe_load(text)["services"]
    assert {"db", "replica", "cache", "web", "worker", "proxy"} <= services.keys()
    for name in ("web", "worker"):
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]
    published = [name for name, each in services.items() if "ports" in each]
    assert published == ["proxy"]


def test_each_secret_of_the_compose_file_is_asked_for() -> None:
    named = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE.read_text()))
    example = (DEPLOY / "containers" / "containers.env.example").read_text()
    assert named == set(re.findall(r"^([A-Z_]+)=", example, re.M))
