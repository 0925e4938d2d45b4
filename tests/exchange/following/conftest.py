"""A mail server on this machine, to which the site really sends."""

from __future__ import annotations

import email
import socket
from email import policy
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from django.core.cache import cache

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from pytest_django.fixtures import SettingsWrapper


class Mailbox:
    """What the mail server took; `refusals` says to whom it answers what instead."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, _: Any
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Controller]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Mailbox(), hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def mailbox(smtp_server: Controller, settings: SettingsWrapper) -> Mailbox:
    box: Mailbox = smtp_server.handler
    box.__init__()  # type: ignore[misc]
    settings.HOSTS = ["readout.example", "other.example"]
    settings.DEFAULT_FROM_EMAIL = "readout@readout.example"
    options = {"host": "127.0.0.1", "port": smtp_server.port, "timeout": 5}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
    return box


@pytest.fixture(autouse=True)
def _nobody_asked_yet(db: None) -> None:
    cache.clear()
