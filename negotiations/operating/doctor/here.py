"""What can be seen on this machine without asking anybody."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks

from negotiations.operating import tracing
from negotiations.operating.checks import unknown
from negotiations.operating.doctor.findings import BROKEN, CONCERN, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST_PYTHON = (3, 12)
LITTLE, TOO_LITTLE = 2 * 2**30, 200 * 2**20  # bytes free


def python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        yield Finding("python", version, BROKEN, "Install Python 3.12 or newer.")
    else:
        yield Finding("python", f"{version}, Django {django.get_version()}")


def names() -> Iterator[Finding]:
    for name, meant in unknown().items():
        likely = f"Did you mean {meant}?" if meant else "Unset it; the head of settings.py has all."
        yield Finding("settings", f"{name} is set and means nothing", CONCERN, likely)


def system_checks() -> Iterator[Finding]:
    """Django's own, for deployment too on a production site. Some of them ask the database."""
    found = [
        each
        for each in checks.run_checks(include_deployment_checks=settings.PRODUCTION)
        if not each.is_silenced() and each.id != "readout.W001"
    ]
    for each in found:
        state = BROKEN if each.is_serious() else CONCERN
        yield Finding("check", f"{each.id}: {each.msg.splitlines()[0]}", state, each.hint or "")
    if not found:
        yield Finding("check", "Django's system check has nothing to say")


def secret_key() -> Iterator[Finding]:
    key = settings.SECRET_KEY
    if len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-"):
        yield Finding(
            "secret key",
            "can be guessed",
            BROKEN if settings.PRODUCTION else CONCERN,
            "Set READOUT_SECRET_KEY to what `python3 -c 'import secrets; "
            "print(secrets.token_urlsafe(50))'` prints.",
        )
    else:
        yield Finding("secret key", f"{len(key)} characters")


def hosts() -> Iterator[Finding]:
    if not settings.PRODUCTION:
        yield Finding("hosts", "none: for this machine only, without HTTPS")
    elif "*" in settings.HOSTS:
        yield Finding(
            "hosts", "* lets anybody say which host this is", BROKEN, "Name them in READOUT_HOSTS."
        )
    else:
        yield Finding("hosts", ", ".join(settings.HOSTS))
    if settings.PRODUCTION and not settings.PROXIED:
        yield Finding(
            "proxy",
            "READOUT_PROXIED is not set, and this server speaks no HTTPS by itself",
            CONCERN,
            "Put a proxy in front (deploy/) and set READOUT_PROXIED=1.",
        )


def static_files() -> Iterator[Finding]:
    """Are those of this version collected? A page whose style is missing fails."""
    manifest = getattr(staticfiles_storage, "hashed_files", None)
    if manifest is None:
        return
    wanted = {path.replace(os.sep, "/") for each in get_finders() for path, _ in each.list([])}
    lacking = sorted(wanted - manifest.keys())
    if lacking:
        yield Finding(
            "static files",
            f"{len(lacking)} of {len(wanted)} are not collected ({lacking[0]} …)",
            BROKEN if settings.PRODUCTION else CONCERN,
            "Run `manage.py collectstatic`; `manage.py serve` does it at its start.",
        )
    else:
        yield Finding("static files", f"{len(wanted)} collected in {settings.STATIC_ROOT}")


def disk() -> Iterator[Finding]:
    for folder in {settings.LOCAL_DIR, settings.DATAPACKAGE.parent}:
        there = folder
        while not there.exists():
            there = there.parent
        free = shutil.disk_usage(there).free
        says = f"{free / 2**30:.1f} GiB free at {there}"
        if not os.access(there, os.W_OK):
            yield Finding(
                "disk", f"{there} can't be written to", BROKEN, "Give it to who runs Readout."
            )
        elif free < TOO_LITTLE:
            yield Finding("disk", says, BROKEN, "Free some space now.")
        elif free < LITTLE:
            yield Finding("disk", says, CONCERN, "Free some space.")
        else:
            yield Finding("disk", says)


def secrets_in_files() -> Iterator[Finding]:
    """The key that is made for local use is nobody else's to read."""
    key = Path(settings.LOCAL_DIR) / "secret-key"
    if key.exists() and key.stat().st_mode & 0o077:
        yield Finding("secret key", f"others can read {key}", BROKEN, f"Run chmod 600 {key}.")


def traces() -> Iterator[Finding]:
    if os.environ.get(tracing.WANTED) and not tracing.installed():
        yield Finding(
            "traces",
            f"{tracing.WANTED} is set and the packages are missing",
            CONCERN,
            "Run `python3 -m uv sync --no-dev --group tracing`.",
        )


LOOKS = (
    *(python, names, secret_key, secrets_in_files, hosts),
    *(static_files, disk, traces),
)
