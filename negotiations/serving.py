"""The web server: it keeps its address, runs the workers, and says when Readout can be read."""

from __future__ import annotations

import errno
import gc
import http.client
import ipaddress
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING, Any

from django.conf import settings
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from negotiations import database, shedding
from negotiations.errors import AddressUnavailable
from negotiations.operating.metrics import of_all_workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 10  # seconds that a worker has to finish what it is doing


@contextmanager
def address_kept(host: str, port: int) -> Iterator[None]:
    """Take the address before all else, so that of two that start at once one knows at once."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        holder = socket.socket(family, kind)
    except (OSError, UnicodeError) as error:
        raise AddressUnavailable(f"{host} is no address. Choose another with --host.") from error
    with holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            holder.bind(address)
            holder.listen()
        except OSError as error:
            raise _refused(host, port, error) from error
        _stay_quietly(holder)
        yield


def _stay_quietly(holder: socket.socket) -> None:
    """Keep the address from others, but let granian's sockets have it, and all visitors."""
    if sys.platform != "linux":
        holder.close()  # elsewhere nothing but the workers' own socket can hold it
        return
    holder.shutdown(socket.SHUT_RDWR)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)


def _refused(host: str, port: int, error: OSError) -> AddressUnavailable:
    if error.errno == errno.EADDRINUSE:
        text = f"Port {port} is taken. Stop what uses it, or choose another with --port."
    elif error.errno in {errno.EACCES, errno.EPERM}:
        text = f"Port {port} is reserved for root. Choose one above 1023 with --port."
    elif error.errno == errno.EADDRNOTAVAIL:
        text = f"{host} is not an address of this machine. Choose another with --host."
    else:
        text = f"{host}:{port} can't be used ({error.strerror}). Choose another with --host."
    return AddressUnavailable(text)


def serve(host: str, port: int, workers: int, tell: Callable[[str], None]) -> None:
    """Serve until Ctrl-C, a termination or a closed terminal."""
    database.let_go()
    # A fork would share the parent's locks and threads; a fresh process has none.
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "negotiations.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        # To look whether it is another protocol takes time for each request.
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=shedding.threads(),
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        # Its warnings are advice on numbers that we chose.
        log_level=LogLevels.error,
    )

    @server.on_startup
    def _() -> None:
        # granian would take a closed terminal as "load the code anew".
        signal.signal(signal.SIGHUP, server.signal_handler_interrupt)
        announce = partial(_announce, host, port, tell)
        threading.Thread(target=announce, daemon=True).start()

    try:
        with of_all_workers():
            server.serve(target_loader=_load_application)
    except SystemExit:
        if not server.interrupt_signal:
            raise
    finally:
        # We are on our way out; another Ctrl-C would only keep us from leaving in good order.
        for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(told, signal.SIG_IGN)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def url(host: str, port: int) -> str:
    """Where a browser on this machine finds it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


# --- In the worker ---


def _load_application(target: str) -> Any:
    """What each worker runs first. The terminal's Ctrl-C is for its parent, who will tell it."""
    os.setsid()
    threading.Thread(target=_die_with_parent, daemon=True).start()

    from django.urls import get_resolver

    from negotiations.wsgi import application

    # What all views are made of stays: to look through it for garbage again and again would take a
    # tenth of the time of a quick answer.
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    Finalize(None, database.let_go, exitpriority=1)
    return application


def _die_with_parent() -> None:
    """A worker whose parent was killed would keep the port, and nobody could stop it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


# --- In the parent ---


def _announce(host: str, port: int, tell: Callable[[str], None]) -> None:
    """Ask for the first page until it comes, then say where it is."""
    while (status := _status_of_first_page(host, port)) is None:
        time.sleep(0.1)
    tell(f"Readout is at {url(host, port)}")
    if status >= http.client.INTERNAL_SERVER_ERROR:
        tell("but its first page fails; the lines above say why.")


def _status_of_first_page(host: str, port: int) -> int | None:
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    client = http.client.HTTPConnection(here, port, timeout=30)
    try:
        client.request("GET", "/", headers={"Host": settings.ALLOWED_HOSTS[0].lstrip(".")})
        return client.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        client.close()
