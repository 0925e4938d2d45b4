"""What this machine must reach: the mail server, and itself by its public name."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING

import urllib3
from django.conf import settings
from django.core.mail import mailers

from negotiations.operating.doctor.findings import BROKEN, CONCERN, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 5.0  # seconds
PAGE = "/robots.txt"


def e_mail() -> Iterator[Finding]:
    """Log in at the mail server and leave again; nothing is sent."""
    if not settings.MAILERS:
        yield Finding("e-mail", "none: READOUT_EMAIL_URL is not set")
        return
    mailer = mailers.default
    try:
        mailer.open()
    except smtplib.SMTPAuthenticationError:
        what = "Correct user and password in READOUT_EMAIL_URL."
        yield Finding("e-mail", "the mail server refuses the log-in", BROKEN, what)
    except (OSError, smtplib.SMTPException) as error:
        says = f"the mail server can't be reached ({type(error).__name__})"
        what = "Start it, or correct host and port in READOUT_EMAIL_URL."
        yield Finding("e-mail", says, BROKEN, what)
    else:
        mailer.close()
        yield Finding("e-mail", "the mail server lets us in")


def public_address() -> Iterator[Finding]:
    if settings.PRODUCTION:
        yield from seen_through_proxy(f"https://{settings.HOSTS[0].lstrip('.')}")


def seen_through_proxy(base: str) -> Iterator[Finding]:
    """Ask as a reader would: does the proxy say that it was asked by HTTPS?"""
    try:
        answer = urllib3.request(
            "GET", base + PAGE, redirect=False, retries=False, timeout=PATIENCE
        )
    except urllib3.exceptions.SSLError:
        what = "Give the proxy a certificate for this name."
        yield Finding("proxy", f"{base} has no certificate that is trusted", BROKEN, what)
        return
    except urllib3.exceptions.HTTPError as error:
        what = "Start Readout and its proxy, or ignore this where it can't ask itself."
        yield Finding("proxy", f"{base} does not answer ({type(error).__name__})", CONCERN, what)
        return
    if answer.status in (301, 302, 307, 308) and answer.headers.get("Location") == base + PAGE:
        yield Finding(
            "proxy",
            f"{base} leads to itself for ever: it does not hear that it was asked by HTTPS",
            BROKEN,
            "Have the proxy set X-Forwarded-Proto (deploy/), and set READOUT_PROXIED=1.",
        )
    elif answer.status == 400:
        yield Finding(
            "proxy",
            f"{base} is refused",
            BROKEN,
            "Have the proxy pass on the Host that the reader named, and add it to READOUT_HOSTS.",
        )
    elif answer.status >= 500:
        says = f"{base} answers {answer.status}"
        yield Finding("proxy", says, BROKEN, "Start Readout; its log says why it fails.")
    else:
        yield Finding("proxy", f"{base} answers {answer.status}")


LOOKS = (e_mail, public_address)
