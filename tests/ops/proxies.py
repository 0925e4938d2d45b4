"""The proxies of deploy/, run as they are there but for ports, folders and a certificate of the test's."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ops.test_serve import PROJECT, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "readout.example.org"
DEPLOY = PROJECT / "deploy"


class Ports(NamedTuple):
    http: int
    https: int
    readout: int


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str

    def heard(self) -> dict[str, str]:
        """The headers that came through the proxy, in small letters."""
        found: dict[str, str] = json.loads(self.body)
        return found


class _Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(503 if self.path == "/its-own-503/" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def echo(port: int) -> Iterator[None]:
    """In Readout's place: answers with the headers it was sent."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _Echo)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def ask(
    port: int, path: str, host: str = HOST, https: bool = True, **headers: str
) -> Answer | None:
    """One request; None where the proxy hangs up without an answer."""
    context = ssl._create_unverified_context() if https else None  # noqa: S323
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
            wire = context.wrap_socket(raw, server_hostname=host) if context else raw
            client = http.client.HTTPConnection(host)
            client.sock = wire
            named = {"Host": host} | {k.replace("_", "-"): v for k, v in headers.items()}
            client.request("GET", path, headers=named)
            answer = client.getresponse()
            body = answer.read().decode()
            client.close()
            wire.close()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body)
    except (OSError, http.client.HTTPException):
        return None


@contextmanager
def _running(command: list[str], port: int, log: Path) -> Iterator[None]:
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            assert process.poll() is None, log.read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _static(folder: Path) -> None:
    (folder / "static").mkdir()
    (folder / "static" / "a.0123.css").write_text("p { color: red }")


@contextmanager
def nginx(folder: Path, ports: Ports) -> Iterator[None]:
    certificate(folder)
    _static(folder)
    shutil.copy(DEPLOY / "away.html", folder)
    site = (DEPLOY / "nginx.conf").read_text()
    for old, new in (
        ("/etc/letsencrypt/live/readout.example.org", str(folder)),
        ("/var/lib/readout/static/", f"{folder}/static/"),
        ("root /opt/readout/deploy", f"root {folder}"),
        ("127.0.0.1:8000", f"127.0.0.1:{ports.readout}"),
        ("listen [::]:80", f"listen [::1]:{ports.http}"),
        ("listen [::]:443", f"listen [::1]:{ports.https}"),
        ("listen 80", f"listen 127.0.0.1:{ports.http}"),
        ("listen 443", f"listen 127.0.0.1:{ports.https}"),
    ):
        assert old in site
        site = site.replace(old, new)
    (folder / "site.conf").write_text(site)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off;\nuser root;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}include {folder}/site.conf;\n}}\n"
    )
    command = ["nginx", "-c", str(main), "-p", str(folder)]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    with _running(command, ports.https, folder / "nginx.log"):
        yield


@contextmanager
def caddy(folder: Path, ports: Ports) -> Iterator[None]:
    certificate(folder)
    _static(folder)
    shutil.copy(DEPLOY / "away.html", folder)
    site = (DEPLOY / "Caddyfile").read_text()
    for old, new in (
        (f"\n{HOST} {{\n", f"\n{HOST} {{\n\ttls {folder}/fullchain.pem {folder}/privkey.pem\n"),
        ("/var/lib/readout/static", f"{folder}/static"),
        ("root * /opt/readout/deploy", f"root * {folder}"),
        ("127.0.0.1:8000", f"127.0.0.1:{ports.readout}"),
    ):
        assert old in site
        site = site.replace(old, new)
    options = (
        f"{{\n\tadmin off\n\thttp_port {ports.http}\n\thttps_port {ports.https}\n"
        f"\tstorage file_system {folder}/caddy\n\tskip_install_trust\n}}\n"
    )
    (folder / "Caddyfile").write_text(options + site)
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with _running(command, ports.https, folder / "caddy.log"):
        yield


def three_ports() -> Ports:
    return Ports(free_port(), free_port(), free_port())
